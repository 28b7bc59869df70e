"""The first tables of the records, and the triggers of the audit trail.

`python -m experiments.migration` wrote this from `triage/records/tables`. Once a version is released it never changes.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Column

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def short(name: str, *, nullable: bool = False) -> Column[str]:
    """An id."""
    return Column(name, sa.String(64), nullable=nullable)


def text(name: str, *, nullable: bool = False) -> Column[str]:
    """Text, a time, a date, or JSON."""
    return Column(name, sa.Text, nullable=nullable)


def number(name: str, *, nullable: bool = False) -> Column[int]:
    """A whole number."""
    return Column(name, sa.Integer, nullable=nullable)


def flag(name: str, *, nullable: bool = False) -> Column[bool]:
    """True or false."""
    return Column(name, sa.Boolean, nullable=nullable)


def data(name: str, *, nullable: bool = False) -> Column[bytes]:
    """A file, or part of one."""
    return Column(name, sa.LargeBinary, nullable=nullable)


def upgrade() -> None:
    """Make everything in an empty database."""
    for name, items in TABLES.items():
        op.create_table(name, *items)
    for table, columns in INDEXES:
        op.create_index("_".join(["ix", table, *columns]), table, columns)
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRES:
        op.execute(statement)


TABLES: dict[str, tuple[sa.schema.SchemaItem, ...]] = {
    "audit_changes": (
        number("seq"), number("place"), text("kind"), text("of"), short("row"), text("salt", nullable=True),
        text("digest"), sa.PrimaryKeyConstraint("seq", "place", name="pk_audit_changes"),
    ),
    "audit_events": (
        number("seq"), text("at"), text("actor"), text("role"), text("via"), text("action"), text("subject"),
        text("office"), text("detail"), text("changes"), text("previous"), text("hash"), text("mac"),
        sa.PrimaryKeyConstraint("seq", name="pk_audit_events"),
    ),
    "offices": (
        short("id"), text("name"), text("partnership"), text("made_at"), text("closed_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_offices"), sa.UniqueConstraint("name", name="uq_offices_name"),
    ),
    "pending_sign_ins": (
        short("id"), text("data"), text("made_at"), sa.PrimaryKeyConstraint("id", name="pk_pending_sign_ins"),
    ),
    "service_state": (
        short("id"), text("data"), text("at"), text("by"), sa.PrimaryKeyConstraint("id", name="pk_service_state"),
    ),
    "sign_in_failures": (
        short("id"), text("what"), text("at"), sa.PrimaryKeyConstraint("id", name="pk_sign_in_failures"),
    ),
    "accounts": (
        short("id"), text("username"), text("name"), text("role"), short("office", nullable=True),
        text("password", nullable=True), text("issuer", nullable=True), text("subject", nullable=True),
        flag("active"), text("made_at"), number("version"), sa.PrimaryKeyConstraint("id", name="pk_accounts"),
        sa.ForeignKeyConstraint(["office"], ["offices.id"], name="fk_accounts_office_offices"),
        sa.UniqueConstraint("issuer", "subject", name="uq_accounts_issuer_subject"),
        sa.UniqueConstraint("username", name="uq_accounts_username"),
    ),
    "api_keys": (
        short("id"), text("digest"), text("prefix"), text("name"), text("scopes"), text("controller"),
        text("purpose"), text("agreement"), flag("conditionality"), short("office"), text("made_by"),
        text("made_at"), text("ends_on"), text("revoked_at", nullable=True), text("submission", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_api_keys"),
        sa.ForeignKeyConstraint(["office"], ["offices.id"], name="fk_api_keys_office_offices"),
        sa.UniqueConstraint("digest", name="uq_api_keys_digest"),
        sa.UniqueConstraint("submission", name="uq_api_keys_submission"),
    ),
    "equality": (
        short("id"), short("office"), text("month"), text("data"),
        sa.PrimaryKeyConstraint("id", name="pk_equality"),
        sa.ForeignKeyConstraint(["office"], ["offices.id"], name="fk_equality_office_offices"),
    ),
    "events": (
        short("id"), short("office"), text("employer"), text("site"), text("held_on"), text("session"),
        text("partnership"), text("hr1_reference"), text("made_by"), text("made_at"),
        text("submission", nullable=True), number("version"), sa.PrimaryKeyConstraint("id", name="pk_events"),
        sa.ForeignKeyConstraint(["office"], ["offices.id"], name="fk_events_office_offices"),
        sa.UniqueConstraint("submission", name="uq_events_submission"),
    ),
    "held_forms": (
        short("id"), short("account"), text("address"), text("fields"), text("made_at"),
        sa.PrimaryKeyConstraint("id", name="pk_held_forms"),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_held_forms_account_accounts"),
    ),
    "idempotent": (
        short("id"), short("api_key"), text("digest"), number("status"), text("body"), text("made_at"),
        sa.PrimaryKeyConstraint("id", name="pk_idempotent"),
        sa.ForeignKeyConstraint(["api_key"], ["api_keys.id"], name="fk_idempotent_api_key_api_keys"),
    ),
    "lists": (
        short("id"), short("event"), short("office"), text("state"), text("ending"), text("mapping"),
        text("scored_on"), text("versions"), text("summary"), text("message"), number("rows"), number("done"),
        text("uploaded_by"), text("uploaded_at"), text("beat_at", nullable=True), text("scored_at", nullable=True),
        text("erase_on"), text("erased_at", nullable=True), flag("practice"), text("submission", nullable=True),
        number("version"), sa.PrimaryKeyConstraint("id", name="pk_lists"),
        sa.ForeignKeyConstraint(["event"], ["events.id"], name="fk_lists_event_events"),
        sa.ForeignKeyConstraint(["office"], ["offices.id"], name="fk_lists_office_offices"),
        sa.UniqueConstraint("submission", name="uq_lists_submission"),
    ),
    "sessions": (
        short("id"), short("account"), text("csrf"), text("made_at"), text("seen_at"), text("ends_at"),
        text("ended_at", nullable=True), text("signed_in_by"), flag("practice"),
        sa.PrimaryKeyConstraint("id", name="pk_sessions"),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_sessions_account_accounts"),
    ),
    "sign_in_links": (
        short("id"), text("digest"), short("account"), text("made_at"), text("ends_at"),
        text("used_at", nullable=True), sa.PrimaryKeyConstraint("id", name="pk_sign_in_links"),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_sign_in_links_account_accounts"),
        sa.UniqueConstraint("digest", name="uq_sign_in_links_digest"),
    ),
    "assessments": (
        short("id"), text("reference"), text("client_reference"), short("office"), text("adviser"), text("state"),
        flag("practice"), text("held"), flag("interpreter"), text("language"), text("context"),
        short("event", nullable=True), short("list", nullable=True), short("api_key", nullable=True),
        number("round"), flag("stopped"), text("monitoring"), text("privacy_at", nullable=True), text("started_at"),
        text("scored_at", nullable=True), text("closed_at", nullable=True), text("closed_why"),
        text("submission", nullable=True), number("version"), sa.PrimaryKeyConstraint("id", name="pk_assessments"),
        sa.ForeignKeyConstraint(["api_key"], ["api_keys.id"], name="fk_assessments_api_key_api_keys"),
        sa.ForeignKeyConstraint(["event"], ["events.id"], name="fk_assessments_event_events"),
        sa.ForeignKeyConstraint(["list"], ["lists.id"], name="fk_assessments_list_lists"),
        sa.ForeignKeyConstraint(["office"], ["offices.id"], name="fk_assessments_office_offices"),
        sa.UniqueConstraint("reference", name="uq_assessments_reference"),
        sa.UniqueConstraint("submission", name="uq_assessments_submission"),
    ),
    "list_identities": (
        short("id"), short("list"), short("office"), number("row"), text("sheet"), data("data"),
        sa.PrimaryKeyConstraint("id", name="pk_list_identities"),
        sa.ForeignKeyConstraint(["list"], ["lists.id"], name="fk_list_identities_list_lists"),
        sa.ForeignKeyConstraint(["office"], ["offices.id"], name="fk_list_identities_office_offices"),
        sa.UniqueConstraint("list", "sheet", "row", name="uq_list_identities_list_sheet_row"),
    ),
    "list_workers": (
        short("id"), short("list"), short("account"), text("added_by"), text("added_at"),
        sa.PrimaryKeyConstraint("id", name="pk_list_workers"),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_list_workers_account_accounts"),
        sa.ForeignKeyConstraint(["list"], ["lists.id"], name="fk_list_workers_list_lists"),
        sa.UniqueConstraint("list", "account", name="uq_list_workers_list_account"),
    ),
    "place_plans": (
        short("id"), short("list"), short("office"), text("state"), text("band"), number("places"),
        number("reserve"), text("versions"), text("basis"), text("data"), text("made_by"), text("made_at"),
        text("ended_by", nullable=True), text("ended_at", nullable=True), text("why"),
        text("submission", nullable=True), number("version"), sa.PrimaryKeyConstraint("id", name="pk_place_plans"),
        sa.ForeignKeyConstraint(["list"], ["lists.id"], name="fk_place_plans_list_lists"),
        sa.ForeignKeyConstraint(["office"], ["offices.id"], name="fk_place_plans_office_offices"),
        sa.UniqueConstraint("submission", name="uq_place_plans_submission"),
    ),
    "answers": (
        short("id"), short("assessment"), number("round"), text("question"), text("state"),
        text("value", nullable=True), text("at"), text("by"), text("via"),
        sa.PrimaryKeyConstraint("id", name="pk_answers"),
        sa.ForeignKeyConstraint(["assessment"], ["assessments.id"], name="fk_answers_assessment_assessments"),
        sa.UniqueConstraint("assessment", "round", "question", name="uq_answers_assessment_round_question"),
    ),
    "first_views": (
        short("id"), short("assessment"), number("round"), text("band"), text("by"), text("at"),
        sa.PrimaryKeyConstraint("id", name="pk_first_views"),
        sa.ForeignKeyConstraint(["assessment"], ["assessments.id"], name="fk_first_views_assessment_assessments"),
        sa.UniqueConstraint("assessment", "round", name="uq_first_views_assessment_round"),
    ),
    "outcomes": (
        short("id"), short("assessment"), text("kind"), number("weeks"), text("known_on"), text("source"),
        text("by"), text("at"), text("taken_back_at", nullable=True), text("submission", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_outcomes"),
        sa.ForeignKeyConstraint(["assessment"], ["assessments.id"], name="fk_outcomes_assessment_assessments"),
        sa.UniqueConstraint("submission", name="uq_outcomes_submission"),
    ),
    "scores": (
        short("id"), short("assessment"), number("round"), number("number"), text("status"),
        text("band", nullable=True), text("model"), text("checklist"), text("cutoffs"), text("scored_on"),
        text("valid_until"), text("data"), text("at"), text("by"), sa.PrimaryKeyConstraint("id", name="pk_scores"),
        sa.ForeignKeyConstraint(["assessment"], ["assessments.id"], name="fk_scores_assessment_assessments"),
        sa.UniqueConstraint("assessment", "number", name="uq_scores_assessment_number"),
    ),
    "decisions": (
        short("id"), short("assessment"), short("score", nullable=True), number("number"), text("action"),
        text("state"), text("proposed_band", nullable=True), text("band", nullable=True), text("reason"),
        text("by"), text("at"), text("record"), text("submission", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_decisions"),
        sa.ForeignKeyConstraint(["assessment"], ["assessments.id"], name="fk_decisions_assessment_assessments"),
        sa.ForeignKeyConstraint(["score"], ["scores.id"], name="fk_decisions_score_scores"),
        sa.UniqueConstraint("assessment", "number", name="uq_decisions_assessment_number"),
        sa.UniqueConstraint("submission", name="uq_decisions_submission"),
    ),
    "list_rows": (
        short("id"), short("list"), number("place"), number("row"), text("sheet"), text("status"), text("data"),
        short("assessment", nullable=True), short("score", nullable=True), text("band", nullable=True),
        number("speak", nullable=True), number("to_mend", nullable=True), number("version"),
        sa.PrimaryKeyConstraint("id", name="pk_list_rows"),
        sa.ForeignKeyConstraint(["assessment"], ["assessments.id"], name="fk_list_rows_assessment_assessments"),
        sa.ForeignKeyConstraint(["list"], ["lists.id"], name="fk_list_rows_list_lists"),
        sa.ForeignKeyConstraint(["score"], ["scores.id"], name="fk_list_rows_score_scores"),
        sa.UniqueConstraint("list", "place", name="uq_list_rows_list_place"),
    ),
    "showings": (
        short("id"), short("score"), text("by"), text("at"), sa.PrimaryKeyConstraint("id", name="pk_showings"),
        sa.ForeignKeyConstraint(["score"], ["scores.id"], name="fk_showings_score_scores"),
    ),
    "actions": (
        short("id"), short("assessment"), short("decision", nullable=True), short("office"), text("service"),
        text("partner"), text("who"), text("due"), text("state"), text("note"), text("made_by"), text("made_at"),
        text("changed_at"), text("submission", nullable=True), number("version"),
        sa.PrimaryKeyConstraint("id", name="pk_actions"),
        sa.ForeignKeyConstraint(["assessment"], ["assessments.id"], name="fk_actions_assessment_assessments"),
        sa.ForeignKeyConstraint(["decision"], ["decisions.id"], name="fk_actions_decision_decisions"),
        sa.ForeignKeyConstraint(["office"], ["offices.id"], name="fk_actions_office_offices"),
        sa.UniqueConstraint("submission", name="uq_actions_submission"),
    ),
    "matches": (
        short("id"), short("first"), short("second"), text("why"), text("state"), text("by", nullable=True),
        text("at"), number("version"), sa.PrimaryKeyConstraint("id", name="pk_matches"),
        sa.ForeignKeyConstraint(["first"], ["list_rows.id"], name="fk_matches_first_list_rows"),
        sa.ForeignKeyConstraint(["second"], ["list_rows.id"], name="fk_matches_second_list_rows"),
    ),
    "place_rows": (
        short("id"), short("plan"), short("row"), short("assessment"), short("score", nullable=True),
        number("rank", nullable=True), text("part"), text("why"), text("band", nullable=True), flag("needed"),
        number("version"), sa.PrimaryKeyConstraint("id", name="pk_place_rows"),
        sa.ForeignKeyConstraint(["assessment"], ["assessments.id"], name="fk_place_rows_assessment_assessments"),
        sa.ForeignKeyConstraint(["plan"], ["place_plans.id"], name="fk_place_rows_plan_place_plans"),
        sa.ForeignKeyConstraint(["row"], ["list_rows.id"], name="fk_place_rows_row_list_rows"),
        sa.ForeignKeyConstraint(["score"], ["scores.id"], name="fk_place_rows_score_scores"),
        sa.UniqueConstraint("plan", "row", name="uq_place_rows_plan_row"),
    ),
    "reviews": (
        short("id"), short("assessment"), short("decision", nullable=True), short("office"), text("why"),
        text("asked_by"), text("asked_at"), text("due"), text("state"), text("reviewer", nullable=True),
        text("result", nullable=True), text("note", nullable=True), text("closed_at", nullable=True),
        text("submission", nullable=True), number("version"), sa.PrimaryKeyConstraint("id", name="pk_reviews"),
        sa.ForeignKeyConstraint(["assessment"], ["assessments.id"], name="fk_reviews_assessment_assessments"),
        sa.ForeignKeyConstraint(["decision"], ["decisions.id"], name="fk_reviews_decision_decisions"),
        sa.ForeignKeyConstraint(["office"], ["offices.id"], name="fk_reviews_office_offices"),
        sa.UniqueConstraint("submission", name="uq_reviews_submission"),
    ),
    "action_steps": (
        short("id"), short("action"), text("state"), text("by"), text("at"),
        sa.PrimaryKeyConstraint("id", name="pk_action_steps"),
        sa.ForeignKeyConstraint(["action"], ["actions.id"], name="fk_action_steps_action_actions"),
    ),
    "place_openings": (
        short("id"), short("place_row"), text("by"), text("at"),
        sa.PrimaryKeyConstraint("id", name="pk_place_openings"),
        sa.ForeignKeyConstraint(["place_row"], ["place_rows.id"], name="fk_place_openings_place_row_place_rows"),
    ),
    "place_decisions": (
        short("id"), short("place_row"), short("opening"), number("number"), text("band"), flag("on_reserve"),
        text("reason"), text("note"), text("seen"), text("by"), text("at"), number("seconds"),
        text("submission", nullable=True), sa.PrimaryKeyConstraint("id", name="pk_place_decisions"),
        sa.ForeignKeyConstraint(["opening"], ["place_openings.id"], name="fk_place_decisions_opening_place_openings"),
        sa.ForeignKeyConstraint(["place_row"], ["place_rows.id"], name="fk_place_decisions_place_row_place_rows"),
        sa.UniqueConstraint("place_row", "number", name="uq_place_decisions_place_row_number"),
        sa.UniqueConstraint("submission", name="uq_place_decisions_submission"),
    ),
}  # fmt: skip
INDEXES = (
    ("audit_changes", ["of", "row"]), ("audit_events", ["subject"]), ("sign_in_failures", ["what"]),
    ("accounts", ["office"]), ("api_keys", ["office"]), ("equality", ["office"]), ("events", ["office"]),
    ("held_forms", ["account"]), ("idempotent", ["api_key"]), ("lists", ["event"]), ("lists", ["office"]),
    ("sessions", ["account"]), ("sign_in_links", ["account"]), ("assessments", ["adviser"]),
    ("assessments", ["api_key"]), ("assessments", ["client_reference"]), ("assessments", ["event"]),
    ("assessments", ["list"]), ("assessments", ["office"]), ("assessments", ["state"]),
    ("list_identities", ["list"]), ("list_identities", ["office"]), ("list_workers", ["account"]),
    ("list_workers", ["list"]), ("place_plans", ["list"]), ("place_plans", ["office"]), ("answers", ["assessment"]),
    ("first_views", ["assessment"]), ("outcomes", ["assessment"]), ("scores", ["assessment"]),
    ("decisions", ["assessment"]), ("decisions", ["score"]), ("list_rows", ["assessment"]), ("list_rows", ["list"]),
    ("list_rows", ["score"]), ("showings", ["score"]), ("actions", ["assessment"]), ("actions", ["decision"]),
    ("actions", ["due"]), ("actions", ["office"]), ("matches", ["first"]), ("matches", ["second"]),
    ("place_rows", ["assessment"]), ("place_rows", ["plan"]), ("place_rows", ["row"]), ("place_rows", ["score"]),
    ("reviews", ["assessment"]), ("reviews", ["decision"]), ("reviews", ["office"]), ("action_steps", ["action"]),
    ("place_openings", ["place_row"]), ("place_decisions", ["opening"]), ("place_decisions", ["place_row"]),
)  # fmt: skip
SQLITE = (
    "CREATE TRIGGER audit_events_no_update BEFORE UPDATE ON audit_events BEGIN SELECT RAISE(ABORT, 'The "
    "audit trail is append-only.'); END",
    "CREATE TRIGGER audit_events_no_delete BEFORE DELETE ON audit_events BEGIN SELECT RAISE(ABORT, 'The "
    "audit trail is append-only.'); END",
    "CREATE TRIGGER audit_changes_no_delete BEFORE DELETE ON audit_changes BEGIN SELECT RAISE(ABORT, 'The "
    "audit trail is append-only.'); END",
    "CREATE TRIGGER audit_changes_only_forget BEFORE UPDATE ON audit_changes WHEN NEW.salt IS NOT NULL OR "
    'NEW.seq <> OLD.seq OR NEW.place <> OLD.place OR NEW.kind <> OLD.kind OR NEW."of" <> OLD."of" OR '
    'NEW."row" <> OLD."row" OR NEW.digest <> OLD.digest BEGIN SELECT RAISE(ABORT, \'The audit trail is '
    "append-only.'); END",
    "CREATE TRIGGER audit_events_no_replace BEFORE INSERT ON audit_events WHEN EXISTS (SELECT 1 FROM "
    "audit_events WHERE seq = NEW.seq) BEGIN SELECT RAISE(ABORT, 'The audit trail is append-only.'); END",
    "CREATE TRIGGER audit_changes_no_replace BEFORE INSERT ON audit_changes WHEN EXISTS (SELECT 1 FROM "
    "audit_changes WHERE seq = NEW.seq AND place = NEW.place) BEGIN SELECT RAISE(ABORT, 'The audit trail "
    "is append-only.'); END",
)
POSTGRES = (
    "CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'The "
    "audit trail is append-only.'; END $$",
    "CREATE FUNCTION audit_only_forget() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.salt IS NOT "
    'NULL OR NEW.seq <> OLD.seq OR NEW.place <> OLD.place OR NEW.kind <> OLD.kind OR NEW."of" <> OLD."of" '
    'OR NEW."row" <> OLD."row" OR NEW.digest <> OLD.digest THEN RAISE EXCEPTION \'The audit trail is '
    "append-only.'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER audit_events_no_change BEFORE UPDATE OR DELETE ON audit_events FOR EACH ROW EXECUTE "
    "FUNCTION audit_refuse()",
    "CREATE TRIGGER audit_events_no_truncate BEFORE TRUNCATE ON audit_events FOR EACH STATEMENT EXECUTE "
    "FUNCTION audit_refuse()",
    "CREATE TRIGGER audit_changes_no_delete BEFORE DELETE ON audit_changes FOR EACH ROW EXECUTE FUNCTION "
    "audit_refuse()",
    "CREATE TRIGGER audit_changes_no_truncate BEFORE TRUNCATE ON audit_changes FOR EACH STATEMENT EXECUTE "
    "FUNCTION audit_refuse()",
    "CREATE TRIGGER audit_changes_only_forget BEFORE UPDATE ON audit_changes FOR EACH ROW EXECUTE "
    "FUNCTION audit_only_forget()",
)
