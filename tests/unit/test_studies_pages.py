"""Do the studies run, and do their pages say what their results say?"""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest

from experiments.studies import displaced, first_outcomes, rules, simulated
from experiments.studies.table import PAGES, marked, put, result_of

STUDIES = [displaced, first_outcomes, simulated, rules]


def name_of(study: ModuleType) -> str:
    return study.__name__.rpartition(".")[2]


@pytest.mark.parametrize("study", STUDIES, ids=name_of)
def test_the_tables_of_the_page_are_those_of_the_result(study: ModuleType) -> None:
    """A reader would trust a figure that no run gave."""
    page = (PAGES / f"{name_of(study)}.md").read_text(encoding="utf-8")
    tables = study.tables(result_of(name_of(study)))
    assert page.count("<!-- table:") == len(tables)
    for name, table in tables.items():
        assert marked(name, table) in page


@pytest.mark.soak
@pytest.mark.parametrize("study", STUDIES, ids=name_of)
def test_a_quick_run_writes_a_result_whose_tables_can_be_made(study: ModuleType, tmp_path: Path) -> None:
    """Nobody could run the study again."""
    study.main(["--quick", "--out", str(tmp_path)])
    result = result_of(name_of(study), tmp_path)
    assert result["study"] == name_of(study)
    assert all(table.count("\n") >= 2 for table in study.tables(result).values())


def test_a_table_takes_the_place_of_the_one_before() -> None:
    page = f"Words.\n\n{marked('a', 'old')}\n\n{marked('b', 'stays')}\n"
    assert put(page, {"a": "new"}) == f"Words.\n\n{marked('a', 'new')}\n\n{marked('b', 'stays')}\n"
    with pytest.raises(ValueError, match="'c'"):
        put(page, {"c": "new"})
