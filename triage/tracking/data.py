"""Which data did a run use? The name, the digest and the size of a file; never what stands in it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from triage.errors import OutcomesError
from triage.outcomes import Outcomes
from triage.tracking.client import Run

#: The tag of a run that holds the whole digest of its data.
DATA_TAG = "ltu.data.sha256"


@dataclass(frozen=True)
class DataFile:
    """A file of outcomes as a run tells of it.

    Attributes:
        name: of the file, without its folder.
        sha256: of its bytes, in hexadecimal.
        rows, clients: how many of them could be used.
        first, last: the days on which the first and the last job ended; "" where the file does not say.
        simulated: True where nobody in it exists.
    """

    name: str
    sha256: str
    rows: int
    clients: int
    first: str
    last: str
    simulated: bool

    @classmethod
    def of(cls, path: Path, outcomes: Outcomes) -> DataFile:
        """The file at `path`, from which these outcomes were read.

        Raises:
            OutcomesError: it cannot be read any more.
        """
        days = outcomes.date[~np.isnat(outcomes.date)]
        first, last = (str(days.min()), str(days.max())) if len(days) else ("", "")
        clients = len(np.unique(outcomes.client.astype(str)))
        return cls(path.name, file_digest(path), len(outcomes), clients, first, last, outcomes.simulated)

    def keep(self, run: Run, context: str) -> None:
        """Name the file among the data of a run; `context` as in `Run.data`."""
        source = "a file of simulated people" if self.simulated else "a file of outcomes"
        profile = {"num_rows": self.rows, "clients": self.clients, "first": self.first, "last": self.last}
        run.data(self.name, self.sha256, context, source, profile)
        # MLflow keeps the beginning of a digest with the data; the tag holds all of it.
        run.tags({DATA_TAG: self.sha256})


def file_digest(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal.

    Raises:
        OutcomesError: it cannot be read.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as problem:
        raise OutcomesError(f"{path} cannot be read: {problem.strerror}.") from None
