"""May this candidate be promoted: by this person, on this evidence, for this model?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from triage.bundle import Bundle
from triage.cutoffs import Cutoffs, check_governed
from triage.cutoffs.schema import Governance
from triage.errors import CutoffsError, PolicyError
from triage.faults import Fault
from triage.features import Features
from triage.policies.answering import LENGTHS, is_name, is_reason
from triage.policies.evidence import Evidence
from triage.policies.words import gap
from triage.schema import Content, content
from triage.yamlfile import count, read_yaml


@dataclass(frozen=True)
class Answer:
    """Who changes what is in force, why, and what they accept with it.

    Attributes:
        by: the name of a person.
        why: why, in a sentence or more.
        trade_off: why a gap between groups may widen; needed only where one does.
    """

    by: str
    why: str
    trade_off: str = ""

    def __post_init__(self) -> None:
        if not is_name(self.by):
            raise PolicyError("A policy needs the name of the person who answers for it. Give it with --by.")
        _check_text("why", self.why)
        if self.trade_off:
            _check_text("trade-off", self.trade_off)


def _check_text(name: str, text: str) -> None:
    if not is_reason(text):
        raise PolicyError(f"Write --{name} in a sentence or more, of {LENGTHS}.")


@dataclass(frozen=True)
class Target:
    """The model and the checklist, with its features, that a policy is to be used with.

    Raises:
        BundleError: the model was not made for the checklist.
    """

    bundle: Bundle
    features: Features

    def __post_init__(self) -> None:
        self.bundle.check_fits(self.features)

    def check(self, cutoffs: Cutoffs, on: date, demonstration: bool) -> None:
        """Refuse cut-offs that the service would refuse.

        Raises:
            CutoffsError: they do not fit, or nobody answers for them on this day.
            PolicyError: they are for clients, and go into the folder of a demonstration.
        """
        cutoffs.check_fits(self.features.checklist)
        cutoffs.at(self.bundle)
        governance = cutoffs.file.governance
        if demonstration and (governance is None or not governance.demonstration):
            raise PolicyError(
                "With --demo the part 'governance' says 'demonstration: true', so that no service takes the policy for"
                " clients. Write it, or leave --demo out."
            )
        check_governed(cutoffs, self.features.checklist, on, demonstration)


@content
class _GovernanceFile(Content):
    """A file with the part `governance` of a cut-offs file alone."""

    governance: Governance


def read_governance(path: Path) -> Governance:
    """The part `governance` in a YAML file that holds nothing else.

    Raises:
        CutoffsError: the file has faults; all are named with their line.
    """
    return read_yaml(path, _GovernanceFile, CutoffsError, trusted=False).governance


def governance_again(before: Cutoffs, on: date, demonstration: bool) -> Governance:
    """The part `governance` of the cut-offs in force, to be used again.

    Args:
        before: the cut-offs in force.
        on: the day of the promotion.
        demonstration: True where what is promoted is for demonstration.

    Raises:
        PolicyError: it cannot be used again.
    """
    found = before.file.governance or Governance()
    what = ""
    if found.demonstration and not demonstration:
        what = "is for demonstration only"
    elif demonstration and not found.demonstration:
        what = "is for clients, and this promotion is for demonstration"
    elif found.review_date is not None and found.review_date < on:
        what = f"was to be reviewed by {found.review_date}"
    elif not found.demonstration and found.review_date is None:
        what = "has no review date"
    if what:
        raise PolicyError(
            f"No --governance is given, and that of {before.version}, which is in force, cannot be used again: it"
            f" {what}. Write who approves the new policy, and when it is reviewed, into a file and name it with"
            " --governance: docs/guides/analysts.md."
        )
    return found


def check_candidate(evidence: Evidence, target: Target, answer: Answer, demonstration: bool) -> None:
    """Refuse a candidate that must not be promoted.

    Args:
        evidence: what `tune` wrote about it.
        target: the model and the checklist that it is to be used with.
        answer: who promotes it, and what they accept.
        demonstration: True where it goes into the folder of a demonstration.

    Raises:
        PolicyError: it must not; every reason is named.
    """
    faults = [
        *_other_parts(evidence.data, target),
        *(Fault("evidence", str(item["why"])) for item in evidence.policy["blocked"]),
        *_simulated(evidence, demonstration),
        *_widened(evidence.policy["widened"], answer),
    ]
    if faults:
        raise PolicyError(f"'{evidence.policy['name']}' is not promoted: {count(faults)}.", faults)


def check_about(version: str, evidence: Mapping[str, Any], target: Target) -> None:
    """Refuse an earlier policy whose evidence says nothing of the model and the checklist of today.

    Raises:
        PolicyError: it does not; every reason is named.
    """
    faults = list(_other_parts(evidence, target))
    if faults:
        raise PolicyError(f"{version} is not put in force again: {count(faults)}.", faults)


def _other_parts(data: Mapping[str, Any], target: Target) -> Iterator[Fault]:
    model, bundle, checklist = data["model"], target.bundle, target.features.version
    if model["id"] != bundle.version:
        yield Fault(
            "model",
            f"the evidence is about {model['id']}, and this is {bundle.version}.",
            "Name the model with --model, or tune again.",
        )
    elif model["manifest_sha256"] != bundle.manifest_sha256:
        what = f"the evidence is about another release of {model['id']} than the one that is named here."
        yield Fault("model", what, "Name the right one with --model, or tune again.")
    if data["checklist"] != checklist:
        what = f"the evidence is about {data['checklist']}, and this is {checklist}."
        yield Fault("checklist", what, "Name the checklist with --checklist, or tune again.")


def _simulated(evidence: Evidence, demonstration: bool) -> Iterator[Fault]:
    if evidence.simulated and not demonstration:
        hint = "With --demo it can go into the folder of a demonstration."
        yield Fault("evidence", "its people are simulated, and say nothing about clients.", hint)


def _widened(widened: list[Mapping[str, Any]], answer: Answer) -> Iterator[Fault]:
    if answer.trade_off:
        if not widened:
            yield Fault("gaps", "none widens, so there is no trade-off to accept.", "Leave --trade-off out.")
        return
    for left, item in enumerate(widened, start=1 - len(widened)):
        # Once, after the last of them.
        yield Fault("gaps", gap(item), "" if left else "Say with --trade-off, in writing, why that is accepted.")
