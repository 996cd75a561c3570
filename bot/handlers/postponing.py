"""Questions that waited for room are searched for and asked, one after the other."""

import logging

from bot.desk import asking, postponing
from bot.desk.errors import RefusedError
from bot.handlers.parts import Parts
from bot.handlers.wording import worded

log = logging.getLogger(__name__)


async def ask_waiting(parts: Parts) -> None:
    """All for which there is room now. What can't be searched yet waits on."""
    transactions, most = parts.transactions, parts.policy.questions_a_day
    asked: set[int] = set()
    while True:
        now = transactions.now()
        waiting = await transactions.read(postponing.next_waiting, most, now)
        if waiting is None or waiting.parked in asked:
            return
        asked.add(waiting.parked)
        try:
            question = await worded(waiting.heard, parts.read_file)
            found = await parts.find(asking.searched_by(question.text, question.read))
            await transactions.commit(postponing.ask_now, question, found)
        except RefusedError as refused:
            log.info("a question that waited can't be asked yet: %s", refused.code)
            return
