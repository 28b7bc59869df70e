"""What does Alembic need to know? The connection that `triage.records.migrate` hands over, and the tables."""

from __future__ import annotations

from alembic import context

from triage.records.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    # SQLite changes a table by making it anew.
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
