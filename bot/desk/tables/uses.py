"""Which earlier answers were used for which questions."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from knowledge.tables.columns import UtcDateTime


class AnswerUse(SQLModel, table=True):
    """A mentor sent the asker an answer that somebody gave before; `author_id` has the credit.

    `solved`: whether its asker said so; None until they say.
    """

    __tablename__ = "answer_use"
    __table_args__ = (Index("ux_answer_use", "consultation_id", "entry_key", unique=True),)

    id: int | None = Field(default=None, primary_key=True)
    consultation_id: int = Field(foreign_key="consultation.id")
    entry_key: str = Field(max_length=64, index=True)
    mentor_id: int = Field(foreign_key="person.id", index=True)
    author_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    solved: bool | None = None
    used_at: datetime = Field(sa_type=UtcDateTime)
