"""What was said beside the questions: where things stand with the job, and when it ends? Never scored."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from triage.casework.answers import short
from triage.casework.service import Service
from triage.casework.texts import field_error
from triage.checklist import JOB_ENDS, REDUNDANCY_STATUS, ContextField
from triage.engine.answers import OBJECTS, context_reader
from triage.errors import CaseworkError
from triage.faults import Fault, did_you_mean
from triage.yamlfile import count

#: A client may object whatever the checklist asks.
_OBJECTS_FIELD = ContextField(id=OBJECTS, label="", ask="", kind="yes_no")
#: A day further away than this is a slip of the pen.
_YEARS_BACK, _YEARS_AHEAD = 10, 2
_LONGEST = 64


def split_objection(service: Service, given: Mapping[str, object]) -> tuple[dict[str, object], bool]:
    """The context without the client's objection, and whether there is one: an objection is a state, not a field.

    Raises:
        CaseworkError: what stands there is neither yes nor no.
    """
    rest = {name: value for name, value in given.items() if name != OBJECTS}
    features = service.engines.now.features
    asked, said = features.checklist.context_by_id.get(OBJECTS, _OBJECTS_FIELD), given.get(OBJECTS)
    try:
        if short(said):
            return rest, bool(context_reader(asked, features)(said))
    except ValueError:
        pass
    raise field_error(OBJECTS, "This is neither yes nor no.", "Say yes or no.")


def read_context(service: Service, given: Mapping[str, object]) -> dict[str, Any]:
    """The context fields as they are kept: option ids, ISO days, true or false; empty ones are left out.

    Raises:
        CaseworkError: a field is unknown or cannot be read; `faults` name the fields.
    """
    features = service.engines.now.features
    fields = features.checklist.context_by_id
    found: dict[str, Any] = {}
    faults: list[Fault] = []
    for name, value in given.items():
        if name not in fields or not short(value):
            what = "The checklist has no such field." if name not in fields else "This is too long."
            faults.append(Fault(name[:_LONGEST], what, did_you_mean(name[:_LONGEST], fields)))
            continue
        try:
            read = context_reader(fields[name], features)(value)
        except ValueError as problem:
            faults.append(Fault(name, f"{str(problem)[:1].upper()}{str(problem)[1:]}"))
            continue
        if read is not None:
            found[name] = read
    faults += _implausible(found, service.today)
    if faults:
        raise CaseworkError(f"These details cannot be used as they stand: {count(faults)}.", faults)
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in found.items()}


def _implausible(context: Mapping[str, Any], today: date) -> list[Fault]:
    ends = context.get(JOB_ENDS)
    if ends is None:
        return []
    if not today.year - _YEARS_BACK <= ends.year <= today.year + _YEARS_AHEAD:
        return [Fault(JOB_ENDS, "This day is too far away.", "Check the year.")]
    if context.get(REDUNDANCY_STATUS) == "left" and ends > today:
        return [Fault(JOB_ENDS, "The job has ended, so its last day is not in the future.", "Correct one of the two.")]
    return []
