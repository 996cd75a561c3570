"""Deliveries that will not be made: recorded, and told to whom it concerns, in one transaction."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from bot.delivery import ledger, topics
from bot.delivery.committer import ClosedError
from bot.delivery.faults import placed
from bot.delivery.hooks import Hooks, OnUndelivered
from bot.delivery.owed import Owed
from bot.delivery.tables import DeliveryState
from bot.delivery.transactions import Transactions
from bot.delivery.verdicts import Failed, Migrated, TopicGone, Uncertain, Unreachable

log = logging.getLogger(__name__)
GivenUp = Uncertain | Migrated | Unreachable | TopicGone | Failed


class Undelivered:
    """Settles what was not sent. A hook that fails is logged; the delivery is settled without."""

    def __init__(self, transactions: Transactions, hooks: Hooks) -> None:
        self._transactions = transactions
        self._hooks = hooks

    async def settle(self, parts: Sequence[Owed], verdict: GivenUp) -> None:
        """One delivery, or those that went as one. Raises ClosedError."""
        number = parts[0].id
        log.info("delivery %d: %s", number, type(verdict).__name__.lower())
        try:
            await self._transactions.commit(self._record, parts, verdict, self._hooks)
        except ClosedError:
            raise
        except Exception as error:
            log.error("delivery %d: nobody could be told: %s", number, placed(error))
            await self._transactions.commit(self._record, parts, verdict, Hooks())

    def _record(
        self,
        session: Session,
        parts: Sequence[Owed],
        verdict: GivenUp,
        hooks: Hooks,
        *,
        now: datetime,
    ) -> None:
        old = parts[0].chat_id
        if isinstance(verdict, Migrated) and old > 0:
            # People don't migrate: it was the group that the message came from.
            verdict = Failed("source_migrated")
        if isinstance(verdict, Migrated):
            ledger.readdress(session, old, verdict.to)
            if hooks.migrated is not None:
                hooks.migrated(session, old, verdict.to, now=now)
            return
        for owed in parts:
            _end(session, owed, verdict, hooks, now)


def _end(
    session: Session,
    owed: Owed,
    verdict: Uncertain | Unreachable | TopicGone | Failed,
    hooks: Hooks,
    now: datetime,
) -> None:
    if isinstance(verdict, TopicGone):
        if topics.lose(session, owed, verdict.number) and hooks.topic_gone is not None:
            hooks.topic_gone(session, owed.chat_id, owed.thread or 0, now=now)
        tried = replace(owed, attempts=owed.attempts + 1)
        ledger.put_back(session, tried, "topic_gone", now)
        return
    if owed.method == topics.OPENS:
        topics.give_up(session, owed)
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
