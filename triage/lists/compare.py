"""Whose proposed band differs between two ways of scoring the same list?"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from triage.engine import Engine
from triage.lists.score import Request, score_list


@dataclass(frozen=True)
class Move:
    """One row whose band or status differs. An empty band means that none is proposed."""

    sheet: str
    row: str
    old_band: str
    new_band: str
    old_status: str
    new_status: str


@dataclass(frozen=True)
class Comparison:
    """What differs, and how many rows were compared.

    Attributes:
        rows: how many rows the list has.
        counts: by (old band, new band), how many rows; bands that agree are counted too.
        moves: each row whose band or status differs, in the order of the list.
    """

    rows: int
    counts: dict[tuple[str, str], int]
    moves: tuple[Move, ...]


def compare_list(
    old: Engine, new: Engine, path: Path, *, on: date | None = None, mapping: Path | None = None
) -> Comparison:
    """Score the list with both engines and compare row by row.

    Raises:
        UserError: one of them cannot score the list.
    """
    with tempfile.TemporaryDirectory() as folder:
        frames = [
            _bands(engine, Request(path, Path(folder) / f"{name}.csv", on, mapping))
            for name, engine in (("old", old), ("new", new))
        ]
    before, after = (frame.rows() for frame in frames)
    counts: dict[tuple[str, str], int] = {}
    moves = []
    for first, second in zip(before, after, strict=True):
        bands = (first[2], second[2])
        counts[bands] = counts.get(bands, 0) + 1
        if first[2:] != second[2:]:
            moves.append(Move(first[0], first[1], first[2], second[2], first[3], second[3]))
    return Comparison(len(before), counts, tuple(moves))


def _bands(engine: Engine, request: Request) -> pl.DataFrame:
    out = score_list(engine, request).out
    frame = pl.read_csv(out, infer_schema=False, encoding="utf8")
    columns: Sequence[str] = ("row", "proposed_band", "status")
    sheet = pl.col("sheet") if "sheet" in frame.columns else pl.lit("")
    return frame.select(sheet.alias("sheet"), *columns).fill_null("")
