"""Which band of support does a score propose, and which others does its range reach?"""

from __future__ import annotations

import hashlib
import json
import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from triage.bundle import Bundle
from triage.bundle.signing import check_signature
from triage.checklist import Checklist
from triage.content import content_root
from triage.cutoffs.schema import Band, CutoffsFile, LevelRule
from triage.errors import CutoffsError
from triage.faults import Fault, did_you_mean
from triage.numbers import logit, to_unit
from triage.schema import as_data
from triage.yamlfile import count, read_yaml


@dataclass(frozen=True)
class Cutoffs:
    """A cut-offs file, read and checked. `at(bundle)` gives its cut-off points for one model.

    Attributes:
        file: what it says.
        digest: SHA-256 of the file, in hexadecimal.
    """

    file: CutoffsFile
    digest: str

    @classmethod
    def load(cls, path: str | Path | None = None, *, public_key: str | Path | None = None) -> Cutoffs:
        """The cut-offs in the YAML file at `path` (the shipped ones where None).

        Raises:
            CutoffsError: the file has faults; all are named with their line.
            BundleError: a public key is given, and the file's signature is missing or wrong.
        """
        place = Path(path) if path is not None else content_root() / "models" / "cutoffs" / "default.yaml"
        if public_key is not None:
            check_signature(place, Path(public_key))
        file = read_yaml(place, CutoffsFile, CutoffsError, trusted=public_key is None)
        return cls(file, hashlib.sha256(place.read_bytes()).hexdigest())

    @property
    def version(self) -> str:
        """Id and version in one word, for instance "pace-start-2026.1"."""
        return f"{self.file.id}-{self.file.version}"

    @cached_property
    def rules_digest(self) -> str:
        """SHA-256 over what is proposed to whom: all that the file says, but for `governance`.

        Two files of one version are told apart by it. It stays the same when who answers for a file is written in.
        """
        said = {name: value for name, value in as_data(self.file).items() if name != "governance"}
        text = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain)
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def bands(self) -> tuple[Band, ...]:
        """The bands, from the standard one up."""
        return self.file.bands

    @property
    def has_capacity(self) -> bool:
        """True if a rule shares out the places of one list."""
        return any(band.rule is not None and band.rule.capacity is not None for band in self.bands)

    def band(self, band_id: str) -> Band:
        """The band with this id.

        Raises:
            CutoffsError: there is no such band.
        """
        for band in self.bands:
            if band.id == band_id:
                return band
        ids = [band.id for band in self.bands]
        raise CutoffsError(
            f"The cut-offs {self.version} have no band '{band_id}'. {did_you_mean(band_id, ids)}".strip()
        )

    def check_fits(self, checklist: Checklist) -> None:
        """Refuse cut-offs that were written for another checklist.

        Raises:
            CutoffsError: the checklist's id or a question differs; all faults are named.
        """
        faults: list[Fault] = []
        if self.file.checklist != checklist.id:
            what = f"they are written for the checklist '{self.file.checklist}', not '{checklist.id}'."
            faults.append(Fault(self.version, what))
        enough = self.file.enough_answers
        for name in enough.questions:
            if name not in checklist.by_id:
                hint = did_you_mean(name, checklist.by_id)
                faults.append(Fault(f"{self.version}, enough_answers", f"there is no question '{name}'.", hint))
        if enough.at_least > len(set(enough.questions) or checklist.questions):
            faults.append(
                Fault(f"{self.version}, enough_answers", "it asks for more answers than there are questions.")
            )
        if faults:
            raise CutoffsError(f"The cut-offs {self.version} cannot be used: {count(faults)}.", faults)

    def at(self, bundle: Bundle) -> CutPoints:
        """The cut-off points for the scores of `bundle`.

        Raises:
            CutoffsError: for this model a band would be easier to reach than the one below it.
        """
        edges = tuple(level_logit(band.rule.level, bundle) for band in self.bands[1:] if band.rule is not None)
        floors = tuple(
            level_logit(self.file.national_floor[band.id], bundle) if band.id in self.file.national_floor else math.inf
            for band in self.bands[1:]
        )
        # Whom no local capacity may push out of a band reaches it as a single client too.
        edges = tuple(
            min(edge, floor) if band.rule is not None and band.rule.capacity is not None else edge
            for band, edge, floor in zip(self.bands[1:], edges, floors, strict=True)
        )
        faults = [
            Fault(
                f"{self.version}, '{band.id}'",
                f"with the model {bundle.version} it is easier to reach than the band below.",
            )
            for band, below, edge in zip(self.bands[2:], edges[:-1], edges[1:], strict=True)
            if edge < below
        ]
        if faults:
            raise CutoffsError(f"The cut-offs {self.version} cannot be used: {count(faults)}.", faults)
        return CutPoints(tuple(band.id for band in self.bands), edges, floors)


@dataclass(frozen=True)
class CutPoints:
    """Cut-off points on the log-odds scale.

    Attributes:
        ids: the bands, from the standard one up.
        edges: the smallest log-odds of each band after the first, ascending; inclusive.
        floors: log-odds from which nobody can be pushed out of that band by a local capacity; inf for none.
    """

    ids: tuple[str, ...]
    edges: tuple[float, ...]
    floors: tuple[float, ...]

    def place(self, band_logit: float) -> int:
        """The place of the band (0 is the standard one) for log-odds that decide on bands."""
        return bisect_right(self.edges, band_logit)

    def places(self, band_logits: NDArray[np.float64]) -> NDArray[np.intp]:
        """The places of the bands for an array of log-odds."""
        return np.searchsorted(np.array(self.edges), band_logits, side="right")

    def reached(self, lower: float, upper: float) -> tuple[str, ...]:
        """Every band that the range from `lower` to `upper` touches, from the lowest up."""
        return self.ids[self.place(lower) : self.place(upper) + 1]


def cutoffs_for(checklist: str | Path | None, given: str | Path | None) -> Path | None:
    """Which file of cut-offs goes with a checklist.

    Args:
        checklist: the folder of an organisation's own checklist; None for the shipped one.
        given: the file that was asked for.

    Returns:
        The file asked for, else `cutoffs.yaml` in the folder; None where there is none, and for the shipped ones.
    """
    if given is not None:
        return Path(given)
    beside = None if checklist is None else Path(checklist) / "cutoffs.yaml"
    return beside if beside is not None and beside.is_file() else None


def level_logit(rule: LevelRule, bundle: Bundle) -> float:
    """The smallest log-odds that reach a rule's level, on the grid of released values."""
    if rule.probability is not None:
        return to_unit(logit(rule.probability))
    assert rule.share is not None
    return bundle.reference.top(rule.share)


def _plain(number: Decimal) -> str:
    """A number in one spelling, however the file spells it."""
    return f"{number.normalize():f}"


def names(cutoffs: Cutoffs, band_ids: Sequence[str]) -> str:
    """The names of some bands for a sentence."""
    return " or ".join(f'"{cutoffs.band(band_id).name}"' for band_id in band_ids)
