"""What do the commands `policy` print?"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from triage.policies import Entry, Promoted
from triage.policies import words as said


def promotion(found: Promoted, folder: Path) -> str:
    """That a policy is in force now, and on what it rests."""
    lines = [
        f"{found.version} is in force now, in {folder}.",
        _approved(found),
        _signed(found, checked=False),
        *_evidence(found),
        "A service that uses this folder takes it up within a few seconds. Its page Service says so.",
    ]
    return _text(lines)


def back_again(found: Promoted, folder: Path) -> str:
    """That an earlier policy is in force again, and that nothing was measured for it anew."""
    before = found.record.evidence["in_force_version"]
    told = (
        f"These figures, and the gaps that widen, were measured against {before} when it was promoted. Going back is"
        " not judged anew: to see what it changes now, tune with it.\n"
    )
    return promotion(found, folder) + told


def about(found: Promoted, *, checked: bool) -> str:
    """All that is kept of a policy. `checked`: its signature was."""
    record, file = found.record, found.cutoffs.file
    now = f"In force since {_moment(found.since)}, put there by {found.by}." if found.since else "Not in force now."
    lines = [
        f"{found.version}: {file.title}",
        now,
        f"Promoted {_moment(record.at)} by {record.by}: {record.why}",
        f"From the {record.source}." if record.source else "",
        _approved(found),
        f"That part is the one of {record.governance_from}." if record.governance_from else "",
        _signed(found, checked=checked),
        f"SHA-256 {found.sha256}",
        *_evidence(found),
    ]
    return _text([line for line in lines if line])


def entry(item: Entry, *, is_now: bool) -> str:
    """One change of what is in force, in two lines."""
    how = "back to it" if item.kind == "back" else "promoted"
    after = f", after {item.before}" if item.before else ""
    now = "  (in force)" if is_now else ""
    return f"{item.version}{now}\n  {_moment(item.at)}, {how} by {item.by}{after}: {item.why}\n"


def _evidence(found: Promoted) -> list[str]:
    record = found.record
    data = record.evidence
    lines = [
        f"Evidence: {data['policy']['name']}, model {data['model']['id']}, {said.people(data)}",
        f"  {said.scores(data)}",
        *(f"  {said.band(item)}" for item in data["policy"]["bands"]),
        *(f"  {said.gap(item)}" for item in data["policy"]["widened"]),
    ]
    return [*lines, f"  Accepted in writing: {record.trade_off}"] if record.trade_off else lines


def _approved(found: Promoted) -> str:
    governance = found.governance
    if governance.demonstration:
        return "For demonstration only: nobody approved it."
    return (
        f"Approved by {governance.approved_by} on {governance.approved_on}, to be reviewed by {governance.review_date}."
    )


def _signed(found: Promoted, *, checked: bool) -> str:
    if not found.record.signed:
        return "It is not signed."
    return "It is signed, and the signature is right." if checked else "It is signed."


def _moment(at: str) -> str:
    return f"{datetime.fromisoformat(at):%Y-%m-%d %H:%M} UTC"


def _text(lines: list[str]) -> str:
    return "\n".join(lines) + "\n"
