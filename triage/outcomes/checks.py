"""Is there enough to learn from: rows, outcomes of both kinds, follow-up, weights, questions that were asked?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from triage.engine.encode_columns import ANSWERED
from triage.features import Features
from triage.numbers import shortest
from triage.outcomes.alike import codes_of
from triage.outcomes.follow_up import answer_groups, bounds, in_sight, never_reached, unlike
from triage.outcomes.label import Competing, Label
from triage.outcomes.outcomes import Outcomes
from triage.outcomes.problems import Remark, counted

#: Fewer people with a known outcome, or with or without the outcome, than these, and nothing can be learned or judged.
LEAST_KNOWN, LEAST_OF_EACH = 10, 5
#: The usual rule of thumb for a regression that starts from nothing (Peduzzi and others 1996).
EACH_PER_QUESTION = 10
#: On real displaced workers a model learned from 50 people was no better than the evidence alone.
FEW_ROWS = 50
LEAST_FOLLOW_UP = 0.6
MOST_WEIGHT, LEAST_EFFECTIVE = 20.0, 0.5
#: Follow-up differs by answer where groups of this size are so far apart, and so surely: every question is looked at.
_GROUP, _APART, _SURE = 30, 0.15, 4.0


def enough(outcomes: Outcomes, label: Label) -> Iterator[Remark]:
    """Rows, people whose outcome is known, and of both kinds. Each "stop" here is about the horizon or the file."""
    known = int(label.known.sum())
    cases = int((label.known & label.outcome).sum())
    others, weeks = known - cases, shortest(label.horizon)
    figures = {"rows": len(outcomes), "known": known, "with_outcome": cases, "without_outcome": others}
    if known < len(outcomes) and not (outcomes.weeks >= label.horizon).any():
        yield _beyond(outcomes, weeks, figures)
    if not known:
        what = f"The outcome at {weeks} weeks is known of nobody: all were lost from sight before."
        yield Remark(
            "nobody_known", "stop", f"{what} Follow people up for longer, or choose a shorter horizon.", figures
        )
    elif known < LEAST_KNOWN:
        what = f"The outcome at {weeks} weeks is known of too few: {known}, and at least {LEAST_KNOWN} are needed."
        yield Remark("few_known", "stop", f"{what} Follow more people up, or choose a shorter horizon.", figures)
    elif (clients := len(np.unique(outcomes.client.astype(str)))) < LEAST_KNOWN:
        what = f"All rows are of {counted(clients, 'client')}, and at least {LEAST_KNOWN} are needed."
        do = "Check that the column 'client' has an id of its own for each person."
        yield Remark("few_clients", "stop", f"{what} {do}", {**figures, "clients": clients})
    elif not cases or not others:
        what = f"Of the {known:,} people whose outcome at {weeks} weeks is known, {'all' if cases else 'none'} have it."
        do = "There is nothing to tell apart. Check the columns 'weeks' and 'outcome', or choose another horizon."
        yield Remark("one_class", "stop", f"{what} {do}", figures)
    elif min(cases, others) < LEAST_OF_EACH:
        what = f"Known at {weeks} weeks: {cases:,} with the outcome and {others:,} without it."
        do = f"At least {LEAST_OF_EACH} of each are needed. Wait for more, or choose another horizon."
        yield Remark("too_few", "stop", f"{what} {do}", figures)
    else:
        yield from _thin(outcomes, min(cases, others), figures)


def _beyond(outcomes: Outcomes, weeks: str, figures: Mapping[str, int]) -> Remark:
    longest = float(outcomes.weeks.max()) if len(outcomes) else 0.0
    # At this horizon or a shorter one, at least so many are still in sight.
    reached = float(np.sort(outcomes.weeks)[-LEAST_KNOWN]) if len(outcomes) >= LEAST_KNOWN else 0.0
    text = f"Nobody was followed up for {weeks} weeks; the longest follow-up is {shortest(longest)} weeks. " + (
        f"At {shortest(reached)} weeks {LEAST_KNOWN} people are still in sight: choose a horizon up to there, or wait."
        if reached >= 1
        else "Wait, and follow people up for longer."
    )
    return Remark("horizon_beyond_follow_up", "stop", text, {**figures, "longest": longest, "reached": reached})


def _thin(outcomes: Outcomes, fewest: int, figures: Mapping[str, int]) -> Iterator[Remark]:
    """What can be expected of little data."""
    asked = int((outcomes.states == ANSWERED).any(axis=0).sum())
    if len(outcomes) < FEW_ROWS:
        text = f"There are {counted(len(outcomes), 'row')}. From so few the result is the evidence almost unchanged."
        yield Remark("few_rows", "warn", text, figures)
    elif fewest < EACH_PER_QUESTION * asked:
        text = (
            f"The smaller group, with or without the outcome, has {fewest:,} people for {counted(asked, 'question')}. "
            f"With fewer than {EACH_PER_QUESTION} for each, the result stays near the evidence, with wide intervals."
        )
        yield Remark("few_for_questions", "warn", text, {**figures, "questions": asked})


def followed(outcomes: Outcomes, label: Label, competing: Competing) -> Iterator[Remark]:
    """How many are known at the horizon, with bounds where they are too few, and how heavy the known weigh."""
    found = bounds(outcomes, label.horizon, competing)
    weeks, never = shortest(label.horizon), int(never_reached(outcomes).sum())
    if never:
        text = f"{counted(never, 'row')} of {len(outcomes):,} are of people never reached after the job ended."
        yield Remark("never_reached", "note", text, {"rows": never, "share": never / len(outcomes)})
    if found.known < LEAST_FOLLOW_UP and np.isfinite(found.estimate):
        text = (
            f"The outcome at {weeks} weeks is known of {found.known:.0%} only. The estimated share with the outcome is "
            f"{found.estimate:.1%} if those lost from sight are like the others; without that assumption it lies "
            f"anywhere from {found.low:.1%} to {found.high:.1%}. Show both."
        )
        figures = {"known": found.known, "estimate": found.estimate, "low": found.low, "high": found.high}
        yield Remark("follow_up", "warn", text, figures)
    yield from _weights(outcomes, label)


def _weights(outcomes: Outcomes, label: Label) -> Iterator[Remark]:
    counted_in = label.known & (outcomes.weight > 0)
    if not counted_in.any():
        return
    weight = label.weight[counted_in]
    most = float((weight / outcomes.weight[counted_in]).max())
    effective = float(weight.sum() ** 2 / (weight**2).sum()) / len(weight)
    if most > MOST_WEIGHT or effective < LEAST_EFFECTIVE:
        text = (
            f"A few people stand for many: one for {most:.1f} like them, and {len(weight):,} people with a known "
            f"outcome count like {effective * len(weight):,.0f}. A shorter horizon or more follow-up makes this better."
        )
        yield Remark("weights", "warn", text, {"most": most, "effective": effective})


def rate(label: Label, outcomes: Outcomes, plausible: tuple[float, float]) -> Iterator[Remark]:
    """The share with the outcome beside what was expected of it; silent where chance alone could explain it."""
    low, high = plausible
    weight = label.weight[label.known]
    if not weight.sum():
        return
    share, spread = label.rate, float(np.sqrt((weight**2).sum())) / float(weight.sum())
    # The error is that of the share expected: of a share of 0 or 1 among few people it would be 0.
    above, below = (2 * spread * np.sqrt(edge * (1 - edge)) for edge in (high, low))
    if share - above > high or share + below < low:
        text = (
            f"The share with the outcome at {shortest(label.horizon)} weeks is {share:.1%}; expected was {low:.1%} to "
            f"{high:.1%}. Check the columns 'weeks' and 'outcome', who was followed up, and the horizon."
        )
        yield Remark("base_rate", "warn", text, {"share": share, "low": low, "high": high, "rows": len(outcomes)})


def columns(outcomes: Outcomes, features: Features) -> Iterator[Remark]:
    """Questions that nobody answered, and those that everybody answered alike."""
    silent, same = [], []
    for place, question in enumerate(features.checklist.questions):
        rows = outcomes.states[:, place] == ANSWERED
        given = outcomes.inputs[np.ix_(rows, [item.place for item in features.inputs_of[question.id]])]
        if not rows.any():
            silent.append(question.id)
        elif len(given) > 1 and not codes_of(given).any():
            same.append(question.id)
    if silent:
        text = f"Nobody answered {_named(silent)}. What the model says of it stays as in the evidence."
        yield Remark("never_answered", "warn", text, {"questions": ", ".join(silent)})
    if same:
        text = f"All who answered {_named(same)} gave the same answer. Nothing can be learned of that. Is it right?"
        yield Remark("constant", "warn", text, {"questions": ", ".join(same)})


def _named(names: list[str]) -> str:
    return f"the question{'s' * (len(names) > 1)} {', '.join(repr(name) for name in names)}"


def follow_up_by_answer(
    outcomes: Outcomes, horizon: float, features: Features, competing: Competing
) -> Iterator[Remark]:
    """Questions where people with different answers were followed up to a different extent."""
    apart = sorted(
        (gap, question.id)
        for place, question in enumerate(features.checklist.questions)
        if (gap := _follow_up_gap(outcomes, place, features, horizon, competing)) >= _APART
    )
    if apart:
        gap, name = apart[-1]
        names = [question for _, question in reversed(apart)]
        text = (
            f"Follow-up differs by the answer to {_named(names)}: for '{name}' the chance of still being in sight at "
            f"{shortest(horizon)} weeks is {100 * gap:.0f} points higher in one group than in another. The weights do "
            "not see that. Look at the table of follow-up by answer before you trust what is learned of it."
        )
        yield Remark("follow_up_by_answer", "warn", text, {"questions": ", ".join(names), "gap": gap})


def _follow_up_gap(outcomes: Outcomes, place: int, features: Features, horizon: float, competing: Competing) -> float:
    """How far the best and the worst followed groups of a question are apart; 0 where that may be chance."""
    groups = [rows for _, rows in answer_groups(outcomes, place, features) if rows.sum() >= _GROUP]
    if len(groups) < 2:
        return 0.0
    if unlike(outcomes, groups, horizon, competing) < _SURE:
        return 0.0
    chances = [in_sight(outcomes, rows, horizon, competing) for rows in groups]
    return max(chances) - min(chances)
