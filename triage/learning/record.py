"""How was a model learned: from which file, with which settings, by which software?

It stands beside the bundle with the record of whom the model has seen, so that a learning can be put on a tracking
server later, as it was.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from triage.errors import OutcomesError
from triage.outcomes.seen import DAMAGED, FORMAT, read_record, write_private
from triage.tracking.data import DataFile

RECORD = "learning.json"


@dataclass(frozen=True)
class LearningRecord:
    """How a model was learned.

    Attributes:
        model: its id.
        manifest_sha256: of the bundle's manifest, in hexadecimal.
        data: the file of outcomes.
        parameters: what was asked for, by name.
        software: versions by name.
    """

    model: str
    manifest_sha256: str
    data: DataFile
    parameters: Mapping[str, str]
    software: Mapping[str, str]

    def save(self, folder: Path) -> None:
        """Write `learning.json` into `folder`.

        Raises:
            UsageError: it is there already, or cannot be written.
        """
        data = {"format": FORMAT, "simulated": self.data.simulated, **asdict(self)}
        write_private(folder, RECORD, json.dumps(data, indent=1) + "\n")

    @classmethod
    def load(cls, folder: Path) -> LearningRecord:
        """The record in `folder`.

        Raises:
            OutcomesError: there is none, or it cannot be read.
        """
        data = read_record(folder / RECORD)
        try:
            file, digest = DataFile(**data["data"]), str(data["manifest_sha256"])
            return cls(str(data["model"]), digest, file, _texts(data, "parameters"), _texts(data, "software"))
        except (KeyError, TypeError, ValueError):
            raise OutcomesError(f"{folder / RECORD} {DAMAGED}") from None


def _texts(data: Mapping[str, Any], name: str) -> dict[str, str]:
    return {str(key): str(value) for key, value in dict(data[name]).items()}
