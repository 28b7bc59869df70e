"""What does the engine say about one client, in the terminal? The command `explain`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from triage.cli.options import add_engine_options, day, engine_from
from triage.cli.waterfall import can_show_blocks, waterfall
from triage.engine import Engine, Score
from triage.errors import UsageError
from triage.yamlfile import parse_yaml, read_text

_WIDTH = 80
#: Statuses for which no figure is shown: the label of the model is not about these people.
WITHOUT_FIGURES = ("has_job", "redeployed")


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command `explain`."""
    explain = subparsers.add_parser("explain", help="score one client and show how it adds up")
    explain.add_argument("answers", nargs="*", metavar="QUESTION=ANSWER", help="for instance age=57 area=Falkirk")
    explain.add_argument(
        "--file", type=Path, help="a YAML or JSON file of answers; keeps them out of the shell history"
    )
    explain.add_argument("--on", type=day, metavar="DATE", help="the day of the interview (default: today)")
    explain.add_argument("--json", action="store_true", help="print the score as JSON, for programs")
    add_engine_options(explain)
    explain.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    """Score and print one client; returns the exit code 0.

    Raises:
        UserError: the answers or a file cannot be used.
    """
    answers = _from_file(args.file) | _from_words(args.answers)
    engine = engine_from(args)
    score = engine.score(answers, on=args.on)
    if args.json:
        sys.stdout.write(json.dumps(score.to_dict(), indent=1, ensure_ascii=False) + "\n")
    else:
        sys.stdout.write(explained(score, engine) + "\n")
    return 0


def explained(score: Score, engine: Engine) -> str:
    """One client's score as text: what it says, how it adds up, what stands out, what to ask next."""
    if score.status in WITHOUT_FIGURES:
        return f"{engine.words.band(score)}\n\n{_versions(score)}"
    words = engine.words.wording
    labels = {question.id: question.label for question in engine.checklist.questions}
    parts = ["\n".join(score.sentences), waterfall(score, labels, width=_WIDTH, blocks=can_show_blocks())]
    for heading, found in ((words.headings.strengths, score.strengths), (words.headings.reasons, score.reasons)):
        if found:
            parts.append("\n".join([f"{heading}:", *(f"  {item.text}" for item in found)]))
    if not score.strengths and not score.reasons:
        parts.append(words.notes.nothing_stands_out)
    parts.append("\n".join(_silence(score, engine)))
    parts.append(_versions(score))
    return "\n\n".join(part for part in parts if part)


def _versions(score: Score) -> str:
    versions = score.versions
    return f"Model {versions.model}, checklist {versions.checklist}, cut-offs {versions.cutoffs}."


def _silence(score: Score, engine: Engine) -> Iterable[str]:
    """What was not answered, and why, and what to ask next."""
    notes = engine.words.wording.notes
    label = engine.checklist.question
    if score.declined:
        yield notes.declined.format(questions=_names(label(name).label for name in score.declined))
    if score.not_applicable:
        late = label(score.not_applicable[0]).not_applicable_until_weeks_after_job_ends
        names = _names(label(name).label for name in score.not_applicable)
        yield notes.not_applicable_yet.format(weeks=late, questions=names)
    if score.unanswered:
        yield notes.not_asked.format(questions=_names(label(name).label for name in score.unanswered))
    if score.enough_is_known:
        yield notes.enough_known
    elif score.next_question is not None:
        yield notes.next_question.format(questions=label(score.next_question).ask)


def _names(labels: Iterable[str]) -> str:
    return ", ".join(labels)


def _from_words(words: Iterable[str]) -> dict[str, Any]:
    pairs = [word.partition("=") for word in words]
    wrong = [name for name, sign, _ in pairs if not sign]
    if wrong:
        raise UsageError("Answers are written as QUESTION=ANSWER, for instance age=57. See 'ltu-triage checklist'.")
    return {name: value for name, _, value in pairs}


def _from_file(path: Path | None) -> dict[str, Any]:
    if path is None:
        return {}
    data = parse_yaml(read_text(path, UsageError), path, UsageError)
    if not isinstance(data, dict):
        raise UsageError(f"{path} does not hold answers. Write one 'question: answer' on each line.")
    return {str(name): value for name, value in data.items()}
