"""What mentors type and tap for themselves: their queue, their days, their capacity."""

import re
import unicodedata
from dataclasses import replace

from telegram import Update

from bot.cards.buttons import Press
from bot.desk import (
    digesting,
    keeping_hours,
    looking,
    noting,
    onboarding,
    queueing,
    recalling,
    resting,
    saving,
)
from bot.desk.errors import RefusedError
from bot.desk.tables import Awaiting
from bot.desk.views import Heard
from bot.handlers.calling import Action, Form, command, form, numbered, plain
from bot.handlers.parts import Context, Parts, chat_id_of, parts_of
from bot.handlers.reading import heard, heard_in
from retrieval.script import simplified

on_queue = command(queueing.show_queue)


async def on_away(update: Update, context: Context) -> None:
    """`/away` asks; `/away 2 weeks` says it."""
    parts, chat_id, typed = parts_of(context), chat_id_of(update), " ".join(context.args or [])
    if typed:
        await _leave(parts, chat_id, typed)
    else:
        zone = parts.policy.zone
        await parts.transactions.commit(resting.show_away, chat_id, zone=zone)


async def on_back(update: Update, context: Context) -> None:
    parts = parts_of(context)
    zone = parts.policy.zone
    await parts.transactions.commit(resting.come_back, chat_id_of(update), zone=zone)


async def on_capacity(update: Update, context: Context) -> None:
    """`/capacity` asks; `/capacity 3` says it."""
    parts, chat_id, typed = parts_of(context), chat_id_of(update), " ".join(context.args or [])
    if typed:
        await parts.transactions.commit(resting.limit, chat_id, typed, parts.policy.zone)
    else:
        zone = parts.policy.zone
        await parts.transactions.commit(resting.show_capacity, chat_id, zone=zone)


async def on_hours(update: Update, context: Context) -> None:
    """`/hours` asks; `/hours Mon-Fri 9-17:30` says it."""
    parts, chat_id, typed = parts_of(context), chat_id_of(update), " ".join(context.args or [])
    if typed:
        await parts.transactions.commit(keeping_hours.type_hours, chat_id, typed)
    else:
        await parts.transactions.commit(keeping_hours.show_hours, chat_id)


async def on_save(update: Update, context: Context) -> None:
    """`/save NAME` in reply to a message of one's own; alone it lists what is kept."""
    message, parts = update.effective_message, parts_of(context)
    replied = message.reply_to_message if message else None
    own = replied is not None and replied.from_user == update.effective_user
    said = heard(replied) if replied is not None and own else None
    name = " ".join(context.args or [])
    if replied is None and not name:
        await parts.transactions.commit(saving.show, chat_id_of(update))
        return
    await parts.transactions.commit(saving.save, chat_id_of(update), name, said)


def folded(text: str) -> str:
    """Wide and narrow, upper and lower case, traditional and simplified characters are alike."""
    return simplified(unicodedata.normalize("NFKC", text)).casefold()


async def on_find(update: Update, context: Context) -> None:
    """`/find WORDS` in one's own history; it is read beside the desk's own work."""
    parts, chat_id, typed = parts_of(context), chat_id_of(update), " ".join(context.args or [])
    read = parts.transactions.read_aside
    view = await read(recalling.look_for, chat_id, typed, folded)
    await parts.transactions.commit(recalling.tell_found, chat_id, view)


async def on_digest(update: Update, context: Context) -> None:
    parts = parts_of(context)
    zone = parts.policy.zone
    await parts.transactions.commit(digesting.subscribe, chat_id_of(update), zone=zone)


async def on_note(update: Update, context: Context) -> None:
    """`/note WORDS` in reply to something of a consultation, or `/note #12 WORDS`."""
    typed = heard_in(update)
    words = re.sub(r"^\s*/\w+(@\w+)?", "", typed.text, count=1, flags=re.ASCII)
    await parts_of(context).transactions.commit(noting.leave, replace(typed, text=words))


async def on_note_astray(_: Update, __: Context) -> None:
    """As a caption, an edit, or with another slash it is no command, and still meant as a note."""
    raise RefusedError("note_astray")


async def _leave(parts: Parts, chat_id: int, typed: str) -> None:
    given = (typed, parts.policy.zone, parts.offer_for)
    await parts.transactions.commit(resting.leave, chat_id, *given)


async def type_away(parts: Parts, typed: Heard) -> None:
    await _leave(parts, typed.chat_id, typed.text)


async def type_capacity(parts: Parts, typed: Heard) -> None:
    given = (typed.text, parts.policy.zone)
    await parts.transactions.commit(resting.limit, typed.chat_id, *given)


async def away(parts: Parts, chat_id: int, press: Press) -> None:
    given = (press.number(0), parts.policy.zone, parts.offer_for)
    await parts.transactions.commit(resting.leave_for, chat_id, *given)


async def back(parts: Parts, chat_id: int, _: Press) -> None:
    await parts.transactions.commit(resting.come_back, chat_id, zone=parts.policy.zone)


async def digest_off(parts: Parts, chat_id: int, _: Press) -> None:
    await parts.transactions.commit(digesting.stop, chat_id, zone=parts.policy.zone)


async def capacity(parts: Parts, chat_id: int, press: Press) -> None:
    given = (str(press.number(0)), parts.policy.zone)
    await parts.transactions.commit(resting.limit, chat_id, *given)


ACTIONS: dict[str, Action] = {
    "queue": plain(queueing.show_queue),
    "my": plain(looking.show_open),
    "cancel": plain(onboarding.cancel),
    "offer_again": numbered(queueing.show_offer_again),
    "queue_talk": numbered(queueing.jump),
    "unsave": numbered(saving.delete),
    "found": numbered(recalling.show, 2),
    "digest_off": digest_off,
    "notes": numbered(noting.show),
    "away": away,
    "back_again": back,
    "capacity": capacity,
    "hours": numbered(keeping_hours.choose_hours),
}
FORMS: dict[Awaiting, Form] = {
    Awaiting.AWAY: type_away,
    Awaiting.CAPACITY: type_capacity,
    Awaiting.HOURS: form(keeping_hours.type_hours),
}
