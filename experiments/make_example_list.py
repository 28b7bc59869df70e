"""What does a real attendance list look like? Builds the invented one in docs/examples, with the mess of real ones.

Everybody in it is invented and named so that it shows. The same seed gives the same list.

Run: python -m experiments.make_example_list [OUT]
"""

from __future__ import annotations

import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

SEED = 20261001
OUT = Path(__file__).resolve().parent.parent / "docs" / "examples" / "attendance.xlsx"
TITLE = "INVENTED EXAMPLE. Nobody in this list exists. PACE event at Nowhere Bottling Ltd (no such company), {}"

FORENAMES = (
    "Example-Ann", "Testina", "Samplia", "Fictor", "Inventia", "Mockwell", "Dummett", "Placida", "Specimena", "Trialla",
    "Pretendra", "Imagina", "Demoric", "Phonia", "Hypothea", "Notional", "Sketchley", "Draftina", "Madeuppa", "Quasim",
)  # fmt: skip
SURNAMES = (
    "MacExample", "Testerson", "Sampleton", "Notreal", "Inventley", "Mockingham", "Dummyson", "O'Placeholder",
    "Specimen", "van der Fiction", "Pretender-Smyth", "Imaginer", "McMadeup", "Hypothetical", "Nobodie", "Storyteller",
)  # fmt: skip
#: "of the story", "of the imagination"; "invented", "example"; "fictitious", "made up": invented in their own language.
OTHERS = (
    ("NicSgeulachd", "Màiri"), ("MacMhac-meanmna", "Seumas"), ("Nic an Sgeòil", "Eilidh Bhàn"),
    ("Zmyślona", "Przykładka"), ("Wymyślony", "Świętosław Próbny"), ("Łże-Przykład", "Żółcisława"),
    ("Вигадана", "Прикладія"), ("Небувалий", "Зразко"), ("Vyhadanko", "Pryklad"),
)  # fmt: skip

COUNCILS = (
    "Falkirk", "Falkirk", "Falkirk", "Stirling", "Clackmannanshire", "West Lothian", "North Lanarkshire", "Clacks",
    "Falkirk Council", "An Eaglais Bhreac", "falkirk", "Edinburgh",
)  # fmt: skip
QUALIFICATIONS = (
    "Nat 5s", "Highers", "HNC", "none", "SVQ 2", "National 4", "Degree", "HND", "SVQ3", "No qualifications",
    "O Grades", "Advanced Higher", "standard grade", "apprenticeship", "Natonal 5", "", "n/a", "Nat 5", "Highers",
)  # fmt: skip
LICENCES = ("yes", "Full", "full clean", "no", "provisional", "3 points", "✓", "x", "", "none", "Y", "full")
VEHICLES = ("yes", "no", "Y", "N", "✓", "", "own car", "x", "no car")
LIVES = (
    "wife", "husband", "partner", "alone", "lives alone", "parents", "on own", "", "wife and kids", "flatmates",
    "single", "partner", "husband",
)  # fmt: skip
DEPARTMENTS = ("Filling Hall", "Packing", "Warehouse", "Lab", "Maintenance")
INTERESTS = ("CV", "benefits", "training", "CV, training", "own business", "pension", "1-2-1", "")


@dataclass
class Look:
    """How a row looks: struck through, a fill, a merge over all columns."""

    struck: bool = False
    fill: str = ""
    merged: bool = False


@dataclass
class Sheet:
    """Rows of cells with their looks; a `date` cell is a real date of the workbook."""

    name: str
    rows: list[tuple[list[Any], Look]] = field(default_factory=list)
    merged: list[tuple[int, int, int]] = field(default_factory=list)

    def add(self, *cells: Any, look: Look | None = None) -> None:
        """One more row."""
        self.rows.append((list(cells), look or Look()))


MORNING = (
    "No", "Name", "", "Clock no", "Dept", "Shift", "DOB", "Council area", "Highest qualification", "Driving licence",
    "Own vehicle", "Lives with", "Mobile", "Email", "Interested in", "OK to contact", "Finish date", "Comments",
    "Dependants under 18", "Confidence", "Expects to find work", "Disability", "Hourly rate", "NI number",
)  # fmt: skip


def morning(chance: random.Random) -> Sheet:
    """The session with the event form: a title, two rows of headings, shifts as rows, and every kind of mess."""
    sheet = Sheet("Session 1 (morning)")
    sheet.add(TITLE.format("morning session"), look=Look(merged=True))
    sheet.add()
    sheet.add(*MORNING)
    sheet.add("", "Surname", "Forename", *[""] * (len(MORNING) - 3))
    sheet.merged.append((2, 1, 2))
    people = _people(chance, 62)
    sheet.add("DAY SHIFT", look=Look(merged=True))
    for number, person in enumerate(people[:26], start=1):
        sheet.add(*_form(chance, number, person, "Days"), look=_look(number))
    _staff(sheet)
    sheet.add("NIGHT SHIFT", look=Look(merged=True))
    sheet.add(*MORNING)
    for number, person in enumerate(people[26:52], start=27):
        sheet.add(*_form(chance, number, person, "Nights"), look=_look(number))
    _odd_rows(sheet)
    sheet.add("ONE-TO-ONE TALKS (fuller answers)", look=Look(merged=True))
    for number, person in enumerate(people[52:], start=61):
        sheet.add(*_talk(chance, number, person))
    sheet.add("Total", 71)
    return sheet


