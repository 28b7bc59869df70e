"""What is kept of one client: what was asked, scored, decided, agreed, looked at again, and what became of it."""

from __future__ import annotations

from sqlalchemy import Column, Integer, String, Table, UniqueConstraint

from triage.records.tables.base import METADATA, audited, flag, key, text, to

#: One client's assessment. It has no name: `reference` is generated, `client_reference` is the organisation's own.
#: `context` is JSON by context field of the checklist; `round` grows with each re-score.
assessments = audited(
    Table(
        "assessments", METADATA, key(),
        text("reference", unique=True), text("client_reference", index=True),
        to("offices", "office"), text("adviser", index=True), text("state", index=True), flag("practice"),
        text("held"), flag("interpreter"), text("language"), text("context"),
        to("events", "event", needed=False), to("lists", "list", needed=False),
        to("api_keys", "api_key", needed=False),
        Column("round", Integer, nullable=False), flag("stopped"), text("monitoring"),
        text("privacy_at", needed=False), text("started_at"), text("scored_at", needed=False),
        text("closed_at", needed=False), text("closed_why"), text("submission", needed=False, unique=True),
        Column("version", Integer, nullable=False),
    )
)  # fmt: skip

#: One answer: `state` is answered, declined or not_asked; `value` is JSON. One row a question and round.
answers = audited(
    Table(
        "answers", METADATA, key(), to("assessments", "assessment"), Column("round", Integer, nullable=False),
        text("question"), text("state"), text("value", needed=False), text("at"), text("by"), text("via"),
        UniqueConstraint("assessment", "round", "question"),
    )
)  # fmt: skip

#: A score as the engine gave it; never edited. `data` is `Score.to_dict()`.
scores = audited(
    Table(
        "scores", METADATA, key(), to("assessments", "assessment"), Column("round", Integer, nullable=False),
        Column("number", Integer, nullable=False), text("status"), text("band", needed=False), text("model"),
        text("checklist"), text("cutoffs"), text("scored_on"), text("valid_until"), text("data"), text("at"),
        text("by"), UniqueConstraint("assessment", "number"),
    )
)  # fmt: skip

#: When somebody was shown a score.
showings = audited(
    Table("showings", METADATA, key(), to("scores", "score"), text("by"), text("at"))
)  # fmt: skip

#: The band that an adviser had in mind before the score was shown.
first_views = audited(
    Table(
        "first_views", METADATA, key(), to("assessments", "assessment"), Column("round", Integer, nullable=False),
        text("band"), text("by"), text("at"), UniqueConstraint("assessment", "round"),
    )
)  # fmt: skip

#: A decision record; never edited. `record` is `Decision.to_json()`.
decisions = audited(
    Table(
        "decisions", METADATA, key(), to("assessments", "assessment"), to("scores", "score", needed=False),
        Column("number", Integer, nullable=False), text("action"), text("state"), text("proposed_band", needed=False),
        text("band", needed=False), text("reason"), text("by"), text("at"), text("record"),
        text("submission", needed=False, unique=True), UniqueConstraint("assessment", "number"),
    )
)  # fmt: skip

#: What was agreed: which service, from whom, who does it, by when.
actions = audited(
    Table(
        "actions", METADATA, key(), to("assessments", "assessment"), to("decisions", "decision", needed=False),
        to("offices", "office"), text("service"), text("partner"), text("who"), text("due", index=True),
        text("state"), text("note"), text("made_by"), text("made_at"), text("changed_at"),
        text("submission", needed=False, unique=True), Column("version", Integer, nullable=False),
    )
)  # fmt: skip

#: Each step of an action: agreed, referred, accepted, started, finished, or not taken up.
action_steps = audited(
    Table("action_steps", METADATA, key(), to("actions", "action"), text("state"), text("by"), text("at"))
)

#: A client's request to have a decision looked at again by somebody else.
reviews = audited(
    Table(
        "reviews", METADATA, key(), to("assessments", "assessment"), to("decisions", "decision", needed=False),
        to("offices", "office"), text("why"), text("asked_by"), text("asked_at"), text("due"), text("state"),
        text("reviewer", needed=False), text("result", needed=False), text("note", needed=False),
        text("closed_at", needed=False), text("submission", needed=False, unique=True),
        Column("version", Integer, nullable=False),
    )
)  # fmt: skip

#: What became of a client: a kind of the outcomes contract, and the weeks since the job ended. One that was wrong is
#: taken back and stays.
outcomes = audited(
    Table(
        "outcomes", METADATA, key(), to("assessments", "assessment"), text("kind"),
        Column("weeks", Integer, nullable=False), text("known_on"), text("source"), text("by"), text("at"),
        text("taken_back_at", needed=False), text("submission", needed=False, unique=True),
    )
)  # fmt: skip

#: Equality monitoring. `id` is a keyed digest of the assessment's id: this table alone says nothing about whom.
equality = audited(
    Table(
        "equality", METADATA, Column("id", String(64), primary_key=True), to("offices", "office"), text("month"),
        text("data"),
    )
)  # fmt: skip
