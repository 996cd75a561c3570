"""Acts upon people leave a row that says who, to whom, when and how much; never a word."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session

from bot.desk.tables import Act


def note(
    session: Session,
    act: str,
    now: datetime,
    *,
    actor: int | None = None,
    subject: int | None = None,
    consultation: int | None = None,
    figures: Mapping[str, int] | None = None,
) -> None:
    """Rows are only ever added."""
    row = Act(at=now, act=act, actor_id=actor, subject_id=subject, figures=dict(figures or {}))
    row.consultation_id = consultation
    session.add(row)
