"""What the desk does about a delivery that does not arrive."""

from datetime import datetime, timedelta

from sqlmodel import Session

from bot.delivery.hooks import Hooks
from bot.delivery.tables import Delivery
from bot.desk import binding, failing, lab_talk, opening, undelivered


def hooks(offer_for: timedelta) -> Hooks:
    """`offer_for`: how long an offer stands that goes to somebody else then."""

    def unreachable(session: Session, owed: Delivery, reason: str, /, *, now: datetime) -> None:
        if not lab_talk.taken_back(session, owed, reason, now=now):
            undelivered.refused(session, owed, reason, offer_for, now=now)

    def failed(session: Session, owed: Delivery, reason: str, /, *, now: datetime) -> None:
        if not lab_talk.taken_back(session, owed, reason, now=now):
            failing.failed(session, owed, reason, now=now)

    return Hooks(
        unreachable=unreachable,
        failed=failed,
        uncertain=failing.uncertain,
        migrated=binding.moved,
        topic_gone=opening.open_again,
    )
