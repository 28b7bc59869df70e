"""In which council area is a postcode? A lookup from the official directory that the user supplies.

The Scottish Postcode Directory (National Records of Scotland, Open Government Licence) comes as CSV files for small
and for large users. A postcode that is given is turned into its council area and is not kept.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from triage.errors import ContentError
from triage.features.areas import AreaTable

_COUNCIL = re.compile(r"council\s*area\s*\d{0,4}\s*code", re.IGNORECASE)
#: Outward and inward code; a letter after them marks a part of a postcode that a boundary splits.
_POSTCODE = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9][A-Z]{2})([A-C]?)")
_SPLIT = ""


def tidy_postcode(text: str) -> str:
    """A postcode in capitals without its space, with the letter O in place of a figure put right; or ""."""
    letters = re.sub(r"[^A-Z0-9]", "", text.upper())
    if not 5 <= len(letters) <= 8:
        return ""
    if letters[-3] == "O":
        letters = f"{letters[:-3]}0{letters[-2:]}"
    found = _POSTCODE.fullmatch(letters)
    return found.group(1) + found.group(2) if found else ""


@dataclass(frozen=True)
class Postcodes:
    """Council area codes by tidy postcode; "" for a postcode that lies in two areas."""

    areas: Mapping[str, str]

    def area_of(self, text: str) -> str | None:
        """The council area's code; None where the text is not one known postcode of one area."""
        return self.areas.get(tidy_postcode(text)) or None

    @classmethod
    def load(cls, paths: Iterable[str | Path], table: AreaTable) -> Postcodes:
        """The postcodes of one or more directory files.

        A live postcode counts before a deleted one. A postcode whose parts lie in several areas counts as not known.

        Raises:
            ContentError: a file cannot be read, lacks a column, or names no area of `table`.
        """
        live: dict[str, str] = {}
        deleted: dict[str, str] = {}
        for path in paths:
            _read(Path(path), table, live, deleted)
        return cls(deleted | live)


def _read(path: Path, table: AreaTable, live: dict[str, str], deleted: dict[str, str]) -> None:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            postcode, council, deletion = _columns(rows.fieldnames or (), path)
            known = 0
            for row in rows:
                code = (row[council] or "").strip()
                key = tidy_postcode(row[postcode] or "")
                if key and code in table.by_code:
                    known += 1
                    target = deleted if deletion and (row[deletion] or "").strip() else live
                    target[key] = code if target.setdefault(key, code) == code else _SPLIT
    except FileNotFoundError:
        raise ContentError(f"There is no file {path}. Check the name and the folder.") from None
    except (OSError, UnicodeDecodeError, csv.Error):
        raise ContentError(f"{path} cannot be read as the CSV file of a postcode directory.") from None
    if not known:
        raise ContentError(f"No postcode of {path} lies in an area of {table.name}. Use a directory of the same areas.")


def _columns(names: Iterable[str], path: Path) -> tuple[str, str, str]:
    """The columns for the postcode, the council area's code (the latest where there are several), and deletion."""
    folded = {name.strip().lower(): name for name in names}
    councils = sorted(name for name in folded if _COUNCIL.fullmatch(name))
    if "postcode" not in folded or not councils:
        raise ContentError(f"{path} needs the columns 'Postcode' and 'CouncilArea2019Code' (or that of another year).")
    return folded["postcode"], folded[councils[-1]], folded.get("dateofdeletion", "")
