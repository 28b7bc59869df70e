"""What is kept of an event and of its attendance lists?"""

from __future__ import annotations

from sqlalchemy import Column, Integer, LargeBinary, Table, UniqueConstraint

from triage.records.tables.base import METADATA, audited, flag, key, text, to

#: An event for the staff of one employer. It names no client.
events = audited(
    Table(
        "events", METADATA, key(), to("offices", "office"), text("employer"), text("site"), text("held_on"),
        text("session"), text("partnership"), text("hr1_reference"), text("made_by"), text("made_at"),
        text("submission", needed=False, unique=True), Column("version", Integer, nullable=False),
    )
)  # fmt: skip

#: An attendance list of an event: uploaded, scoring, scored or failed. `beat_at` is the last sign of life of the work
#: that scores it, and says whose work that is; `practice` is True for a list of invented people.
lists = audited(
    Table(
        "lists", METADATA, key(), to("events", "event"), to("offices", "office"), text("state"), text("ending"),
        text("mapping"), text("scored_on"), text("versions"), text("summary"), text("message"),
        Column("rows", Integer, nullable=False), Column("done", Integer, nullable=False),
        text("uploaded_by"), text("uploaded_at"), text("beat_at", needed=False), text("scored_at", needed=False),
        text("erase_on"), text("erased_at", needed=False), flag("practice"),
        text("submission", needed=False, unique=True), Column("version", Integer, nullable=False),
    )
)  # fmt: skip

#: Who works on a list, and so may see whom it names.
list_workers = audited(
    Table("list_workers", METADATA, key(), to("lists", "list"), to("accounts", "account"), text("added_by"),
          text("added_at"), UniqueConstraint("list", "account"))
)  # fmt: skip

#: The one table that identifies people: the uploaded file (row 0), and for each row the cells that name somebody.
list_identities = audited(
    Table("list_identities", METADATA, key(), to("lists", "list"), to("offices", "office"),
          Column("row", Integer, nullable=False), text("sheet"), Column("data", LargeBinary, nullable=False),
          UniqueConstraint("list", "sheet", "row"))
)  # fmt: skip

#: Every row of a list, without what identifies anybody. `data` is `desk.Row.to_dict()` without the score: a person's
#: row has an assessment, and `score` is the one that the list has of them. `band`, `speak` (a place in `desk.WHY`) and
#: `to_mend` (how many problems a correction would mend) are there to look for.
list_rows = audited(
    Table(
        "list_rows", METADATA, key(), to("lists", "list"), Column("place", Integer, nullable=False),
        Column("row", Integer, nullable=False), text("sheet"), text("status"), text("data"),
        to("assessments", "assessment", needed=False), to("scores", "score", needed=False), text("band", needed=False),
        Column("speak", Integer), Column("to_mend", Integer), Column("version", Integer, nullable=False),
        UniqueConstraint("list", "place"),
    )
)  # fmt: skip

#: Two rows that may be one person, for a person to say. They are never merged.
matches = audited(
    Table("matches", METADATA, key(), to("list_rows", "first"), to("list_rows", "second"), text("why"), text("state"),
          text("by", needed=False), text("at"), Column("version", Integer, nullable=False))
)  # fmt: skip