def afternoon(chance: random.Random) -> Sheet:
    """The session with nothing but a sign-in sheet that was typed later."""
    sheet = Sheet("Session 2 (afternoon)")
    sheet.add(TITLE.format("afternoon session"), look=Look(merged=True))
    sheet.add("No", "Print name", "Dept", "Mobile", "Signature", "Notes")
    for number, (surname, forename) in enumerate(_people(chance, 34), start=1):
        name = f"{forename} {surname}" if number % 5 else f"{surname}, {forename}"
        dept = '"' if number % 3 == 2 else chance.choice(DEPARTMENTS)
        note = {4: "got job at Elsewhere Foods", 9: "redeployed to sister site", 15: "no new start date yet"}
        sheet.add(number, name, dept, _mobile(chance), "✓" if number % 4 else "", note.get(number, ""))
    sheet.add(35, "Adviser Madeup (SDS)", "", "", "✓", "")
    sheet.add(36)
    sheet.add("", "Total attended: 34")
    return sheet


def _people(chance: random.Random, count: int) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    while len(found) < count:
        pair = (chance.choice(SURNAMES), chance.choice(FORENAMES))
        if len(found) % 7 == 3:
            pair = OTHERS[(len(found) // 7) % len(OTHERS)]
        if pair not in found:
            found.append(pair)
    return found


def _form(chance: random.Random, number: int, person: tuple[str, str], shift: str) -> list[Any]:
    surname, forename = person
    department = chance.choice(DEPARTMENTS) if number % 4 else '"'
    council = chance.choice(COUNCILS) if number % 6 else "as above"
    answers = [chance.choice(words) for words in (QUALIFICATIONS, LICENCES, VEHICLES, LIVES)]
    if number % 3 == 0:
        answers = [text if chance.random() < 0.35 else "" for text in answers]
    finish = {5: "31/3 or when stock done", 8: "30/10/2026", 12: date(2026, 10, 30), 20: "tbc"}.get(number, "")
    comment = {6: "got job, starts Monday", 14: "off since May", 31: "redeployed to other site"}.get(number, "")
    return [
        number, surname, forename, _clock(number), department, shift, _birth(chance, number), council, *answers,
        _mobile(chance), _email(number, surname), chance.choice(INTERESTS), "no" if number == 17 else "yes",
        finish, comment, "", "", "", "", 13.25, "QQ 12 34 56 C",
    ]  # fmt: skip


def _talk(chance: random.Random, number: int, person: tuple[str, str]) -> list[Any]:
    """Somebody who also had a one-to-one talk. The first are far from work, the last near to it."""
    surname, forename = person
    far = number < 66
    sets: tuple[Sequence[str], ...] = (
        (("none", "National 4"), ("no",), ("no",), ("alone",), ("yes",), ("not very confident",), ("probably not",))
        if far
        else (("Degree", "HND"), ("full clean",), ("yes",), ("wife",), ("no",), ("very confident",), ("definitely",))
    )
    found = [chance.choice(options) for options in sets]
    born = date(1966 + number % 5, 5, 4) if far else date(1999 + number % 4, 2, 11)
    return [
        number, surname, forename, _clock(number), "Lab", "Days", born, chance.choice(("Falkirk", "Glasgow")),
        *found[:4], _mobile(chance), _email(number, surname), "1-2-1", "yes", "30/10/2026", "", *found[4:],
        "yes" if number == 62 else "no", 14.1, "QQ 65 43 21 A",
    ]  # fmt: skip


def _odd_rows(sheet: Sheet) -> None:
    """Rows that a list should not have: repeats, a couple with one email, namesakes, a number in the wrong column."""
    blank = [""] * (len(MORNING) - 12)
    form = ["Falkirk", "Highers", "full", "yes", "partner"]
    sheet.add(53, "Samesame", "Placida", "00931", "Packing", "Days", "04/07/1981", *form, *blank)
    sheet.add(54, "Samesame", "PLACIDA", "00931", "Packing", "Days", "4 July 1981", *form, *blank)
    couple = ["couple@nowhere.example", *[""] * (len(MORNING) - 14)]
    sheet.add(55, "Twosome", "Fictor", "00940", "Lab", "Days", "", *form, "", *couple)
    sheet.add(56, "Twosome", "Imagina", "00941", "Lab", "Days", "", *form, "", *couple)
    sheet.add(57, "Namesake", "Notional", "00950", "Warehouse", "Nights", "12.09.1975", *form, *blank)
    sheet.add(58, "Namesake", "Notional", "00951", "Warehouse", "Nights", "01/02/1990", *form, *blank)
    sheet.add(59, "Wrongcolumn", "Dummett", "QQ123456C", "Lab", "Days", "", *form, *blank)
    sheet.add(
        60, '=HYPERLINK("http://nowhere.example","Formula")', "Trialla", "00960", "Lab", "Days", "45-54", *form, *blank
    )
    sheet.add()


def _staff(sheet: Sheet) -> None:
    sheet.add("", "Adviser-Madeup (SDS)", "Inventia", *[""] * (len(MORNING) - 3))
    sheet.add("", "Notreal (DWP)", "Mockwell", *[""] * (len(MORNING) - 3))


def _look(number: int) -> Look:
    return Look(struck=number in (11, 40), fill="#FFFF00" if number in (3, 19, 33) else "")


def _birth(chance: random.Random, number: int) -> Any:
    born = date(chance.randint(1958, 2004), chance.randint(1, 12), chance.randint(1, 28))
    kinds: dict[int, Any] = {
        2: born.strftime("%d/%m/%y"),
        7: (born - date(1899, 12, 30)).days,
        10: "31/02/1979",
        13: "",
        16: born.strftime("%d %B %Y"),
        21: "01/01/1900",
        24: "don't know",
        30: born.strftime("%d.%m.%y"),
    }
    if number in kinds:
        return kinds[number]
    return born if number % 2 else born.strftime("%d/%m/%Y")


def _clock(number: int) -> Any:
    return 400 + number if number % 9 == 0 else f"00{400 + number}"


def _mobile(chance: random.Random) -> Any:
    """Numbers that are kept for drama, some as a spreadsheet left them."""
    tail = chance.randint(0, 999)
    return chance.choice(
        (f"07700 900{tail:03d}", f"07700 900{tail:03d}", 7700900000 + tail, "7.7E+09", "+447700900123", "")
    )


def _email(number: int, surname: str) -> str:
    plain = "".join(letter for letter in surname.lower() if letter.isascii() and letter.isalpha()) or "somebody"
    return f"{plain}{number}@nowhere.example" if number % 3 else ""


def hidden_extract() -> Sheet:
    """What personnel departments forget in a workbook: a hidden sheet."""
    sheet = Sheet("HR extract")
    sheet.add("Name", "Salary", "Absence days")
    sheet.add("MacExample, Testina", 24_500, 3)
    return sheet


def build(out: Path = OUT) -> None:
    """Writes the list to `out`."""
    chance = random.Random(SEED)
    book = xlsxwriter.Workbook(str(out), {"strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": "Invented example", "created": datetime(2026, 10, 1)})
    for sheet, hidden in ((morning(chance), ()), (afternoon(chance), ()), (hidden_extract(), None)):
        page = book.add_worksheet(sheet.name)
        _write(book, page, sheet)
        if hidden is None:
            page.hide()
    first = book.worksheets()[0]
    first.set_column(len(MORNING) - 2, len(MORNING) - 1, 12, None, {"hidden": True})
    book.close()


def _write(book: Any, page: Any, sheet: Sheet) -> None:
    width = max(len(cells) for cells, _ in sheet.rows)
    formats: dict[tuple[bool, str, bool], Any] = {}
    for number, (cells, look) in enumerate(sheet.rows):
        if look.merged:
            page.merge_range(number, 0, number, width - 1, cells[0], book.add_format({"bold": True}))
            continue
        for place, cell in enumerate(cells):
            key = (look.struck, look.fill, isinstance(cell, date))
            if key not in formats:
                formats[key] = book.add_format(_format(*key))
            if isinstance(cell, date):
                page.write_datetime(number, place, datetime(cell.year, cell.month, cell.day), formats[key])
            elif cell != "":
                page.write(number, place, cell, formats[key])
            elif look.fill:
                page.write_blank(number, place, None, formats[key])
    for row, left, right in sheet.merged:
        page.merge_range(row, left, row, right, sheet.rows[row][0][left], book.add_format({"bold": True}))
    page.set_column(0, 0, 5)
    page.set_column(1, width - 1, 16)


def _format(struck: bool, fill: str, dated: bool) -> dict[str, Any]:
    look: dict[str, Any] = {"font_strikeout": struck}
    if fill:
        look |= {"bg_color": fill}
    if dated:
        look |= {"num_format": "dd/mm/yyyy"}
    return look


if __name__ == "__main__":
    build(Path(sys.argv[1]) if len(sys.argv) > 1 else OUT)
