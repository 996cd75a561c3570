"""Run by Alembic for each of its commands, always within an open transaction."""

from alembic import context
from sqlmodel import SQLModel

import knowledge.tables  # noqa: F401 (fills the metadata)

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    render_item=context.config.attributes.get("render_item"),
)
context.run_migrations()
