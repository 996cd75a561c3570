"""What gives a consultation to somebody else, and what followers tap."""

from telegram import Update

from bot.cards.buttons import Press
from bot.desk import escalating, giving_up, supervising, transferring
from bot.desk.tables import Awaiting
from bot.desk.views import Heard
from bot.handlers.calling import Action, Form, form, numbered
from bot.handlers.parts import Context, Parts, chat_id_of, parts_of


async def on_transfer(update: Update, context: Context) -> None:
    """`/transfer NUMBER REASON`, for admins."""
    parts, chat_id = parts_of(context), chat_id_of(update)
    number, *reason = context.args or [""]
    typed = number.lstrip("#")
    given = int(typed) if typed.isdecimal() else 0, " ".join(reason)
    await parts.transactions.commit(giving_up.begin_by_admin, chat_id, *given)


async def escalate(parts: Parts, chat_id: int, press: Press) -> None:
    given = press.number(0), press.number(1), parts.offer_for
    await parts.transactions.commit(escalating.escalate, chat_id, *given)


async def write_note(parts: Parts, typed: Heard) -> None:
    given = typed.text, parts.offer_for
    await parts.transactions.commit(escalating.write_note, typed.chat_id, *given)


async def choose(parts: Parts, chat_id: int, press: Press) -> None:
    given = press.number(0), press.number(1), parts.offer_for
    await parts.transactions.commit(giving_up.choose, chat_id, *given)


async def answer(parts: Parts, chat_id: int, press: Press) -> None:
    given = press.number(0), press.number(1), parts.offer_for
    await parts.transactions.commit(transferring.answer, chat_id, *given)


ACTIONS: dict[str, Action] = {
    "esc": numbered(escalating.ask_whom),
    "esc_name": numbered(escalating.ask_name),
    "esc_to": numbered(escalating.ask_note, 2),
    "esc_send": escalate,
    "esc_back": numbered(escalating.keep),
    "follow": numbered(supervising.follow),
    "unfollow": numbered(supervising.unfollow),
    "let_read": numbered(supervising.let_read, 2),
    "pledge_follow": numbered(supervising.pledge_follow, 2),
    "pledge_take": numbered(transferring.pledge_take, 2),
    "give": numbered(giving_up.ask_whom),
    "give_name": numbered(giving_up.ask_name),
    "give_to": choose,
    "give_ok": answer,
    "give_off": numbered(transferring.call_off),
    "take": numbered(transferring.take),
    "take_not": numbered(transferring.decline),
}
FORMS: dict[Awaiting, Form] = {
    Awaiting.COLLEAGUE: form(escalating.find_name),
    Awaiting.ESCALATION_NOTE: write_note,
    Awaiting.TRANSFER_NAME: form(giving_up.find_name),
}
