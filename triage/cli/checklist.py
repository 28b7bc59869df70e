"""What is asked, on which forms, and who can help? The commands `checklist` and `services`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from textwrap import fill as fold_lines

from triage.checklist import Checklist
from triage.checklist.forms import event_form, form_text, full_form
from triage.checklist.page import form_page
from triage.checklist.printing import as_json, as_text
from triage.checklist.services import Offer, Services, load_services
from triage.checklist.wording import ServiceWords, fill, load_wording
from triage.errors import UsageError, UserError
from triage.faults import did_you_mean
from triage.features.areas import AreaTable
from triage.features.text import fold

_WIDTH = 100
_ENDINGS = {".html": False, ".htm": False, ".txt": True}


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands `checklist` and `services`."""
    checklist = subparsers.add_parser("checklist", help="print the checklist to read, for programs, or as a paper form")
    _add_folder(checklist)
    shape = checklist.add_mutually_exclusive_group()
    shape.add_argument("--json", action="store_true", help="print it as JSON, for programs")
    shape.add_argument(
        "--form",
        nargs="?",
        const="full",
        choices=("full", "event"),
        help="a form without any score: one page for a conversation, or half a page for an event",
    )
    checklist.add_argument("--text", action="store_true", help="the form as plain text instead of HTML")
    checklist.add_argument("-o", "--output", metavar="FILE", type=Path, help="write to FILE (.html or .txt)")
    checklist.set_defaults(func=run_checklist)

    services = subparsers.add_parser("services", help="list services, partners, and how to reach them")
    _add_folder(services)
    services.add_argument("--area", help="only what is offered in this area")
    services.add_argument(
        "--on",
        metavar="DATE",
        type=_day,
        help="say what is out of date on DATE, as 2026-10-31 (default: today)",
    )
    services.set_defaults(func=run_services)


def run_checklist(args: argparse.Namespace) -> int:
    """Print or write what was asked for; returns the exit code 0.

    Raises:
        UserError: the checklist has faults, or the file cannot be written.
    """
    checklist = Checklist.load(args.checklist)
    text = _wanted(args, checklist)
    if args.output is None:
        sys.stdout.write(text)
        return 0
    try:
        args.output.write_text(text, encoding="utf-8", newline="\n")
    except OSError as problem:
        raise UserError(f"{args.output} cannot be written: {problem.strerror}.") from None
    sys.stderr.write(f"Wrote {args.output}.\n")
    return 0


def run_services(args: argparse.Namespace) -> int:
    """Print the services with their offers, saying which entries are out of date; returns the exit code 0.

    Raises:
        UserError: a content file has faults, or the area is not known.
    """
    checklist = Checklist.load(args.checklist)
    services = load_services(checklist)
    words = load_wording(checklist.folder).services
    if not services.services:
        raise UserError(f"There is no services.yaml in {checklist.folder}, so there is nothing to list.")
    offers = _in_area(services, checklist, args.area) if args.area is not None else services.offers
    lines = _service_lines(services, offers, args.on or date.today(), words)
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


def _add_folder(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--checklist",
        metavar="FOLDER",
        type=Path,
        help="another organisation's content (default: the shipped PACE one)",
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date. Write it as 2026-10-31.") from None


def _wanted(args: argparse.Namespace, checklist: Checklist) -> str:
    if args.form is None and args.text:
        raise UsageError("--text goes with --form. Without --form the checklist is text already.")
    if args.json:
        return as_json(checklist)
    wording = load_wording(checklist.folder)
    services = load_services(checklist)
    if args.form is None:
        return as_text(checklist, services, wording)
    form = full_form(checklist, services, wording) if args.form == "full" else event_form(checklist, wording)
    if not form.items:
        raise UserError(f"The checklist {checklist.version} names no question for the event form (event_form).")
    return form_text(form) if _plain(args) else form_page(form)


def _plain(args: argparse.Namespace) -> bool:
    if args.text or args.output is None:
        return bool(args.text)
    try:
        return _ENDINGS[args.output.suffix.lower()]
    except KeyError:
        message = f"{args.output}: a form is written as .html or as .txt. End the name with one of them."
        raise UsageError(message) from None


def _in_area(services: Services, checklist: Checklist, area: str) -> tuple[Offer, ...]:
    """The offers in `area`, and those of a place that is not one council area, such as the whole country."""
    path = checklist.folder.find("areas.csv")
    table = AreaTable.load(path) if path is not None else None
    names = [item.name for item in table.areas] if table else sorted({offer.area for offer in services.offers})
    places = table.by_spelling if table else {fold(name): name for name in names}
    wanted = places.get(fold(area))
    if wanted is None:
        hint = did_you_mean(area, names)
        raise UsageError(f"There is no area '{area}' here. {hint}".strip())
    return tuple(offer for offer in services.offers if places.get(fold(offer.area), wanted) == wanted)


def _service_lines(services: Services, offers: tuple[Offer, ...], on: date, words: ServiceWords) -> Iterator[str]:
    stale = sum(offer.stale(on, services.stale_after_days) for offer in offers)
    yield fold_lines(words.local, _WIDTH)
    yield fill(words.count, offers=len(offers), stale=stale, on=_said(on))
    if services.source:
        yield fold_lines(f"{words.source}: {services.source}", _WIDTH, subsequent_indent="  ")
    for service in services.services:
        mine = [offer for offer in offers if offer.service == service.id]
        yield ""
        yield service.name
        if service.can_help_with:
            yield fold_lines(service.can_help_with, _WIDTH, initial_indent="  ", subsequent_indent="  ")
        for offer in mine:
            yield _offer_line(offer, services, on, words)
        if not mine:
            yield f"  - {words.nobody}"


def _offer_line(offer: Offer, services: Services, on: date, words: ServiceWords) -> str:
    old = offer.stale(on, services.stale_after_days)
    checked = fill(
        words.stale if old else words.fresh, checked=_said(offer.last_checked), days=services.stale_after_days
    )
    partner = services.partner_by_id[offer.partner].name
    parts = [f"{partner} ({getattr(words, offer.reached)})", offer.area, offer.contact, checked]
    line = "; ".join(part for part in parts if part)
    return fold_lines(line, _WIDTH, initial_indent="  - ", subsequent_indent="    ")


def _said(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
