"""How do a client's answers become the numbers that the model sees?"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from triage.checklist import Checklist, Question
from triage.content import ContentFolder
from triage.errors import ContentError
from triage.faults import Fault, did_you_mean
from triage.features.areas import AreaTable
from triage.features.grid import Grid
from triage.features.postcodes import Postcodes
from triage.features.reading import Reading, Vocabulary
from triage.features.schema import FeaturesFile, InputSpec
from triage.features.synonyms import Synonyms, load_synonyms
from triage.features.text import fold
from triage.yamlfile import count, read_yaml


@dataclass(frozen=True)
class Input:
    """One number that the model sees, with its grid. `place` is its column in the model's input."""

    id: str
    place: int
    question: Question
    grid: Grid
    direction: str
    codes: Mapping[str, float]
    figures: Mapping[str, float]

    def value(self, answer: str | float) -> float:
        """The grid value for an answer of this input's question; NaN where it says nothing."""
        if self.codes:
            return self.codes.get(str(answer), math.nan)
        number = self.figures.get(str(answer), math.nan) if self.question.kind == "area" else float(answer)
        return self.grid.snap(number) if not math.isnan(number) else math.nan


class Features:
    """The encoding contract between a checklist and a model. Make one with `Features.load(checklist)`."""

    def __init__(
        self,
        file: FeaturesFile,
        checklist: Checklist,
        areas: AreaTable | None,
        synonyms: Synonyms,
        replaced: bool,
        postcodes: Postcodes | None = None,
    ) -> None:
        self.checklist = checklist
        self.areas = areas
        self.synonyms = synonyms
        self.postcodes = postcodes
        self._version = file.version
        self._areas_replaced = replaced
        self.inputs = tuple(_input(spec, place, checklist, areas) for place, spec in enumerate(file.inputs))

    @classmethod
    def load(
        cls, checklist: Checklist, areas: str | Path | None = None, postcodes: Sequence[str | Path] = ()
    ) -> Features:
        """The features that stand beside `checklist`.

        Args:
            checklist: a loaded checklist.
            areas: a CSV file to use in place of the area table that the features file names.
            postcodes: CSV files of a postcode directory, so that a postcode answers the question about the area.

        Raises:
            ContentError: a file is missing or has faults; all are named.
        """
        folder = checklist.folder
        path = folder.find("features.yaml")
        if path is None:
            raise ContentError(f"There is no features.yaml in {folder}. It says how answers become numbers.")
        file = read_yaml(path, FeaturesFile, ContentError)
        faults = _faults(file, checklist, path.name)
        if faults:
            raise ContentError(f"{path.name} cannot be used: {count(faults)}.", faults)
        table = AreaTable.load(Path(areas)) if areas is not None else _named_table(file, folder)
        directory = None
        if postcodes:
            if table is None:
                raise ContentError("Postcodes need an area table, and this checklist has none.")
            directory = Postcodes.load(postcodes, table)
        return cls(file, checklist, table, load_synonyms(folder), areas is not None, directory)

    @property
    def version(self) -> str:
        """Checklist version; with the digest of the area table where that was replaced."""
        if self._areas_replaced and self.areas is not None:
            return f"{self.checklist.version}+areas.{self.areas.digest[:8]}"
        return self.checklist.version

    @cached_property
    def inputs_of(self) -> dict[str, tuple[Input, ...]]:
        """The inputs of each question, in checklist order; every question has an entry."""
        return {
            question.id: tuple(item for item in self.inputs if item.question.id == question.id)
            for question in self.checklist.questions
        }

    @cached_property
    def vocabularies(self) -> dict[str, Vocabulary]:
        """The spellings of each question's answers."""
        shared = {fold(word): Reading("declined") for word in self.synonyms.declined}
        shared |= {fold(word): Reading("not_asked") for word in self.synonyms.not_given}
        return {question.id: self._vocabulary(question, shared) for question in self.checklist.questions}

    def _vocabulary(self, question: Question, shared: Mapping[str, Reading]) -> Vocabulary:
        if question.kind == "area" and self.postcodes is not None:
            return Vocabulary(question, self._spellings(question), shared, self.postcodes.area_of)
        return Vocabulary(question, self._spellings(question), shared)

    def _spellings(self, question: Question) -> dict[str, str]:
        if question.kind == "area":
            return dict(self.areas.by_spelling) if self.areas is not None else {}
        spellings: dict[str, str] = {}
        for option_id, words in self.synonyms.answers.get(question.id, {}).items():
            if option_id in question.by_id:
                spellings |= {fold(word): option_id for word in words}
        spellings |= {fold(option.text): option.id for option in question.options}
        return spellings | {fold(option.id): option.id for option in question.options}

    def normalise(self, question_id: str, given: object) -> Reading:
        """How `given` answers the question; never a guess (see `Reading`)."""
        return self.vocabularies[question_id].read(given)

    def encode(self, question_id: str, answer: str | float) -> tuple[float, ...]:
        """The grid values of the question's inputs for a normalised answer."""
        return tuple(item.value(answer) for item in self.inputs_of[question_id])

    def options(self, question: Question) -> tuple[str, ...]:
        """The answers of a question that can be listed: option ids or area codes; none for a number."""
        if question.kind == "area":
            return tuple(area.code for area in self.areas.areas) if self.areas is not None else ()
        return tuple(option.id for option in question.options)

    @cached_property
    def contract(self) -> dict[str, Any]:
        """What a program in any language needs to encode answers; stands in the model file."""
        return {
            "checklist": self.checklist.id,
            "features": self._version,
            "missing": "NaN",
            "inputs": [_contract(item) for item in self.inputs],
        }

    @cached_property
    def contract_digest(self) -> str:
        """SHA-256 of the contract; a bundle is only served with the contract that it was made for."""
        return hashlib.sha256(json.dumps(self.contract, sort_keys=True).encode()).hexdigest()


