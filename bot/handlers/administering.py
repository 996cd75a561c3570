"""What admins tap and type: invites, appointments, counts."""

from telegram import Update

from bot.cards.buttons import Press
from bot.desk import appointing, counting, inviting, reloading
from bot.desk.views import Heard
from bot.handlers.parts import Context, Parts, chat_id_of, parts_of


async def load(parts: Parts, chat_id: int, press: Press) -> None:
    number, remove = press.number(0), press.word(1) == "remove"
    await parts.transactions.commit(reloading.confirm, chat_id, number, remove)
    parts.wake_loader()


async def unload(parts: Parts, chat_id: int, press: Press) -> None:
    await parts.transactions.commit(reloading.cancel, chat_id, press.number(0))


async def on_admin(update: Update, context: Context) -> None:
    await parts_of(context).transactions.commit(counting.show_admin, chat_id_of(update))


async def admin(parts: Parts, chat_id: int, _: Press) -> None:
    await parts.transactions.commit(counting.show_admin, chat_id)


async def counts(parts: Parts, chat_id: int, _: Press) -> None:
    await parts.transactions.commit(counting.show_counts, chat_id)


async def invite_whom(parts: Parts, chat_id: int, _: Press) -> None:
    await parts.transactions.commit(inviting.ask_whom, chat_id)


async def invite_role(parts: Parts, chat_id: int, press: Press) -> None:
    made = (press.word(0), None, parts.key, parts.invite_for)
    await parts.transactions.commit(inviting.invite, chat_id, *made)


async def invite_person(parts: Parts, chat_id: int, press: Press) -> None:
    made = ("mentor", press.number(0), parts.key, parts.invite_for)
    await parts.transactions.commit(inviting.invite, chat_id, *made)


async def appoint(parts: Parts, chat_id: int, _: Press) -> None:
    await parts.transactions.commit(appointing.ask_mentor, chat_id)


async def appoint_mentor(parts: Parts, chat_id: int, press: Press) -> None:
    await parts.transactions.commit(appointing.choose_mentor, chat_id, press.number(0))


async def appoint_enterprise(parts: Parts, chat_id: int, press: Press) -> None:
    await parts.transactions.commit(appointing.choose_enterprise, chat_id, press.number(0))


async def term(parts: Parts, chat_id: int, press: Press) -> None:
    await parts.transactions.commit(appointing.appoint_for_years, chat_id, press.number(0))


async def type_invited(parts: Parts, heard: Heard) -> None:
    await parts.transactions.commit(inviting.match_invited, heard.chat_id, heard.text)


async def type_mentor(parts: Parts, heard: Heard) -> None:
    await parts.transactions.commit(appointing.match_mentor, heard.chat_id, heard.text)


async def type_enterprise(parts: Parts, heard: Heard) -> None:
    await parts.transactions.commit(appointing.match_enterprise, heard.chat_id, heard.text)


async def type_term(parts: Parts, heard: Heard) -> None:
    await parts.transactions.commit(appointing.appoint_term, heard.chat_id, heard.text)
