"""What people tap and type about each other's conduct: reports, bans, appeals."""

from telegram import Update

from bot.cards.buttons import Press
from bot.desk import appealing, banning, counting, overseeing, reporting
from bot.desk.tables import Awaiting
from bot.desk.views import Heard
from bot.handlers.calling import Action, Form, command, form, numbered, plain
from bot.handlers.parts import Context, Parts, chat_id_of, parts_of

on_report = command(reporting.ask_which)
on_appeal = command(appealing.ask_text)


async def on_admin(update: Update, context: Context) -> None:
    """`/admin people` and `/admin people NAME` go straight to a person."""
    parts, chat_id = parts_of(context), chat_id_of(update)
    word, *name = context.args or [""]
    if word.lower() != "people":
        await parts.transactions.commit(counting.show_admin, chat_id)
    elif name:
        await parts.transactions.commit(overseeing.match, chat_id, " ".join(name))
    else:
        await parts.transactions.commit(overseeing.ask_name, chat_id)


async def judge(parts: Parts, chat_id: int, press: Press) -> None:
    number, granted = press.number(0), press.word(1) == "lift"
    await parts.transactions.commit(appealing.decide, chat_id, number, granted)


async def ban(parts: Parts, heard: Heard) -> None:
    await parts.transactions.commit(banning.ban, heard.chat_id, heard.text, parts.offer_for)


ACTIONS: dict[str, Action] = {
    "report": numbered(reporting.ask_text),
    "dismiss": numbered(reporting.dismiss),
    "people": plain(overseeing.ask_name),
    "person": numbered(overseeing.show),
    "ban": numbered(banning.ask_reason, 2),
    "unban": numbered(banning.lift),
    "appeal": plain(appealing.ask_text),
    "judge": judge,
}
FORMS: dict[Awaiting, Form] = {
    Awaiting.REPORT: form(reporting.report),
    Awaiting.PERSON: form(overseeing.match),
    Awaiting.BAN_REASON: ban,
    Awaiting.APPEAL: form(appealing.appeal),
}
