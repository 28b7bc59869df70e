"""How is an output written as CSV, so that a spreadsheet opens it and runs nothing?"""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import BinaryIO

import polars as pl

from triage.errors import ListError
from triage.lists.names import ANSWER, FIXED
from triage.lists.safety import dangerous, neutralise

#: Tells spreadsheet programs that the file is UTF-8.
_MARK = b"\xef\xbb\xbf"


class CsvSink:
    """Writes frames one below the other. Floats come out so that they read back as the same number."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: BinaryIO | None = None
        self._begun = False

    def __enter__(self) -> CsvSink:
        try:
            self._file = self._path.open("wb")
        except OSError as problem:
            raise ListError(f"{self._path} cannot be written: {problem.strerror}.") from None
        self._file.write(_MARK)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()

    def write(self, frame: pl.DataFrame) -> None:
        """Writes the rows of `frame`, below the headings."""
        assert self._file is not None
        safe = frame.with_columns(neutralise(pl.col(name)) for name in _dangerous_texts(frame))
        if not self._begun:
            headings = frame.clear().rename(_safe_names(frame))
            headings.write_csv(self._file, include_header=True)
            self._begun = True
        safe.write_csv(self._file, include_header=False)


def _dangerous_texts(frame: pl.DataFrame) -> list[str]:
    """The columns with dangerous text. Those that hold only words and figures of this program have none."""
    own = {*FIXED} - {"problem"}
    names = [name for name, kind in frame.schema.items() if kind == pl.String]
    names = [name for name in names if name not in own and not name.startswith(ANSWER)]
    found = frame.select(dangerous(pl.col(name)).any() for name in names)
    return [name for name in names if found[name].item()]


def _safe_names(frame: pl.DataFrame) -> dict[str, str]:
    names = pl.Series(frame.columns).to_frame("name").select(neutralise(pl.col("name")))["name"]
    return dict(zip(frame.columns, names.to_list(), strict=True))
