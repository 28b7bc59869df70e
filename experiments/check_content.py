"""Check every content file that ships in full, and keep its data for a quick start: `make content`.

Loading takes a file's data from `models/checked.json` where its digest is there (see `triage/schema.py`). A file that
was edited since is read and checked in full each time it is loaded, until this runs again.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Any

from triage.bundle.manifest import MANIFEST, Manifest
from triage.casework.equality_questions import EqualityQuestions
from triage.checklist.schema import ChecklistFile
from triage.checklist.services import Services
from triage.checklist.wording import Wording
from triage.content import content_root
from triage.cutoffs import CutoffsFile
from triage.decisions.reasons import ReasonCodes
from triage.errors import ContentError
from triage.features.schema import FeaturesFile
from triage.features.synonyms import Synonyms
from triage.monitoring.rules import Rules
from triage.outcomes.kinds import OutcomeKinds
from triage.records.periods import Periods
from triage.schema import construct, validate
from triage.yamlfile import parse_yaml, read_text

FILES: dict[str, type[Any]] = {
    "checklist/checklist.yaml": ChecklistFile,
    "checklist/services.yaml": Services,
    "checklist/wording.yaml": Wording,
    "checklist/decisions.yaml": ReasonCodes,
    "checklist/outcomes.yaml": OutcomeKinds,
    "checklist/retention.yaml": Periods,
    "checklist/equality.yaml": EqualityQuestions,
    "checklist/monitoring.yaml": Rules,
    "features/features.yaml": FeaturesFile,
    "features/synonyms.yaml": Synonyms,
    "models/cutoffs/default.yaml": CutoffsFile,
    f"models/evidence-2026.1/{MANIFEST}": Manifest,
}
TARGET = "models/checked.json"


def checked_text(root: Path) -> str:
    """The text of `models/checked.json` for the content under `root`.

    Raises:
        UserError: a file has faults, or is not put together the same with and without its check.
    """
    found = {name: _entry(root / name, kind) for name, kind in FILES.items()}
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")).replace('"},"', '"},\n"') + "\n"


def _entry(path: Path, kind: type[Any]) -> dict[str, Any]:
    text = read_text(path, ContentError)
    data = json.loads(text) if path.suffix == ".json" else parse_yaml(text, path, ContentError)
    plain = json.loads(json.dumps(data, default=_iso))
    if construct(kind, plain) != validate(kind, data):
        raise ContentError(f"{path.name} is not put together the same with and without its check.")
    return {"kind": kind.__name__, "sha256": hashlib.sha256(text.encode()).hexdigest(), "data": plain}


def _iso(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot be kept as JSON")


def main() -> None:
    """Write the file."""
    root = content_root()
    (root / TARGET).write_text(checked_text(root), encoding="utf-8", newline="\n")
    print(f"Checked {len(FILES)} files and wrote {TARGET}.")


if __name__ == "__main__":
    main()
