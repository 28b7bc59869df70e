"""Write the figures of the governance pack into its pages: `make governance`.

The pages in docs/governance hold words written by hand. What stands there between `<!-- generated: NAME -->` and
`<!-- end -->` is made here, from the card and the manifest of the shipped model and from the shipped content, and from
nothing else. A test holds the pages to that, and to having no figure of the model anywhere else.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import triage
from triage.checklist import Question
from triage.checklist.wording import load_wording
from triage.cutoffs.governed import uses
from triage.cutoffs.schema import Governance
from triage.decisions.reasons import load_reasons
from triage.engine.words import in_100
from triage.errors import ContentError
from triage.numbers import logistic
from triage.records.periods import load_periods

PAGES = Path(__file__).resolve().parents[1] / "docs" / "governance"
_BLOCK = re.compile(r"<!-- generated: ([a-z_]+) -->\n.*?<!-- end -->", re.DOTALL)
_SENSITIVE = {
    "none": "",
    "special_category": "health or disability",
    "attitude": "attitude",
    "family_background": "family background",
    "job_search": "job search",
}


class Pack:
    """What the pages say of one engine; each block is a method, and `BLOCKS` names them."""

    def __init__(self, engine: triage.Engine) -> None:
        self.engine = engine
        self.questions = engine.checklist.questions
        self.cutoffs = engine.cutoffs
        self.governance = self.cutoffs.file.governance or Governance()

    def versions(self) -> str:
        """Which model, content and cut-offs the figures of a page belong to."""
        names = (self.engine.bundle.version, self.engine.checklist.version, self.cutoffs.version)
        model, checklist, cutoffs = (f"`{name}`" for name in names)
        return (
            f"Figures on this page: model {model}, checklist {checklist}, cut-offs {cutoffs}, retention periods"
            f" `{load_periods().version}`."
        )

    def estimates(self) -> str:
        """What the model estimates, with its base rate and what that rests on."""
        return _section(self.engine.bundle.card, "What it estimates")

    def source(self) -> str:
        """What the model was made from."""
        manifest = self.engine.bundle.manifest
        kind = {"evidence": "Published evidence", "learned": "Outcomes of people"}[manifest.source]
        rate = manifest.base_rate
        low, high = (in_100(value) for value in rate.plausible)
        measured = "measured" if rate.measured else "assumed and not measured"
        coverage = f"{100 * manifest.interval.nominal_coverage:.0f}%"
        return _table(
            ("what", "in this model"),
            [
                ("Source", f"{kind} ({manifest.training})"),
                ("Label", f"{manifest.label.outcome} {manifest.label.horizon}, among {manifest.label.among}"),
                ("Base rate", f"{in_100(rate.value)} in 100, {measured}; plausible {low} to {high}"),
                ("Reference population", manifest.reference),
                ("Range", f"nominal coverage {coverage}, not checked on outcomes"),
            ],
        )

    def questions_asked(self) -> str:
        """Each question: how sensitive it is, whether it may be declined, and when it is asked."""
        head = ("question", "sensitive because", "special category", "protected characteristic", "decline", "asked")
        return _table(head, [self._asked(question) for question in self.questions])

    def special(self) -> str:
        """The special-category questions alone, as they are asked."""
        chosen = [question for question in self.questions if question.special_category]
        rows = [(question.label, question.ask, _yes(question.decline)) for question in chosen]
        return _table(("question", "as it is asked", "decline offered"), rows)

    def protected(self) -> str:
        """Which questions ask about a protected characteristic, and the reason that the cut-offs file gives."""
        given = self.governance.protected_characteristics
        rows = [
            (_words(name), ", ".join(self.engine.checklist.question(q).label for q in asked), given.get(name, "none"))
            for name, asked in uses(self.engine.checklist).items()
        ]
        return _table(("characteristic", "questions", "reason in the cut-offs file"), rows)

    def inputs(self) -> str:
        """How much each question can move the odds, and where that comes from."""
        published = dict(_rows(_section(self.engine.bundle.card, "Where the figures come from")))
        rows = []
        for question in self.questions:
            names = [item.id for item in self.engine.features.inputs_of[question.id]]
            _, span, source = published[question.label]
            rows.append((question.label, str(len(names)), f"{self._largest(names):.2f}", span, source))
        return _table(("question", "inputs", "largest effect on the odds", "80% range", "where it comes from"), rows)

    def expected(self) -> str:
        """What the model can be expected to do."""
        return _section(self.engine.bundle.card, "How well it can be expected to do")

    def limits(self) -> str:
        """What the model is not good at."""
        return _section(self.engine.bundle.card, "Limits")

    def cut_offs(self) -> str:
        """The bands with their shares, and what the file says of itself."""
        file, edges = self.cutoffs.file, self.engine.points.edges
        rows = [(file.bands[0].name, "everyone", "", file.bands[0].offers)]
        for band, edge in zip(file.bands[1:], edges, strict=True):
            level = band.rule.level if band.rule is not None else None
            assert level is not None
            who = f"top {level.share}%" if level.share is not None else f"probability {level.probability} and above"
            rows.append((band.name, who, f"{in_100(logistic(edge))} in 100", band.offers))
        head = ("support proposed", "for whom (of the reference population)", "reached from", "it offers")
        return "\n".join([_table(head, rows), "", *(f"- {line}" for line in self._about_cutoffs())])

    def approval(self) -> str:
        """Who answers for the cut-offs."""
        found = self.governance
        dates = [str(day) if day is not None else "none" for day in (found.approved_on, found.review_date)]
        return _table(
            ("what", "in the cut-offs file"),
            [
                ("For demonstration only", _yes(found.demonstration)),
                ("Approved by", found.approved_by or "nobody"),
                ("Approved on; review by", "; ".join(dates)),
                ("Data protection impact assessment", found.assessments.data_protection or "none"),
                ("Equality impact assessment", found.assessments.equality or "none"),
            ],
        )

    def retention(self) -> str:
        """How long each kind of record is kept, from when, and why."""
        periods = load_periods()
        rows = [
            (period.holds, periods.of(period.kind).words, period.counts_from, period.why) for period in periods.periods
        ]
        return _table(("what is held", "kept for", "counted from", "why so long"), rows)

    def use(self) -> str:
        """What the figures may be used for."""
        wording = load_wording(self.engine.checklist.folder)
        return "\n".join(f"- {line}" for line in wording.permitted_use.text)

    def reasons(self) -> str:
        """For which reasons a caseworker may change a proposed band."""
        ways = {("up",): "more support", ("down",): "less support"}
        rows = [
            (code.text, ways.get(code.directions, "either way"), code.note)
            for code in load_reasons(self.engine.checklist.folder).reasons
        ]
        return _table(("reason", "towards", "note"), rows)

    def _about_cutoffs(self) -> Iterable[str]:
        file = self.cutoffs.file
        yield f"Permitted use: {file.permitted_use}"
        yield f"Why these: {file.reasoning}"
        yield f"At least {file.enough_answers.at_least} answers are needed for a band. {file.enough_answers.why}"
        yield "Health and disability answers can raise a proposed band and never lower it."

    def _asked(self, question: Question) -> Sequence[str]:
        when = ["interview" if question.interview else "only if chosen"]
        if question.event_form is not None:
            when.append("event form")
        if (weeks := question.not_applicable_until_weeks_after_job_ends) is not None:
            when.append(f"from {weeks} weeks after the job ended")
        characteristic = _words(question.protected) if question.protected else ""
        sensitive, special = _SENSITIVE[question.sensitivity], _yes(question.special_category)
        return question.label, sensitive, special, characteristic, _yes(question.decline), ", ".join(when)

    def _largest(self, inputs: Sequence[str]) -> float:
        tables = [self.engine.bundle.tables[name].points for name in inputs]
        return math.exp(sum(max(points) - min(points) for points in tables))


BLOCKS: dict[str, Callable[[Pack], str]] = {
    "versions": Pack.versions,
    "estimates": Pack.estimates,
    "source": Pack.source,
    "questions": Pack.questions_asked,
    "special": Pack.special,
    "protected": Pack.protected,
    "inputs": Pack.inputs,
    "expected": Pack.expected,
    "limits": Pack.limits,
    "cutoffs": Pack.cut_offs,
    "approval": Pack.approval,
    "retention": Pack.retention,
    "use": Pack.use,
    "reasons": Pack.reasons,
}


def filled(page: str, pack: Pack) -> str:
    """The page with every block made anew.

    Raises:
        ValueError: the page has a mark for a block that is not known, or marks that do not match.
    """
    names = _BLOCK.findall(page)
    if not page.count("<!-- generated: ") == page.count("<!-- end -->") == len(names):
        raise ValueError(
            "The marks of the page do not match: each '<!-- generated: NAME -->' needs one '<!-- end -->'."
        )
    for name in names:
        if name not in BLOCKS:
            raise ValueError(f"There is no block '{name}'. Use one of {', '.join(BLOCKS)}.")
    return _BLOCK.sub(lambda found: f"<!-- generated: {found[1]} -->\n\n{BLOCKS[found[1]](pack)}\n\n<!-- end -->", page)


def by_hand(page: str) -> str:
    """The page without what is generated."""
    return _BLOCK.sub("", page)


def _section(card: str, heading: str) -> str:
    found = re.search(rf"^## {re.escape(heading)}\n\n(.*?)(?=\n## |\Z)", card, re.DOTALL | re.MULTILINE)
    if found is None:
        raise ContentError(f"The model card has no section '{heading}'.")
    return found[1].strip()


def _rows(text: str) -> Iterable[tuple[str, tuple[str, ...]]]:
    """The rows of the tables of a text, by their first cell."""
    for line in text.splitlines():
        if line.startswith("| "):
            first, *rest = line.strip("| ").split(" | ")
            yield first, tuple(rest)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |" for cells in lines)


def _words(name: str) -> str:
    return name.replace("_", " ")


def _yes(answer: bool) -> str:
    return "yes" if answer else "no"


def main() -> None:
    """Write the blocks of each page."""
    pack = Pack(triage.load())
    for path in sorted(PAGES.glob("*.md")):
        page = path.read_text(encoding="utf-8")
        path.write_text(filled(page, pack), encoding="utf-8", newline="\n")
    print(f"Wrote the figures of {len(list(PAGES.glob('*.md')))} pages in docs/governance.")


if __name__ == "__main__":
    main()
