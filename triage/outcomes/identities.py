"""Do the ids of an outcomes file say who somebody is?"""

from __future__ import annotations

import polars as pl

from triage.lists.safety import REMOVED, has_national_insurance, without_national_insurance
from triage.outcomes.problems import Remark, in_rows

_EMAIL = r"[^\s@]+@[^\s@]+\.[^\s@]+"
_NAME = r"^[\p{L}.'’-]{2,}(?:,?\s+[\p{L}.'’-]{2,})+$"
#: A telephone number, or ten digits that begin with a day of birth, as a CHI number does.
_NUMBER = r"^(?:(?:(?:\+|00)44\s?\(?0?\)?|0)[1237](?:[\s()-]?\d){8,9}|(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d{6})$"
#: Some plain numbers look like that by chance, so they are spoken of where more than this share of the ids do.
_MOST = 0.5
_ADVICE = "Use ids that say nothing about people."


def identity_remarks(rows: pl.DataFrame) -> list[Remark]:
    """Remarks on ids that say who somebody is; none repeats an id.

    Args:
        rows: "row", the numbers that people see, and "client".
    """
    client = pl.col("client")
    found = rows.select(
        "row",
        national_insurance=has_national_insurance(client),
        email=_matches(_EMAIL),
        name=_matches(_NAME),
        number=_mostly(_NUMBER),
    )
    words = {
        "national_insurance": "ids hold a National Insurance number",
        "email": "ids hold an e-mail address",
        "name": "ids look like names of people",
        "number": "ids look like telephone or CHI numbers",
    }
    remarks = []
    for kind, said in words.items():
        numbers = found.filter(kind).get_column("row").to_list()
        if numbers:
            text = f"Column 'client': {said}: {in_rows(numbers)} {_ADVICE}"
            remarks.append(Remark("client_identity", "warn", text, {"kind": kind, "rows": len(numbers)}))
    return remarks


def without_identities(client: pl.Expr) -> pl.Expr:
    """Ids with "[left out]" in place of National Insurance numbers, e-mail addresses and what looks like a name."""
    bare = client.str.replace_all(_EMAIL, REMOVED).str.replace(_NAME, REMOVED)
    return without_national_insurance(bare)


def _matches(pattern: str) -> pl.Expr:
    return pl.col("client").str.contains(pattern).fill_null(False)


def _mostly(pattern: str) -> pl.Expr:
    matches = _matches(pattern)
    return matches & (matches.mean() > _MOST)
