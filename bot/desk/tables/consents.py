"""To what people agreed, version by version."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from knowledge.tables.columns import UtcDateTime


class Consent(SQLModel, table=True):
    """A person agreed to a version of our terms, as they read them in this language."""

    __tablename__ = "consent"

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    version: int
    language: str = Field(max_length=8)
    agreed_at: datetime = Field(sa_type=UtcDateTime)
