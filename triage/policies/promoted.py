"""What is kept of a policy that was promoted: its cut-offs, its evidence, and who answers for it?"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from triage.bundle import Bundle
from triage.bundle.signing import check_signature, signature_path
from triage.cutoffs import Cutoffs
from triage.cutoffs.schema import Governance
from triage.errors import PolicyError

_FORMAT = 1


@dataclass(frozen=True)
class Record:
    """What stands beside a promoted cut-offs file, and never changes.

    Attributes:
        version, sha256: of the cut-offs file.
        by, why, at: who promoted it, why, and when (UTC).
        trade_off: what was accepted in writing where a gap between groups widens; empty where none does.
        source: where the candidate came from: an MLflow run, or a folder.
        governance_from: the version whose part `governance` was used again; empty where one was given.
        demonstration: True where it is for trying the tool out.
        signed: True where it was signed.
        evidence: `evidence.json` of the candidate.
    """

    version: str
    sha256: str
    by: str
    why: str
    at: str
    trade_off: str
    source: str
    governance_from: str
    demonstration: bool
    signed: bool
    evidence: Mapping[str, Any]

    @property
    def text(self) -> str:
        """As it is written."""
        return json.dumps({"format": _FORMAT, **asdict(self)}, ensure_ascii=False, indent=1) + "\n"


@dataclass(frozen=True)
class Promoted:
    """A policy that was promoted.

    Attributes:
        cutoffs: its cut-offs.
        record: what is kept about it.
        path: its cut-offs file.
        by, since: who put it in force last, and when (UTC); empty for one that is not in force.
    """

    cutoffs: Cutoffs
    record: Record
    path: Path
    by: str = ""
    since: str = ""

    @property
    def version(self) -> str:
        """The version of its cut-offs, for instance "pace-start-2026-11-22.1"."""
        return self.cutoffs.version

    @property
    def sha256(self) -> str:
        """SHA-256 of its cut-offs file, in hexadecimal."""
        return self.cutoffs.digest

    @property
    def governance(self) -> Governance:
        """Who approved it, and when it is looked at again."""
        return self.cutoffs.file.governance or Governance()

    def is_about(self, bundle: Bundle) -> bool:
        """True where its evidence is about exactly this model."""
        return bool(self.record.evidence["model"]["manifest_sha256"] == bundle.manifest_sha256)

    def in_force(self, by: str, since: str) -> Promoted:
        """The same, put in force by `by` at `since`."""
        return replace(self, by=by, since=since)


def cutoffs_path(folder: Path, version: str) -> Path:
    """Where the cut-offs file of a version stands."""
    return folder / f"{version}.yaml"


def record_path(folder: Path, version: str) -> Path:
    """Where the record of a version stands."""
    return folder / f"{version}.json"


def read_promoted(folder: Path, version: str, sha256: str, public_key: Path | None) -> Promoted:
    """The policy of this version in `folder`, checked.

    Args:
        folder: the folder of policies.
        version: of the cut-offs file.
        sha256: what its digest was when it was promoted.
        public_key: both files must then be signed with its private key.

    Raises:
        PolicyError: a file is missing, or is not the one that was promoted.
        BundleError: a public key is given, and a signature is missing or wrong.
        CutoffsError: the cut-offs file cannot be used.
    """
    path, beside = cutoffs_path(folder, version), record_path(folder, version)
    for file in (path, beside):
        if not file.is_file():
            raise PolicyError(f"The policy {version} has no {file.name} in {folder}. Bring it back from a backup.")
    if public_key is not None:
        check_signature(beside, public_key)
    cutoffs, record = Cutoffs.load(path, public_key=public_key), _record(beside)
    if cutoffs.digest != sha256 or record.sha256 != sha256 or not cutoffs.version == record.version == version:
        raise PolicyError(
            f"{path.name} is not the file that was promoted as {version}: it was changed. Bring it back from a backup."
        )
    return Promoted(cutoffs, record, path)


def signatures(folder: Path, version: str) -> tuple[Path, Path]:
    """Where the signatures of a version stand: of the cut-offs file, and of the record."""
    return signature_path(cutoffs_path(folder, version)), signature_path(record_path(folder, version))


def _record(path: Path) -> Record:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data.pop("format") != _FORMAT or not isinstance(data["evidence"], dict):
            raise ValueError
        return Record(**data)
    except (OSError, AttributeError, KeyError, TypeError, ValueError, RecursionError):
        raise PolicyError(f"{path} is damaged. Bring it back from a backup.") from None
