"""Receipts are shown when there is time for them: people's messages go first."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.delivery.api import BotApi
from bot.delivery.transactions import Transactions
from bot.delivery.verdicts import Again, SlowDown, Uncertain, verdict
from bot.desk import receipts
from bot.desk.receipts import Mark, reaction_of

log = logging.getLogger(__name__)
# So many marks at a turn, in as many chats; while people's messages wait, so many.
MOST, MOST_WHILE_BUSY = 20, 2


class Receipts:
    """Sets the marks that are due, one call each, at most one in a chat at a turn.

    They stand outside the outbox: a mark is nothing that must arrive, what it should say is always
    in the tables, and setting it twice is setting it once.
    """

    def __init__(
        self,
        api: BotApi,
        transactions: Transactions,
        busy: Callable[[], bool],
        clock: Callable[[], datetime],
    ) -> None:
        self._api = api
        self._transactions = transactions
        self._busy = busy
        self._clock = clock
        self._resumes: datetime | None = None

    async def turn(self) -> None:
        now = self._clock()
        if self._resumes is not None and now < self._resumes:
            return
        most = MOST_WHILE_BUSY if self._busy() else MOST
        marks = await self._transactions.read(receipts.due, most, now)
        done: list[Mark] = []
        for mark in marks:
            if not await self._set(mark, now):
                break
            done.append(mark)
        if done:
            await self._transactions.commit(receipts.shown, done)

    async def _set(self, mark: Mark, now: datetime) -> bool:
        """False where Telegram is not to be asked any more at this turn."""
        parameters = {
            "chat_id": mark.chat_id,
            "message_id": mark.message_id,
            "reaction": reaction_of(mark.now),
        }
        try:
            await self._api.call("setMessageReaction", parameters)
        except Exception as error:  # verdict raises again what is none of its own
            found = verdict(error)
            if isinstance(found, SlowDown):
                self._resumes = now + timedelta(seconds=found.seconds)
            # Whatever else it is, this message will never be marked: the chat allows no reactions,
            # or its writer has deleted it. That is no loss.
            return not isinstance(found, (SlowDown, Again, Uncertain))
        return True
