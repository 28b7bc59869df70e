"""What is kept of a plan for the places of an event: what was proposed, who opened each row, and what they decided?"""

from __future__ import annotations

from sqlalchemy import Column, Integer, Table, UniqueConstraint

from triage.records.tables.base import METADATA, audited, flag, key, text, to

#: A plan for the places of one band on one list: open, released or withdrawn. `versions` is what it was made with and
#: `basis` a digest of whom it is about and of their scores; where either is another one now, the plan is out of date.
#: `data` says in counts what was proposed, and how many had a place at the release. It names nobody, and is kept.
place_plans = audited(
    Table(
        "place_plans", METADATA, key(), to("lists", "list"), to("offices", "office"), text("state"), text("band"),
        Column("places", Integer, nullable=False), Column("reserve", Integer, nullable=False), text("versions"),
        text("basis"), text("data"), text("made_by"), text("made_at"), text("ended_by", needed=False),
        text("ended_at", needed=False), text("why"), text("submission", needed=False, unique=True),
        Column("version", Integer, nullable=False),
    )
)  # fmt: skip

#: Where a person stands in a plan: `part`, and `why` where they are in no order; `rank` and the proposed `band` where
#: they are. `needed` is True for those whom a person has to open and decide before anything is released.
place_rows = audited(
    Table(
        "place_rows", METADATA, key(), to("place_plans", "plan"), to("list_rows", "row"),
        to("assessments", "assessment"), to("scores", "score", needed=False), Column("rank", Integer), text("part"),
        text("why"), text("band", needed=False), flag("needed"), Column("version", Integer, nullable=False),
        UniqueConstraint("plan", "row"),
    )
)  # fmt: skip

#: Each time that somebody opened a row of a plan.
place_openings = audited(
    Table("place_openings", METADATA, key(), to("place_rows", "place_row"), text("by"), text("at"))
)  # fmt: skip

#: What a person decided about a row that they had opened; never edited, the last one counts. `seconds` is how long the
#: row had been open, from its opening to the decision. `seen` is the last decision in the client's record then.
place_decisions = audited(
    Table(
        "place_decisions", METADATA, key(), to("place_rows", "place_row"), to("place_openings", "opening"),
        Column("number", Integer, nullable=False), text("band"), flag("on_reserve"), text("reason"), text("note"),
        text("seen"), text("by"), text("at"), Column("seconds", Integer, nullable=False),
        text("submission", needed=False, unique=True), UniqueConstraint("place_row", "number"),
    )
)  # fmt: skip
