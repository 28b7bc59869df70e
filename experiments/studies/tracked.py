"""How does a study end? Its result is written, and kept on a tracking server where one is asked for."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from experiments.displaced_evidence import DATA
from experiments.studies.options import EXPERIMENT, Options, options
from experiments.studies.table import result_of, write
from triage.content import content_root
from triage.errors import TrackingError
from triage.tracking.about import metric_name, tags_of, versions
from triage.tracking.client import Tracking
from triage.tracking.data import file_digest

#: What a command exits with that has done its work and not kept it.
NOT_KEPT = 3


@dataclass(frozen=True)
class People:
    """Who is studied.

    Attributes:
        words: in words; simulated people are called so.
        file: what they come from: a table of people, or the recipe that simulated people are drawn by.
    """

    words: str
    file: Path

    @property
    def simulated(self) -> bool:
        """True where some or all of them do not exist."""
        return "simulated" in self.words


DISPLACED = People("displaced workers", DATA / "cps_dws_jobless.csv")
SIMULATED = People("simulated people", content_root() / "models" / "recipes" / "evidence.yaml")
BOTH = People("displaced workers, and simulated people", DISPLACED.file)


@dataclass(frozen=True)
class Study:
    """A study from its options to its end.

    Attributes:
        name: of its result and its page.
        words: what it asks, on which data, and how to run it again.
        people: who is studied.
        run: does the work.
        tables: of the result.
    """

    name: str
    words: str
    people: People
    run: Callable[[Options], dict[str, Any]]
    tables: Callable[[dict[str, Any]], dict[str, str]]

    def main(self, argv: Sequence[str] | None = None) -> None:
        """Run the study, write its result, and keep it where that is asked for."""
        asked = options(self.words, argv)
        if asked.log_only:
            result = result_of(self.name, asked.out)
        else:
            result = self.run(asked)
            write(self.name, result, self.tables(result), asked.out)
        if asked.tracking is not None:
            self._keep(result, asked.tracking, asked)

    def _keep(self, result: dict[str, Any], tracking: Tracking, asked: Options) -> None:
        try:
            print(f"Kept on the tracking server: {self.kept(result, tracking, asked.quick)}")
        except TrackingError as problem:
            again = "The result is written. To keep it there later, give the same options and --log-only."
            print(f"Not kept on the tracking server: {problem} {again}", file=sys.stderr)
            raise SystemExit(NOT_KEPT) from None

    def kept(self, result: dict[str, Any], tracking: Tracking, quick: bool) -> str:
        """Make a run of a result; returns where people open it."""
        name = f"{'quick ' if quick else ''}{self.name} ({self.people.words})"
        note = f"{'A quick run: its figures mean nothing.' if quick else ''}\n\n{self.words}".strip()
        tags = tags_of("study", self.people.simulated, note)
        with tracking.run(EXPERIMENT, name, tags=tags) as run:
            run.data(self.people.file.name, file_digest(self.people.file), "study", self.people.words)
            run.params({"study": self.name, "quick": quick, **dict(texts(result))})
            run.metrics(dict(numbers(result)))
            run.json(f"{self.name}.json", result)
            run.text("tables.md", "\n\n".join(f"## {key}\n\n{table}\n" for key, table in self.tables(result).items()))
            run.json("software.json", versions())
            return run.address


def texts(result: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """What a result says of its settings."""
    for key, value in result.items():
        if isinstance(value, (str, int, bool)) and key != "study":
            yield key, str(value)


def numbers(found: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, float]]:
    """Every number of a result by its place; three together are a value with its ends."""
    if isinstance(found, dict):
        for key, value in found.items():
            yield from numbers(value, path if key == "results" and not path else (*path, str(key)))
    elif isinstance(found, list) and len(found) == 3:
        for end, value in zip(("", ".low", ".high"), found, strict=True):
            yield metric_name(".".join(path)) + end, float(value)
    elif isinstance(found, (int, float)) and not isinstance(found, bool):
        yield metric_name(".".join(path)), float(found)
