"""A list is read chunk by chunk: an answer must mean the same in the second chunk as in the first."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import polars as pl

from triage.engine import load
from triage.lists.cells import Cell, Reader, Space
from triage.lists.score import Request, score_list


def read_in_chunks(chunks: list[list[str | None]]) -> list[list[object]]:
    space = Space()
    reader = Reader(lambda text: Cell(text.upper(), f"about {text}" if text == "c" else ""), space)
    found: list[list[object]] = []
    for cells in chunks:
        places, _ = reader.column(pl.Series(cells, dtype=pl.String))
        found.append([space.values[place] for place in places])
    return found


def test_a_later_chunk_with_its_answers_in_another_order_is_read_alike() -> None:
    """Otherwise everybody after the first 65,536 rows would be scored with somebody else's answers."""
    chunks: list[list[str | None]] = [["a", "b", None], ["b", None, "a"], ["d", "b", "a"], ["a"]]
    assert read_in_chunks(chunks) == [["A", "B", None], ["B", None, "A"], ["D", "B", "A"], ["A"]]


def test_problems_stand_in_the_rows_of_their_texts_in_every_chunk() -> None:
    reader = Reader(lambda text: Cell(None, f"about {text}" if text == "c" else ""), Space())
    _, first = reader.column(pl.Series(["a", "c", None]))
    _, second = reader.column(pl.Series(["c", "a", "c"]))
    _, third = reader.column(pl.Series(["a", None]))
    assert third is None
    assert [problems.to_list() for problems in (first, second) if problems is not None] == [
        [None, "about c", None],
        ["about c", None, "about c"],
    ]


def test_empty_columns_have_no_answers() -> None:
    assert read_in_chunks([[None, None], []]) == [[None, None], []]


def test_the_size_of_chunks_does_not_show_in_the_output(tmp_path: Path) -> None:
    """The whole way: file to file, with answers, dates and duplicates that lie in different chunks.

    The last bit of a sigmoid is left out: it depends on how many rows are worked out at once.
    """
    cards = random.Random(4)
    rows = [
        [
            f"Example-{cards.choice('abcdefgh')}",
            f"{cards.randint(1, 28):02d}/{cards.randint(1, 12):02d}/{cards.randint(1955, 2005)}",
            cards.choice(["none", "Nat 5", "Highers", "degree", "natonal 5", ""]),
            cards.choice(["yes", "no", "provisional", "x", ""]),
            cards.choice(["Falkirk", "Stirling", "Fife", "Nowhere", ""]),
        ]
        for _ in range(300)
    ]
    text = "Name,Date of birth,Highest qualification,Driving licence,Council area\n"
    (tmp_path / "list.csv").write_text(text + "\n".join(",".join(row) for row in rows) + "\n")
    engine = load()

    def scored(size: int) -> list[tuple[str | None, ...]]:
        out = tmp_path / f"out-{size}.csv"
        request = Request(tmp_path / "list.csv", out, date(2026, 10, 1), answers=True, sensitive=False, size=size)
        frame = pl.read_csv(score_list(engine, request).out, infer_schema=False)
        return frame.drop("probability", "lower", "upper").rows()

    whole = scored(1_000)
    assert len(whole) == len(rows)
    assert scored(17) == whole
