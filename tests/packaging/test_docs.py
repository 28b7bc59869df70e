"""Are the pages true? Their commands run, their figures are the model's, and what they name exists."""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import triage
from experiments.draw_explained import ANSWERS, OUT, draw
from tests.contract.pages import ROOT, blocks, commands, name_of, pages, run_page
from triage.cli.main import parser
from triage.decisions import diagram

DOCS = ROOT / "docs"
MANIFEST: dict[str, Any] = json.loads((ROOT / "models" / "evidence-2026.1" / "manifest.json").read_text("utf-8"))
METRICS = MANIFEST["metrics"]
KNOWN = {
    "interview": "the default interview",
    "event_form": "the event form alone",
    "partner_records": "partners' records alone (age, area, disability)",
}
RUNNABLE = [page for page in pages() if any(block.info in ("console", "python") for block in blocks(page))]


def text_of(page: Path) -> str:
    """The page with its line breaks as spaces, so that a sentence is found wherever it is broken."""
    return " ".join(page.read_text(encoding="utf-8").split())


@pytest.mark.slow
@pytest.mark.parametrize("page", [page for page in RUNNABLE if page.parent != ROOT], ids=name_of)
def test_what_a_page_shows_is_what_is_printed(page: Path, tmp_path: Path) -> None:
    """An adviser or a developer follows a guide and sees something else."""
    run_page(page, tmp_path)


# ---------------------------------------------------------------------------------------------- the command line


Options = set[tuple[str, ...]]


def verbs(of: argparse.ArgumentParser, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Options]]:
    """Each command with its options, each in all its spellings; a group of commands comes without its own."""
    groups = [action for action in of._actions if isinstance(action, argparse._SubParsersAction)]
    if not groups:
        yield path, {tuple(action.option_strings) for action in of._actions if action.option_strings}
    for group in groups:
        for name, sub in group.choices.items():
            yield from verbs(sub, (*path, name))


OF_VERB = dict(verbs(parser()))
OPTIONS: Options = set().union(*OF_VERB.values())
VERBS = {path: {name for names in options for name in names} for path, options in OF_VERB.items()}


def named_commands() -> list[list[str]]:
    """Every `ltu-triage ...` of every page, as words."""
    inline = [text for page in pages() for text in re.findall(r"`ltu-triage ([^`]+)`", text_of(page))]
    shown = [command.removeprefix("ltu-triage ") for command in commands() if command.startswith("ltu-triage ")]
    return [text.split() for text in [*inline, *shown]]


def verb_of(words: list[str]) -> tuple[str, ...] | None:
    """The command that the words begin with; None where there is none."""
    return next((path for path in VERBS if tuple(words[: len(path)]) == path), None)


def test_every_command_that_a_page_names_exists_with_its_options() -> None:
    """A reader types what a page says and is told that there is no such command."""
    wrong = []
    for words in named_commands():
        path = verb_of(words)
        options = {word for word in words if re.match(r"-{1,2}[a-z]", word)}
        if path is None or not options <= VERBS[path]:
            wrong.append(" ".join(words))
    assert not wrong


def test_every_option_that_stands_alone_on_a_page_exists() -> None:
    known = set().union(*VERBS.values())
    named = {(name_of(page), text) for page in pages() for text in re.findall(r"`(--[a-z-]+)[ `]", text_of(page))}
    assert named
    assert not {item for item in named if item[1] not in known}


def test_every_command_is_documented() -> None:
    """A command that no page names is found by nobody."""
    named = {verb_of(words) for words in named_commands()}
    assert not set(VERBS) - named


def test_every_option_is_documented() -> None:
    """Of several spellings of an option, one is enough."""
    everything = " ".join(text_of(page) for page in pages())
    unnamed = {names for names in OPTIONS if not any(re.search(rf"{re.escape(name)}\b", everything) for name in names)}
    assert not unnamed - {("-h", "--help")}


# ---------------------------------------------------------------------------------------------- figures


def percent(share: float) -> str:
    return f"{100 * share:.0f}%"


def expected_rows() -> set[str]:
    """What the manifest says, as rows of a table."""
    return {
        f"| {words} | {METRICS[name]['auc']:.2f} | top {percent(top['share'])} | {percent(top['ppv'])}"
        f" | {percent(top['npv'])} | {percent(top['sensitivity'])} |"
        for name, words in KNOWN.items()
        for top in METRICS[name]["top"]
    }


def metric_rows(page: Path) -> set[str]:
    return set(re.findall(r"^\| (?:the|partners').*\| top .*$", page.read_text(encoding="utf-8"), flags=re.MULTILINE))


def test_the_tables_of_expected_figures_are_those_of_the_model() -> None:
    """A reader trusts the model more, or less, than its own card does."""
    assert metric_rows(DOCS / "model.md") == expected_rows()
    assert expected_rows() <= set((ROOT / "models" / "evidence-2026.1" / "card.md").read_text("utf-8").splitlines())
    assert len(metric_rows(ROOT / "README.md")) >= 3
    for page in pages():
        assert metric_rows(page) <= expected_rows(), name_of(page)


