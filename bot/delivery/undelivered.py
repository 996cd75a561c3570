"""Deliveries that will not be made: recorded, and told to whom it concerns, in one transaction."""

import logging
from datetime import datetime

from sqlmodel import Session

from bot.delivery import ledger
from bot.delivery.committer import ClosedError
from bot.delivery.faults import placed
from bot.delivery.hooks import Hooks, OnUndelivered
from bot.delivery.owed import Owed
from bot.delivery.tables import DeliveryState
from bot.delivery.transactions import Transactions
from bot.delivery.verdicts import Failed, Migrated, Uncertain, Unreachable

log = logging.getLogger(__name__)
GivenUp = Uncertain | Migrated | Unreachable | Failed


class Undelivered:
    """Settles what was not sent. A hook that fails is logged; the delivery is settled without."""

    def __init__(self, transactions: Transactions, hooks: Hooks) -> None:
        self._transactions = transactions
        self._hooks = hooks

    async def settle(self, owed: Owed, verdict: GivenUp) -> None:
        """Raises ClosedError."""
        log.info("delivery %d: %s", owed.id, type(verdict).__name__.lower())
        try:
            await self._transactions.commit(self._record, owed, verdict, self._hooks)
        except ClosedError:
            raise
        except Exception as error:
            log.error("delivery %d: nobody could be told: %s", owed.id, placed(error))
            await self._transactions.commit(self._record, owed, verdict, Hooks())

    def _record(
        self, session: Session, owed: Owed, verdict: GivenUp, hooks: Hooks, *, now: datetime
    ) -> None:
        if isinstance(verdict, Migrated):
            ledger.readdress(session, owed.chat_id, verdict.to)
            if hooks.migrated is not None:
                hooks.migrated(session, owed.chat_id, verdict.to, now=now)
            return
        uncertain = isinstance(verdict, Uncertain)
        state = DeliveryState.UNCERTAIN if uncertain else DeliveryState.FAILED
        delivery = ledger.end(session, owed, state, verdict.reason)
        hook = _hook(hooks, verdict)
        if hook is not None:
            hook(session, delivery, verdict.reason, now=now)


def _hook(hooks: Hooks, verdict: Uncertain | Unreachable | Failed) -> OnUndelivered | None:
    if isinstance(verdict, Uncertain):
        return hooks.uncertain
    return hooks.unreachable if isinstance(verdict, Unreachable) else hooks.failed
