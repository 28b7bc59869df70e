"""Is every error for people one that says what to do, and is no answer ever repeated in it?"""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import triage
from triage import errors
from triage.errors import AnswersError, Defect, TriageError, UserError
from triage.faults import Fault, did_you_mean

MARKER = "Zzyzx-Quillfeather-7"


def kinds() -> list[type[UserError]]:
    return [item for item in vars(errors).values() if isinstance(item, type) and issubclass(item, UserError)]


def test_the_tree_at_the_top_of_the_file_is_the_tree_that_there_is() -> None:
    drawn = {line.strip("│├└─ ").split()[0] for line in (errors.__doc__ or "").splitlines() if "─" in line}
    real = {item.__name__ for item in vars(errors).values() if isinstance(item, type) and issubclass(item, TriageError)}
    assert drawn == real - {"TriageError"}


def test_each_kind_has_its_own_code_and_an_exit_code() -> None:
    codes = [kind.code for kind in kinds()]
    assert len(set(codes)) == len(codes)
    assert all(kind.exit_code in (2, 3) for kind in kinds())


def test_a_defect_is_not_a_persons_fault() -> None:
    assert not issubclass(Defect, UserError)
    assert issubclass(Defect, TriageError)


def test_an_error_reads_as_a_message_and_a_list() -> None:
    error = AnswersError("Two things.", [Fault("here", "wrong.", "Try that."), Fault("", "no place.")])
    assert str(error) == "Two things.\n  - here: wrong. Try that.\n  - no place."
    assert error.message == "Two things."
    assert len(error.faults) == 2


@pytest.mark.parametrize(
    ("word", "known", "hint"),
    [
        ("quallifications", ["qualifications", "age"], "Did you mean 'qualifications'?"),
        ("zzz", ["qualifications", "age"], ""),
        ("yess", ["yes", "yess_no"], "Did you mean 'yes' or 'yess_no'?"),
        ("", ["age"], ""),
    ],
)
def test_a_near_word_is_suggested_and_a_far_one_is_not(word: str, known: list[str], hint: str) -> None:
    assert did_you_mean(word, known) == hint


QUESTIONS = [question.id for question in triage.load().checklist.questions]


@pytest.mark.parametrize("field", [*QUESTIONS, "redundancy_status", "job_ends", "complex_needs", "objects_to_scoring"])
def test_no_message_repeats_what_a_person_answered(field: str) -> None:
    """An answer may be a name or an illness that stands in the wrong column. Messages travel: logs, mails, screens."""
    engine = triage.load()
    calls: list[Callable[[], Any]] = [
        lambda: engine.score({field: MARKER}),
        lambda: engine.score({field: f"yes {MARKER} no"}),
        lambda: engine.score_many({field: [MARKER, None, MARKER]}),
        lambda: engine.score_many({field: [[MARKER]]}),
        lambda: engine.score({field: {"a": MARKER}}),
    ]
    for call in calls:
        with pytest.raises(AnswersError) as caught:
            call()
        told = [str(caught.value), repr(caught.value), repr(caught.value.faults)]
        told += traceback.TracebackException.from_exception(caught.value).format()
        link: BaseException | None = caught.value
        while link is not None:
            told.append(str(link))
            link = link.__cause__ or link.__context__
        assert MARKER not in "".join(told)
        assert field in str(caught.value), "the place is named, so that it can be found"


def test_normalise_does_not_repeat_an_answer_either() -> None:
    features = triage.load().features
    for name in QUESTIONS:
        assert MARKER not in repr(features.normalise(name, MARKER))


def test_a_score_that_is_printed_shows_no_engine_and_no_memory_address() -> None:
    assert "object at 0x" not in repr(triage.load().score({"age": 30}))


#: Modules that run when they are imported: a script, what Alembic runs, and what MLflow runs.
RUN = ("__main__", "triage.records.migrations.env", "triage.champion.from_code")


def modules() -> list[str]:
    package = Path(triage.__file__).parent
    names = (info.name for info in pkgutil.walk_packages([str(package)], "triage."))
    return sorted(name for name in names if not name.endswith(RUN))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["triage", *modules()])
def test_the_examples_in_docstrings_are_right(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


@pytest.mark.parametrize("name", ["triage", *modules()])
def test_each_module_opens_with_what_it_is_for(name: str) -> None:
    assert (importlib.import_module(name).__doc__ or "").strip()
