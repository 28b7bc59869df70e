"""Who signs in, and which programs may ask?"""

from __future__ import annotations

from sqlalchemy import Column, Integer, Table, UniqueConstraint

from triage.records.tables.base import METADATA, audited, flag, key, text, to

#: An office of a local partnership. Advisers see the clients of their own.
offices = audited(
    Table("offices", METADATA, key(), text("name", unique=True), text("partnership"), text("made_at"),
          text("closed_at", needed=False))
)  # fmt: skip

#: A person who works with the service. One without a password signs in through the organisation's provider.
accounts = audited(
    Table(
        "accounts", METADATA, key(),
        text("username", unique=True), text("name"), text("role"), to("offices", "office", needed=False),
        text("password", needed=False), text("issuer", needed=False), text("subject", needed=False),
        flag("active"), text("made_at"), Column("version", Integer, nullable=False),
        UniqueConstraint("issuer", "subject"),
    )
)  # fmt: skip

#: A link that lets somebody in once: the first administrator, or somebody who forgot a password.
sign_in_links = audited(
    Table("sign_in_links", METADATA, key(), text("digest", unique=True), to("accounts", "account"), text("made_at"),
          text("ends_at"), text("used_at", needed=False))
)  # fmt: skip

#: Sessions of pages; `id` is the digest of the cookie. Not audited: a row changes with every page.
sessions = Table(
    "sessions", METADATA, key(), to("accounts", "account"), text("csrf"), text("made_at"), text("seen_at"),
    text("ends_at"), text("ended_at", needed=False), text("signed_in_by"), flag("practice"),
)  # fmt: skip

#: A sign-in at the organisation's provider that has begun; `id` is the digest of the visitor's cookie.
pending_sign_ins = Table("pending_sign_ins", METADATA, key(), text("data"), text("made_at"))

#: A form that was sent after the session had ended. It waits for its owner for a short while.
held_forms = Table(
    "held_forms", METADATA, key(), to("accounts", "account"), text("address"), text("fields"), text("made_at"),
)  # fmt: skip

#: Failed sign-ins, by a digest of the user name or of the address, for the rate limit.
sign_in_failures = Table("sign_in_failures", METADATA, key(), text("what", index=True), text("at"))

#: A partner's program. `controller`, `purpose` and `agreement` are what its use rests on.
api_keys = audited(
    Table(
        "api_keys", METADATA, key(),
        text("digest", unique=True), text("prefix"), text("name"), text("scopes"), text("controller"), text("purpose"),
        text("agreement"), flag("conditionality"), to("offices", "office"), text("made_by"), text("made_at"),
        text("ends_on"), text("revoked_at", needed=False), text("submission", needed=False, unique=True),
    )
)  # fmt: skip

#: Answers to requests with an idempotency key, kept for a day.
idempotent = Table(
    "idempotent", METADATA, key(), to("api_keys", "api_key"), text("digest"), Column("status", Integer, nullable=False),
    text("body"), text("made_at"),
)  # fmt: skip

#: The state of the whole service, such as a suspension of scoring.
service_state = audited(Table("service_state", METADATA, key(), text("data"), text("at"), text("by")))
