"""Which people has a model seen? Keyed digests that know them again and name nobody.

They stand beside a learned model and never in its bundle. A digest is useless without the key, which is drawn anew for
each learning. Key and digests together tell whether a given id was among those learned from: so they are pseudonymous
personal data, and are kept as the outcomes are.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import compress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triage.bundle import Bundle
from triage.errors import OutcomesError, UsageError
from triage.features import fold
from triage.outcomes.alike import codes_of
from triage.outcomes.copied import answers, copies, givers, many_answers
from triage.outcomes.outcomes import Outcomes

FORMAT = 1
SEEN = "seen.json"
ABOUT = (
    "Keyed digests of the people that this model learned from. They name nobody, but with the key in this file they"
    " tell whether a given client is among them: pseudonymous personal data. Keep this file with the outcomes, and"
    " never with the bundle."
)
_KEY_BYTES = 32
#: Said of a file of a training record after its path.
DAMAGED = "is damaged. Get it again from where the model was learned, or from the run of its learning."
#: Equal rows of different clients are copies where there are more of them than so many times what chance gives.
_CHANCE_TIMES = 3.0


def training_folder(bundle: Path) -> Path:
    """The folder of a model's training record: beside its bundle, never in it.

    Raises:
        UsageError: nothing can stand beside `bundle`.
    """
    # "." and ".." name no folder by themselves.
    found = bundle if bundle.name not in ("", "..") else bundle.resolve()
    if not found.name:
        raise UsageError(f"{bundle} is no folder of a model: a training record stands beside it. Name another folder.")
    return found.with_name(f"{found.name}.training")


@dataclass(frozen=True)
class Overlap:
    """What of some outcomes a model has seen already.

    Attributes:
        clients: how many of their clients it learned from, whatever stands in the rows.
        rows: how many rows of other clients repeat a row that it learned from: one person under two ids. They are
            equal in every answer, the weeks, the outcome and the day, or in many answers whatever the rest. 0 where
            chance may give about as many.
    """

    clients: int
    rows: int


@dataclass(frozen=True, eq=False)
class Seen:
    """The people that a model learned from.

    Attributes:
        model: the id of the model.
        manifest_sha256: of its bundle's manifest, in hexadecimal: models of one id are told apart.
        key: 32 random bytes, other ones for each learning.
        clients: keyed digests of their ids, spelled alike however they were written.
        rows: keyed digests of what stands in their rows beside the id.
        answers: how many of them gave the same answers, by the keyed digest of the answers; of rows with many.
        simulated: True where none of them exists.
    """

    model: str
    manifest_sha256: str
    key: bytes = field(repr=False)
    clients: frozenset[str] = field(repr=False)
    rows: frozenset[str] = field(repr=False)
    answers: Mapping[str, int] = field(repr=False)
    simulated: bool = False

    @classmethod
    def of(cls, outcomes: Outcomes, bundle: Bundle) -> Seen:
        """A record, with a new key, that the model in `bundle` learned from these outcomes."""
        key, ids, many = secrets.token_bytes(_KEY_BYTES), folded_clients(outcomes), many_answers(outcomes)
        given = [keyed(key, said) for said in answers(outcomes)]
        return cls(
            bundle.version,
            bundle.manifest_sha256,
            key,
            frozenset(keyed(key, client) for client in ids),
            frozenset(keyed(key, row) for row in contents(outcomes)),
            givers(compress(ids, many), compress(given, many)),
            outcomes.simulated,
        )

    def is_of(self, bundle: Bundle) -> bool:
        """True where this is the record of that very model, and not of another one of the same name."""
        return self.manifest_sha256 == bundle.manifest_sha256

    def overlap(self, outcomes: Outcomes) -> Overlap:
        """What of these outcomes the model has seen, in whatever order, spelling or number of copies they come."""
        own = [keyed(self.key, client) for client in folded_clients(outcomes)]
        known = np.array([client in self.clients for client in own], dtype=bool)
        alike = np.array([keyed(self.key, row) in self.rows for row in contents(outcomes)], dtype=bool)
        alike &= ~known
        chance = np.count_nonzero(~known) * len(self.rows) * chance_of_equal_rows(outcomes)
        if np.count_nonzero(alike) <= _CHANCE_TIMES * chance + 4 * np.sqrt(chance):
            alike[:] = False
        alike |= self._repeated(outcomes, ~known)
        return Overlap(len({client for client in own if client in self.clients}), int(np.count_nonzero(alike)))

    def _repeated(self, outcomes: Outcomes, others: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """[n] which rows of `others` repeat many answers that the model learned from, whatever else stands there."""
        asked = others & many_answers(outcomes)
        found = outcomes.take(np.flatnonzero(asked))
        told = np.zeros(len(asked), dtype=bool)
        told[asked] = copies(self.answers, folded_clients(found), [keyed(self.key, said) for said in answers(found)])
        return told

    def save(self, folder: Path) -> None:
        """Write `seen.json` into `folder`, which nobody but its owner can open.

        Raises:
            UsageError: it is there already, or cannot be written.
        """
        data = {
            "format": FORMAT,
            "about": ABOUT,
            "model": self.model,
            "manifest_sha256": self.manifest_sha256,
            "simulated": self.simulated,
            "key": self.key.hex(),
            "clients": sorted(self.clients),
            "rows": sorted(self.rows),
            "answers": dict(sorted(self.answers.items())),
        }
        write_private(folder, SEEN, json.dumps(data, indent=1) + "\n")

    @classmethod
    def load(cls, folder: Path) -> Seen:
        """The record in `folder`.

        Raises:
            OutcomesError: there is none, or it cannot be read.
        """
        data = read_record(folder / SEEN)
        if "manifest_sha256" not in data:
            raise OutcomesError(
                f"{folder / SEEN} does not say which model it belongs to: it has no manifest_sha256. Get the training"
                " record again from where the model was learned, or learn the model again."
            )
        try:
            clients, rows = (frozenset(map(_digest_of, data[name])) for name in ("clients", "rows"))
            key = bytes.fromhex(data["key"])
            if len(key) != _KEY_BYTES:
                raise ValueError("the key")
            shared = {_digest_of(said): _count_of(number) for said, number in data["answers"].items()}
            simulated, manifest = bool(data.get("simulated", False)), _digest_of(data["manifest_sha256"])
            return cls(str(data["model"]), manifest, key, clients, rows, shared, simulated)
        except (AttributeError, KeyError, TypeError, ValueError):
            raise OutcomesError(f"{folder / SEEN} {DAMAGED}") from None


def folded_clients(outcomes: Outcomes) -> list[bytes]:
    """[n] the clients' ids, spelled alike where case, accents or signs alone differ."""
    return [fold(str(client)).encode() for client in outcomes.client.tolist()]


