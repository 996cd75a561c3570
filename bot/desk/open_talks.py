"""The consultations in which a person may write now."""

from collections.abc import Mapping

from sqlalchemy import BindParameter, bindparam
from sqlmodel import Session, col, or_, select

from bot.desk.tables import TALKING, Consultation, Stage
from knowledge.prepared import Prepared

_person: BindParameter[int] = bindparam("person_id")
_stage = col(Consultation.stage)
# Stages one by one: the text of an IN would be made anew for each message.
_TALKING = or_(*(_stage == stage for stage in TALKING))
# Two branches, each found by the index of its column.
_OPEN = or_(
    (col(Consultation.asker_id) == _person) & or_(_TALKING, _stage == Stage.OFFERED),
    (col(Consultation.mentor_id) == _person) & _TALKING,
)
_OPEN_ROWS = select(Consultation).where(_OPEN).order_by(col(Consultation.id))
_OPEN_STAGES = Prepared(
    select(Consultation.id, Consultation.stage).where(_OPEN).order_by(col(Consultation.id))
)


def open_consultations(session: Session, person_id: int) -> list[Consultation]:
    """Those in which this person may write now: talking on either side, or offered as its asker."""
    return list(session.exec(_OPEN_ROWS, params={"person_id": person_id}))


def open_stages(session: Session, person_id: int) -> Mapping[int, Stage]:
    """The ids of open_consultations in their order, and where each stands."""
    return {row.id: row.stage for row in _OPEN_STAGES.rows(session, person_id=person_id)}
