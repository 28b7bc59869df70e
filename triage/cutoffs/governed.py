"""May the service use these cut-offs: has somebody answered for them in writing?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from triage.checklist import Checklist
from triage.cutoffs.cutoffs import Cutoffs
from triage.cutoffs.schema import Governance
from triage.errors import CutoffsError
from triage.faults import Fault, did_you_mean
from triage.yamlfile import count

#: How the drafts in `docs/governance/` mark what an organisation has to fill in.
MARKER = "[Your organisation:"


def check_governed(cutoffs: Cutoffs, checklist: Checklist, on: date, demonstration: bool) -> None:
    """Refuse cut-offs that nobody has answered for.

    Args:
        cutoffs: the cut-offs that the service is to use.
        checklist: the checklist that it asks.
        on: the day of use.
        demonstration: True where the service runs as a demonstration. Only then may the file be for demonstration: it
            says so in each place, and it needs no dates.

    Raises:
        CutoffsError: something is missing, out of date or for demonstration only; all faults are named.
    """
    governance = cutoffs.file.governance or Governance()
    if governance.demonstration and not demonstration:
        what = "they are for demonstration only."
        hint = "Write cut-offs of your own and have them approved: docs/governance/README.md."
        raise CutoffsError(f"The cut-offs {cutoffs.version} cannot be used here.", [Fault("governance", what, hint)])
    said = [*_approval(governance), *_dates(governance, on), *_reasons(governance, checklist)]
    faults = [Fault("governance", what, hint) for what, hint in said]
    if faults:
        raise CutoffsError(f"The cut-offs {cutoffs.version} are not ready for the service: {count(faults)}.", faults)


def uses(checklist: Checklist) -> dict[str, tuple[str, ...]]:
    """What needs a written reason, with the ids of its questions.

    That is each protected characteristic that a question asks about, by its id. A special-category question that names
    none stands under its own id.
    """
    found: dict[str, tuple[str, ...]] = {}
    for question in checklist.questions:
        name = question.protected or (question.id if question.special_category else None)
        if name is not None:
            found[name] = (*found.get(name, ()), question.id)
    return found


def _approval(governance: Governance) -> Iterator[tuple[str, str]]:
    assessments = governance.assessments
    fields = (
        ("approved_by", governance.approved_by, "who approved them"),
        ("assessments.data_protection", assessments.data_protection, "where the data protection impact assessment is"),
        ("assessments.equality", assessments.equality, "where the equality impact assessment is"),
    )
    for name, text, needed in fields:
        if not text:
            yield f"'{name}' is missing:", f"say {needed}."
        elif MARKER in text:
            yield f"'{name}' still holds a marker of the draft:", f"say {needed}."


def _dates(governance: Governance, on: date) -> Iterator[tuple[str, str]]:
    if not governance.demonstration:
        if governance.approved_on is None:
            yield "'approved_on' is missing:", "say when they were approved."
        if governance.review_date is None:
            yield "'review_date' is missing:", "say by when somebody looks at them again."
    if governance.approved_on is not None and governance.approved_on > on:
        yield f"'approved_on' is {governance.approved_on}, after {on}.", ""
    if governance.review_date is not None and governance.review_date < on:
        yield f"'review_date' was {governance.review_date}.", "Review them, and have them approved again."


def _reasons(governance: Governance, checklist: Checklist) -> Iterator[tuple[str, str]]:
    needed, given = uses(checklist), governance.protected_characteristics
    for name, questions in needed.items():
        reason = given.get(name, "")
        if not reason:
            asked = ", ".join(f"'{question}'" for question in questions)
            yield f"'protected_characteristics' has no reason for '{name}':", f"say why {asked} must be used."
        elif MARKER in reason:
            yield f"the reason for '{name}' still holds a marker of the draft:", "write it down."
    for name in given:
        if name not in needed:
            yield f"'protected_characteristics' names '{name}', which no question uses.", did_you_mean(name, needed)