def _contract(item: Input) -> dict[str, Any]:
    entry: dict[str, Any] = {"id": item.id, "question": item.question.id, "direction": item.direction}
    if item.codes:
        return entry | {"codes": {key: int(code) for key, code in item.codes.items()}}
    values = item.grid.values
    grid = {"unit": item.grid.unit, "from": values[0], "to": values[-1], "step": item.grid.step}
    return entry | {"grid": grid, "edges_from": item.grid.edges[0]}


def _input(spec: InputSpec, place: int, checklist: Checklist, areas: AreaTable | None) -> Input:
    figures: dict[str, float] = {}
    if spec.table is not None and areas is not None:
        figures = areas.figures(spec.table.column)
    codes = {key: float(code) for key, code in spec.codes.items()}
    question = checklist.question(spec.question)
    return Input(spec.id, place, question, Grid.of(spec), spec.direction, codes, figures)


def _named_table(file: FeaturesFile, folder: ContentFolder) -> AreaTable | None:
    names = sorted({spec.table.file for spec in file.inputs if spec.table is not None})
    if not names:
        return None
    if len(names) > 1:
        raise ContentError(f"features.yaml names {len(names)} area tables; it can use one.")
    path = folder.find(names[0])
    if path is None:
        raise ContentError(f"There is no {names[0]} in {folder}, which features.yaml asks for.")
    return AreaTable.load(path)


def _faults(file: FeaturesFile, checklist: Checklist, name: str) -> list[Fault]:
    faults: list[Fault] = []
    if file.checklist != checklist.id:
        faults.append(Fault(name, f"it is written for the checklist '{file.checklist}', not '{checklist.id}'."))
    seen: set[str] = set()
    for spec in file.inputs:
        where = f"{name}, input '{spec.id}'"
        if spec.id in seen:
            faults.append(Fault(where, "a second input has this id."))
        seen.add(spec.id)
        question = checklist.by_id.get(spec.question)
        if question is None:
            hint = did_you_mean(spec.question, checklist.by_id)
            faults.append(Fault(where, f"the checklist has no question '{spec.question}'.", hint))
        else:
            faults.extend(_input_faults(spec, question, where))
    for question in checklist.questions:
        faults.extend(_alike(question, f"checklist, question '{question.id}'"))
    asked = {spec.question for spec in file.inputs}
    faults.extend(
        Fault(name, f"the question '{question.id}' has no input.")
        for question in checklist.questions
        if question.id not in asked
    )
    return faults


def _input_faults(spec: InputSpec, question: Question, where: str) -> list[Fault]:
    if question.kind == "choice":
        return _code_faults(spec, question, where)
    faults = []
    stated = question.direction.risk if question.direction is not None else spec.direction
    if spec.direction not in (stated, "none"):
        faults.append(Fault(where, f"it does not follow the direction that the checklist states: risk {stated}."))
    if spec.codes:
        faults.append(Fault(where, f"'{question.id}' is not a choice, so it needs 'number' and not 'codes'."))
    if (question.kind == "area") != (spec.table is not None):
        faults.append(Fault(where, "an area question, and only that, takes its number from a 'table'."))
    return faults


def _alike(question: Question, where: str) -> list[Fault]:
    """Options that nobody could tell apart once their words are folded."""
    owner: dict[str, str] = {}
    words = [(option.id, text) for option in question.options for text in sorted({fold(option.id), fold(option.text)})]
    return [
        Fault(where, f"the options '{owner[text]}' and '{option}' read alike ('{text}').")
        for option, text in words
        if owner.setdefault(text, option) != option
    ]


def _code_faults(spec: InputSpec, question: Question, where: str) -> list[Fault]:
    if not spec.codes:
        return [Fault(where, f"'{question.id}' is a choice, so it needs 'codes'.")]
    counted = {option.id for option in question.ordered}
    faults = [
        Fault(where, f"'{question.id}' has no option '{key}' that counts.", did_you_mean(key, counted))
        for key in spec.codes
        if key not in counted
    ]
    faults.extend(Fault(where, f"the option '{key}' has no code.") for key in sorted(counted - set(spec.codes)))
    direction = question.direction
    if direction is not None and not faults and spec.direction != "none":
        codes = [spec.codes[option.id] for option in question.ordered]
        ordered = codes if (direction.risk == "rises") == (spec.direction == "rises") else codes[::-1]
        if sorted(ordered) != ordered:
            faults.append(Fault(where, "the codes do not follow the direction that the checklist states."))
    return faults
