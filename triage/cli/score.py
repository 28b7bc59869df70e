"""How does somebody score an attendance list? The command `score`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from textwrap import wrap

from triage.cli.ask import ask_in_terminal, show_mapping
from triage.cli.options import add_engine_options, day, engine_from
from triage.cli.progress import Progress
from triage.cli.waterfall import can_show_blocks, waterfall
from triage.cutoffs import with_places
from triage.engine import Engine, Score
from triage.errors import UsageError
from triage.lists.explain import FIRST
from triage.lists.mapping import check_target, save_mapping
from triage.lists.plan import Plan
from triage.lists.score import Outcome, Request, output_path, score_list
from triage.lists.vocabulary import Vocabulary

SCORED, SOME_NOT = 0, 3
#: Clients of whom no figure is shown, and so no waterfall.
_WITHOUT_FIGURE = ("has_job", "redeployed")


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command `score`."""
    parser = subparsers.add_parser(
        "score",
        help="score an attendance list (CSV or XLSX)",
        description="Score the people of an attendance list. Every row comes out, scored or with the reason why not."
        " Exit code: 0 all clients scored, 3 some not (the output is written), 2 nothing could be done.",
    )
    parser.add_argument("list", metavar="LIST", type=Path, help="the list, CSV or XLSX")
    parser.add_argument("-o", "--output", metavar="OUT", type=Path, required=True, help="the output, .csv or .xlsx")
    parser.add_argument("--mapping", metavar="FILE", type=Path, help="which column answers what (YAML)")
    parser.add_argument("--save-mapping", metavar="FILE", type=Path, help="write the mapping that was used")
    parser.add_argument("--on", metavar="DATE", type=day, help="score as on DATE, as 2026-10-31 (default: today)")
    parser.add_argument(
        "--places",
        metavar="BAND=N",
        action="append",
        type=_places,
        default=[],
        help="so many places of a band, as intensive=40: propose them by score, and name a tied group at the edge; a"
        " workbook has the whole order, on a sheet of its own",
    )
    parser.add_argument("--answers", action="store_true", help="write each answer as it was understood")
    parser.add_argument(
        "--include-sensitive",
        action="store_true",
        help="write health, attitude and family-background answers and reasons as well; the file's name says so",
    )
    parser.add_argument("--explain", metavar="ROW", type=_row, help="explain the client of a row, or 'first'")
    add_engine_options(parser)
    parser.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    """Score the list and say what happened; returns the exit code 0 or 3.

    Raises:
        UserError: nothing could be done.
    """
    engine = _with_places(engine_from(args), args.places)
    terminal = sys.stdin.isatty() and sys.stdout.isatty()
    request = Request(args.list, args.output, args.on, args.mapping, args.answers, args.include_sensitive, args.explain)
    if args.save_mapping is not None:
        check_target(args.save_mapping, [args.list, output_path(request)])

    def planned(plan: Plan, vocabulary: Vocabulary) -> None:
        if args.save_mapping is not None:
            tables = [(table.headings, table.roles) for table in plan.tables if table.headings is not None]
            save_mapping(args.save_mapping, tables, vocabulary)
        if terminal:
            show_mapping(plan, vocabulary)

    ask = ask_in_terminal(engine) if terminal else None
    progress = Progress("rows")
    outcome = score_list(engine, request, ask, progress, planned)
    progress.clear()
    _say(outcome, engine, args)
    if outcome.unexplained:
        raise UsageError(outcome.unexplained)
    summary = outcome.report.summary
    return SOME_NOT if summary.unscored or not summary.clients else SCORED


def _with_places(engine: Engine, given: Sequence[tuple[str, int]]) -> Engine:
    """The engine with places to share out on this list, in place of the cut-off of a band.

    Raises:
        UsageError: a band is named twice.
    """
    if len(dict(given)) < len(given):
        raise UsageError("--places names a band twice. Give each band once, with all its places.")
    cutoffs = engine.cutoffs
    for band, places in given:
        cutoffs = with_places(cutoffs, band, places)
    return Engine(engine.bundle, engine.features, cutoffs) if given else engine


def _say(outcome: Outcome, engine: Engine, args: argparse.Namespace) -> None:
    print("\n".join(outcome.report.lines()))
    if outcome.explained is not None:
        print()
        print("\n".join(explained(*outcome.explained, engine, args.include_sensitive)))
    print()
    if args.places:
        print("Nothing is released by this. A person decides row by row, in the columns for overrides.")
    print(engine.words.source()[-1])
    print(engine.words.wording.permitted_use.short)
    if outcome.out != args.output:
        print(f"The output holds answers or reasons that are kept apart, and its name says so: {outcome.out}")
    print(f"Written: {outcome.out}")


def explained(where: str, score: Score, engine: Engine, sensitive: bool) -> Sequence[str]:
    """One client's score in sentences and as a waterfall, without a name."""
    questions = engine.checklist.questions
    said = [line for text in score.sentences[:3] for line in wrap(text, 80)]
    if score.status in _WITHOUT_FIGURE:
        return [f"The client of {where}", "", *said]
    labels = {question.id: question.label for question in questions}
    apart = () if sensitive else tuple(question.id for question in questions if question.kept_apart)
    return [
        f"The client of {where}",
        "",
        waterfall(score, labels, apart, blocks=can_show_blocks()),
        "",
        *said,
    ]


def _row(text: str) -> str:
    if text != FIRST and not (text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError(f"'{text}' is not a row. Give its number, or 'first'.")
    return text


def _places(text: str) -> tuple[str, int]:
    band, _, number = text.partition("=")
    if not (band and number.isascii() and number.isdigit() and len(number) < 8):
        raise argparse.ArgumentTypeError(f"'{text}' names no places. Write the band and their number: intensive=40.")
    return band.strip(), int(number)