def said() -> list[tuple[str, str]]:
    """Sentences with figures, as they have to stand on the pages."""
    interview, form, records = (METRICS[name] for name in KNOWN)
    top = interview["top"][0]
    rate, span = MANIFEST["base_rate"]["value"], MANIFEST["base_rate"]["plausible"]
    low, high, base = (f"{100 * value:.0f}" for value in (*span, rate))
    interval = MANIFEST["interval"]
    coverage = f"{100 * interval['nominal_coverage']:.0f}"
    flagged, missed = f"{100 * top['ppv']:.0f}", f"{100 * (1 - top['ppv']):.0f}"
    return [
        ("README.md", f"{base} in 100 not in paid work a year after the job ended, plausible {low} to {high}"),
        ("README.md", f"about {flagged} in 100 would have the outcome and {missed} would not"),
        ("README.md", f"**Ranges are nominal**, about {coverage}%"),
        ("docs/model.md", f"The base rate is {base} in 100: a planning assumption, plausible between {low} and {high}"),
        ("docs/model.md", f"The model carries {interval['draws']} draws"),
        ("docs/model.md", f"from number {interval['lower_rank']} to number {interval['upper_rank']} of their"),
        ("docs/model.md", f"the figure about {coverage} times in 100"),
        ("docs/model.md", f"about {flagged} in 100 have the outcome and {missed} do not"),
        ("docs/model.md", f"about {100 * top['sensitivity']:.0f} in 100 are in that top 8%"),
        ("docs/model.md", f"With no model at all it would be {100 * (1 - METRICS['mean_probability']):.1f}%"),
        ("docs/model.md", f"Then the expected AUC is {records['auc']:.2f}"),
        ("docs/model.md", f"{100 * records['top'][0]['ppv']:.0f} times in 100, against about {base} in 100"),
        ("docs/model.md", f"bring the expected AUC to {form['auc']:.2f}"),
        ("docs/glossary.md", f"The shipped model carries {interval['draws']}."),
    ]


@pytest.mark.parametrize(("page", "sentence"), said())
def test_a_figure_on_a_page_is_the_models(page: str, sentence: str) -> None:
    """The model was built anew, and the pages still tell of the old one."""
    assert sentence in text_of(ROOT / page)


def test_the_figures_of_the_dwp_stand_with_their_reading_and_nowhere_else() -> None:
    """Another model's accuracy is taken for ours."""
    naming = [name_of(page) for page in pages() if re.search(r"\bDWP'|0\.795|94%", text_of(page))]
    assert naming == ["docs/model.md"]
    [section] = re.findall(r"## The figures of the DWP's model(.*?)\n## ", (DOCS / "model.md").read_text("utf-8"), re.S)
    assert "**This reading is an inference, made here.**" in section
    assert "They are not what this model reaches" in " ".join(section.split())
    assert not re.search(r"33%|94%|0\.795", text_of(DOCS / "model.md").replace(" ".join(section.split()), ""))


# ---------------------------------------------------------------------------------------------- pages and pictures


def test_the_picture_of_a_decisions_life_is_the_table_of_transitions() -> None:
    [shown] = [block for block in blocks(DOCS / "formats.md") if block.info == "mermaid"]
    assert "\n".join(shown.lines) + "\n" == diagram()


def test_the_picture_of_the_readme_is_drawn_from_the_model_as_it_is() -> None:
    """The first picture that a newcomer sees is of a score that the model no longer gives."""
    engine = triage.load()
    assert OUT.read_text(encoding="utf-8") == draw(engine.score(ANSWERS), engine)


def test_every_decision_page_is_short_and_has_its_three_parts() -> None:
    for page in sorted((DOCS / "decisions").glob("*.md")):
        lines = page.read_text(encoding="utf-8").splitlines()
        assert len(lines) < 40, page.name
        assert [line for line in lines if line.startswith("## ")] == ["## Context", "## Decision", "## Consequences"]


def test_the_index_names_every_page_with_its_own_title() -> None:
    """A page that the index leaves out is found by nobody."""
    index = (DOCS / "README.md").read_text(encoding="utf-8")
    linked = {link for _, link in re.findall(r"\[([^]]+)\]\(([^)]+)\)", index)}
    there = {page.relative_to(DOCS).as_posix() for page in DOCS.rglob("*.md") if "examples" not in page.parts}
    assert there - {"README.md"} <= linked
    for number, title, link in re.findall(r"^(\d+)\. \[([^]]+)\]\(([^)]+)\)$", index, flags=re.MULTILINE):
        assert (DOCS / link).read_text(encoding="utf-8").startswith(f"# {number}. {title}\n"), link
        assert link.startswith(f"decisions/{int(number):04}-")


def test_every_place_in_a_page_that_is_linked_to_exists() -> None:
    """A link leads to the top of a long page and not to what it promised."""
    for page in pages():
        for link in re.findall(r"\]\(([^)\s]+#[^)\s]+)\)", page.read_text(encoding="utf-8")):
            path, _, place = link.partition("#")
            if "://" in link:
                continue
            target = page if not path else page.parent / path
            heads = re.findall(r"^#+ (.*)$", target.read_text(encoding="utf-8"), flags=re.MULTILINE)
            assert place in {re.sub(r"[^\w\s-]", "", head.lower()).replace(" ", "-") for head in heads}, link


def test_every_file_that_a_page_names_exists() -> None:
    folders = "triage|checklist|features|models|experiments|tests|mlflow|docs|requirements|scripts"
    for page in pages():
        named = re.findall(rf"`((?:{folders})/[\w./-]*)`", page.read_text(encoding="utf-8"))
        assert not [path for path in named if not (ROOT / path).exists()], name_of(page)