def contents(outcomes: Outcomes) -> list[bytes]:
    """[n] what stands in each row beside the id: answers, weeks, outcome and day. Equal rows have equal bytes.

    Weights, groups and notes are left out: a copy may come without them.
    """
    days = outcomes.date.astype("datetime64[D]").astype("<i8")
    columns = ((outcomes.weeks + 0.0).astype("<f8")[:, None], days[:, None])
    table = np.hstack([np.ascontiguousarray(column).view(np.uint8) for column in columns])
    rows = zip(answers(outcomes), table, outcomes.kind.tolist(), strict=True)
    return [said + row.tobytes() + str(kind).encode() for said, row, kind in rows]


def chance_of_equal_rows(outcomes: Outcomes) -> float:
    """How likely two rows are equal where answers and what became of people have nothing to do with each other."""
    answers = codes_of(outcomes.inputs, outcomes.states)
    spell = codes_of(outcomes.weeks, outcomes.place, outcomes.date.astype("datetime64[D]").astype(np.int64))
    return _alike(answers) * _alike(spell)


def keyed(key: bytes, content: bytes) -> str:
    """The keyed digest (HMAC-SHA256) of `content`, in hexadecimal."""
    return hmac.digest(key, content, hashlib.sha256).hex()


def write_private(folder: Path, name: str, text: str) -> None:
    """Write a new file into `folder`, both readable by their owner alone; the folder is made where there is none.

    Raises:
        UsageError: the file is there already, or cannot be written.
    """
    path = folder / name
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise UsageError(f"{path} is there already. A training record is never written over.") from None
    except OSError as problem:
        raise UsageError(f"{path} cannot be written: {problem.strerror}.") from None


def read_record(path: Path) -> dict[str, Any]:
    """A JSON file of a training record.

    Raises:
        OutcomesError: it is not there, cannot be read, or has a format that this version does not know.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise OutcomesError(f"{path.parent} is no training record: it has no {path.name}.") from None
    except OSError as problem:
        raise OutcomesError(f"{path} cannot be read: {problem.strerror}.") from None
    except (ValueError, RecursionError):
        raise OutcomesError(f"{path} {DAMAGED}") from None
    if not isinstance(data, dict):
        raise OutcomesError(f"{path} {DAMAGED}")
    if data.get("format") != FORMAT:
        raise OutcomesError(f"{path} has another format than {FORMAT}, which this version reads. Upgrade.")
    return data


def _digest_of(text: Any) -> str:
    if not isinstance(text, str) or len(bytes.fromhex(text)) != hashlib.sha256().digest_size:
        raise ValueError("a digest")
    return text


def _count_of(number: Any) -> int:
    if type(number) is not int or number < 1:
        raise ValueError("a number of clients")
    return number


def _alike(codes: NDArray[np.int64]) -> float:
    """The share of all pairs of rows that have equal codes."""
    _, sizes = np.unique(codes, return_counts=True)
    pairs = len(codes) * (len(codes) - 1) / 2
    return float((sizes * (sizes - 1.0) / 2).sum()) / pairs if pairs else 0.0
