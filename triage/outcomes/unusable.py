"""How are the rows that could not be used handed back, so that somebody can mend them?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from triage.errors import OutcomesError
from triage.lists.safety import neutralise
from triage.outcomes.identities import without_identities
from triage.outcomes.problems import Unusable

#: Tells spreadsheet programs that a CSV is UTF-8.
MARK = b"\xef\xbb\xbf"


def write_unusable(path: Path, unusable: Sequence[Unusable]) -> None:
    """Write rows that could not be used as CSV: row, client, reason. Nothing in it can run as a formula, and no id
    in it says who somebody is, as far as that can be seen.

    Raises:
        OutcomesError: the file cannot be written.
    """
    cells = {
        "row": [item.row for item in unusable],
        "client": [item.client for item in unusable],
        "reason": [item.reason for item in unusable],
    }
    frame = pl.DataFrame(cells, schema={"row": pl.Int64, "client": pl.String, "reason": pl.String})
    frame = frame.with_columns(neutralise(without_identities(pl.col("client"))))
    try:
        path.write_bytes(MARK + frame.write_csv().encode())
    except OSError as problem:
        raise OutcomesError(f"{path} cannot be written: {problem.strerror}.") from None
