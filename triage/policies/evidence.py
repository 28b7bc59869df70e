"""What does a candidate policy rest on, and is it still what `tune` wrote?

A candidate is two files: `cutoffs.yaml`, the text that a promotion signs, and `evidence.json`, what is known of its
consequences and of whom it was worked out on. The second bears a digest over all that it says, the text of the first
included.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from triage.errors import PolicyError

#: The two files of a candidate, in a folder or among the artifacts of its run.
CUTOFFS, EVIDENCE = "cutoffs.yaml", "evidence.json"
#: Raise when a reader of the old format would misread the new one.
FORMAT = 1
_DIGEST = "digest"
_MAX_BYTES = 5_000_000
_AGAIN = "Run 'ltu-triage tune' again, and promote what it writes."
#: What a promotion needs to know, and of which kind it is.
_NEEDED: Mapping[tuple[str, ...], type] = {
    ("simulated",): bool,
    ("checklist",): str,
    ("in_force_version",): str,
    ("in_force_digest",): str,
    ("model", "id"): str,
    ("model", "manifest_sha256"): str,
    ("people", "rows"): int,
    ("people", "cases"): int,
    ("scores", "how"): str,
    ("scores", "why"): str,
    ("scores", "asserted_by"): str,
    ("policy", "id"): str,
    ("policy", "name"): str,
    ("policy", "bands"): list,
    ("policy", "widened"): list,
    ("policy", "blocked"): list,
    ("policy", "cutoffs_file"): str,
}


@dataclass(frozen=True)
class Evidence:
    """What `tune` found out about one candidate, as it wrote it.

    Attributes:
        data: the whole of `evidence.json`.
    """

    data: Mapping[str, Any]

    @classmethod
    def load(cls, folder: Path) -> Evidence:
        """The evidence of the candidate in `folder`.

        Raises:
            PolicyError: a file is missing or cannot be read, or one of them was changed after `tune` wrote it.
        """
        found = cls.of(_read(folder / EVIDENCE), EVIDENCE)
        if _read(folder / CUTOFFS) != found.cutoffs_file:
            raise PolicyError(f"{CUTOFFS} is not the file that the evidence speaks of: it was changed. {_AGAIN}")
        return found

    @classmethod
    def of(cls, text: str, name: str) -> Evidence:
        """The evidence in the JSON text `text`, called `name` in messages.

        Raises:
            PolicyError: it is no evidence, or it was changed after `tune` wrote it.
        """
        try:
            data = json.loads(text)
        except (ValueError, RecursionError):
            raise PolicyError(f"{name} is damaged (it is not JSON). {_AGAIN}") from None
        if not isinstance(data, dict) or data.get("format") != FORMAT:
            raise PolicyError(f"{name} is no evidence of a candidate in the format {FORMAT}. {_AGAIN}")
        if data.get(_DIGEST) != _digest(data):
            raise PolicyError(f"{name} was changed after 'ltu-triage tune' wrote it. {_AGAIN}")
        missing = [".".join(path) for path, kind in _NEEDED.items() if not isinstance(_at(data, path), kind)]
        if missing:
            raise PolicyError(f"{name} does not say {', '.join(missing)}. {_AGAIN}")
        return cls(data)

    @property
    def digest(self) -> str:
        """SHA-256 over all that it says, in hexadecimal."""
        return str(self.data[_DIGEST])

    @property
    def policy(self) -> Mapping[str, Any]:
        """The candidate's own entry: its bands, gaps, and what speaks against it."""
        found: Mapping[str, Any] = self.data["policy"]
        return found

    @property
    def cutoffs_file(self) -> str:
        """The text of the cut-offs file, without the part `governance`."""
        return str(self.policy["cutoffs_file"])

    @property
    def compared_with(self) -> str:
        """The version of the cut-offs in force that it was compared with."""
        return str(self.data["in_force_version"])

    @property
    def compared_rules(self) -> str:
        """The digest of the rules of those cut-offs, as `Cutoffs.rules_digest` is."""
        return str(self.data["in_force_digest"])

    @property
    def simulated(self) -> bool:
        """True where nobody of the people exists."""
        return bool(self.data["simulated"])

    @property
    def run(self) -> str:
        """The id of its run on MLflow; empty where there is none."""
        return str(self.policy.get("run") or "")


def sealed(data: Mapping[str, Any]) -> dict[str, Any]:
    """What `evidence.json` says, with the digest over it.

    Args:
        data: "format", "simulated", "model", "checklist", "people", "scores", "settings", "in_force_version" and
            "in_force_digest" (of the cut-offs that it was compared with), and under "policy" the candidate's entry.
    """
    return {**data, _DIGEST: _digest(data)}


def _digest(data: Mapping[str, Any]) -> str:
    plain = {name: value for name, value in data.items() if name != _DIGEST}
    text = json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _at(data: Any, path: tuple[str, ...]) -> Any:
    for step in path:
        data = data.get(step) if isinstance(data, dict) else None
    return data


def _read(path: Path) -> str:
    """A text file as it is, to the byte."""
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise PolicyError(f"{path} is larger than {_MAX_BYTES:,} bytes. It is not the file that is meant here.")
        return path.read_bytes().decode()
    except FileNotFoundError:
        raise PolicyError(
            f"There is no {path.name} in {path.parent}. Name a candidate that 'ltu-triage tune' wrote."
        ) from None
    except (OSError, UnicodeDecodeError):
        raise PolicyError(f"{path} cannot be read. {_AGAIN}") from None
