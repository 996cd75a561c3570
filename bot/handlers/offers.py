"""What can be done with an offer besides accepting and declining it."""

from bot.cards.buttons import Press
from bot.desk import detailing, specifying, using
from bot.desk.tables import Awaiting
from bot.desk.views import Heard
from bot.handlers.calling import Action, Form, form, numbered
from bot.handlers.parts import Parts


async def put(parts: Parts, typed: Heard) -> None:
    given = typed.text, parts.offer_for
    await parts.transactions.commit(detailing.put, typed.chat_id, *given)


async def redact(parts: Parts, chat_id: int, press: Press) -> None:
    given = press.number(0), press.word(1)
    await parts.transactions.commit(specifying.redact, chat_id, *given)


async def keep(parts: Parts, chat_id: int, press: Press) -> None:
    given = press.number(0), press.word(1)
    await parts.transactions.commit(specifying.keep, chat_id, *given)


async def send(parts: Parts, chat_id: int, press: Press) -> None:
    given = press.number(0), press.word(1), press.number(2)
    await parts.transactions.commit(specifying.send, chat_id, *given)


ACTIONS: dict[str, Action] = {
    "earlier": numbered(using.show, 2),
    "used": numbered(using.settle, 2),
    "detail": numbered(detailing.ask),
    "detail_answer": numbered(specifying.answer),
    "detail_unsaid": numbered(specifying.refuse),
    "detail_redact": redact,
    "detail_redact_all": numbered(specifying.redact_all),
    "detail_keep_mark": keep,
    "detail_send": send,
}
FORMS: dict[Awaiting, Form] = {
    Awaiting.DETAIL_QUESTION: put,
    Awaiting.DETAIL_ANSWER: form(specifying.fill),
}
