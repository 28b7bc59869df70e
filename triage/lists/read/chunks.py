"""How do parts of any size become chunks of the size that was asked for?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import polars as pl

from triage.lists.read.source import Chunk


def rechunked(parts: Iterable[Chunk], size: int) -> Iterator[Chunk]:
    """The rows of `parts` in the same order, `size` to a chunk, fewer only in the last."""
    if size < 1:
        raise ValueError("a chunk has at least one row")
    waiting: list[Chunk] = []
    count = 0
    for part in parts:
        start = 0
        while part.cells.height - start >= size - count:
            waiting.append(cut(part, start, size - count))
            start += size - count
            yield joined(waiting)
            waiting, count = [], 0
        if start < part.cells.height:
            waiting.append(cut(part, start, part.cells.height - start))
            count += waiting[-1].cells.height
    if waiting:
        yield joined(waiting)


def cut(part: Chunk, start: int, length: int) -> Chunk:
    """`length` rows of the part from row `start`."""
    if start == 0 and length == part.cells.height:
        return part
    numbers = part.row_numbers[start : start + length]
    return Chunk(
        table=part.table,
        first_row=numbers[0],
        row_numbers=numbers,
        cells=part.cells.slice(start, length),
        dates={index: mask.slice(start, length) for index, mask in part.dates.items()},
        struck=within(part.struck, numbers),
        coloured={row: part.coloured[row] for row in sorted(within(part.coloured, numbers))},
        hidden_rows=within(part.hidden_rows, numbers),
        merged=part.merged,
        trimmed=part.trimmed,
    )


def within(rows: frozenset[int] | Mapping[int, str], numbers: Sequence[int]) -> frozenset[int]:
    """Those of `rows` that lie between the first and the last of the ascending `numbers`."""
    if not rows:
        return frozenset()
    return frozenset(row for row in rows if numbers[0] <= row <= numbers[-1])


def joined(parts: list[Chunk]) -> Chunk:
    """One chunk of several consecutive ones."""
    if len(parts) == 1:
        return parts[0]
    coloured: dict[int, str] = {}
    for part in parts:
        coloured |= part.coloured
    return Chunk(
        table=parts[0].table,
        first_row=parts[0].first_row,
        row_numbers=joined_numbers([part.row_numbers for part in parts]),
        cells=pl.concat([part.cells for part in parts]),
        dates=joined_dates(parts),
        struck=frozenset().union(*(part.struck for part in parts)),
        coloured=coloured,
        hidden_rows=frozenset().union(*(part.hidden_rows for part in parts)),
        merged=parts[0].merged,
        trimmed=all(part.trimmed for part in parts),
    )


def joined_numbers(numbers: list[Sequence[int]]) -> Sequence[int]:
    """A range where the numbers follow one another, else a list."""
    first, last = numbers[0][0], numbers[-1][-1]
    if last - first + 1 == sum(len(part) for part in numbers):
        return range(first, last + 1)
    return [number for part in numbers for number in part]


def joined_dates(parts: list[Chunk]) -> dict[int, pl.Series]:
    """The masks of all columns that have a real date in any part."""
    columns = sorted({index for part in parts for index in part.dates})
    return {
        index: pl.concat(
            [part.dates.get(index, pl.repeat(False, part.cells.height, eager=True, dtype=pl.Boolean)) for part in parts]
        )
        for index in columns
    }
