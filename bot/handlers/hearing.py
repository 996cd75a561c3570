"""Messages people write: each goes to its form, its consultation, or becomes a question."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

from telegram import Update
from telegram.constants import ChatAction
from telegram.error import TelegramError

from bot.desk import (
    asking,
    choosing,
    following,
    introducing,
    onboarding,
    routing,
    talking,
)
from bot.desk.errors import RefusedError
from bot.desk.tables import Awaiting
from bot.desk.views import Heard, Route
from bot.handlers import administering, closing_up, conduct
from bot.handlers.calling import Form, form
from bot.handlers.parts import Context, Parts, chat_id_of, name_and_language, parts_of
from bot.handlers.reading import heard_in

Hear = Callable[[Update, Context, Heard, Route], Awaitable[None]]


async def on_message(update: Update, context: Context) -> None:
    heard = heard_in(update)
    found = await parts_of(context).transactions.read(routing.route, heard)
    await ROUTES[found.to](update, context, heard, found)


async def on_unknown_command(_: Update, __: Context) -> None:
    raise RefusedError("unknown_command")


async def greet(update: Update, context: Context, heard: Heard, _: Route) -> None:
    name, language = name_and_language(update)
    await parts_of(context).transactions.commit(onboarding.arrive_with, heard, name, language)


async def ask(update: Update, context: Context, heard: Heard, _: Route) -> None:
    if heard.kind != "text" and not heard.text:
        raise RefusedError("only_media")
    question = replace(heard, text=asking.check_question(heard.text))
    parts = parts_of(context)
    typing = asyncio.create_task(show_typing(update, context))  # beside the search, not before it
    try:
        await search_and_keep(parts, question)
    finally:
        await typing


async def search_and_keep(parts: Parts, question: Heard) -> None:
    """As a turn of the draft it goes on with, or as a question of its own."""
    draft = await parts.transactions.read(following.draft_of, question)
    if draft is not None and not draft.sure:
        likeness = await parts.likeness(draft.question, question.text)
        draft = following.understood(draft, question.text, likeness)
    if draft is not None and draft.follows:
        found = await parts.find_together(draft.question, question.text)
        await parts.transactions.commit(following.follow, question, draft, found)
        return
    found = await parts.find(question.text)
    if draft is None:
        await parts.transactions.commit(asking.ask, question, found)
    else:
        await parts.transactions.commit(following.ask_anew, question, draft, found)


async def talk(_: Update, context: Context, heard: Heard, route: Route) -> None:
    await parts_of(context).transactions.commit(talking.relay, heard, route.consultation)


async def choose(_: Update, context: Context, heard: Heard, __: Route) -> None:
    await parts_of(context).transactions.commit(talking.park, heard)


async def closed(_: Update, __: Context, ___: Heard, route: Route) -> None:
    raise RefusedError("closed", consultation=route.consultation or 0)


async def offered(_: Update, __: Context, ___: Heard, route: Route) -> None:
    raise RefusedError("accept_first", consultation=route.consultation or 0)


async def nothing(_: Update, __: Context, ___: Heard, ____: Route) -> None:
    raise RefusedError("nothing_open")


async def fill(update: Update, context: Context, heard: Heard, route: Route) -> None:
    assert route.member is not None
    if route.member.awaiting is Awaiting.QUESTION:
        await ask(update, context, heard, route)
    elif not heard.text:
        raise RefusedError("form_text")
    else:
        await FORMS[route.member.awaiting](parts_of(context), heard)


async def show_typing(update: Update, context: Context) -> None:
    """A courtesy: it never stands in the way of the answer."""
    try:
        await context.bot.send_chat_action(chat_id_of(update), ChatAction.TYPING)
    except TelegramError:
        return


ROUTES: dict[str, Hear] = {
    "stranger": greet,
    "consent": greet,
    "form": fill,
    "talk": talk,
    "question": ask,
    "choice": choose,
    "closed": closed,
    "offered": offered,
    "nothing": nothing,
}
FORMS: dict[Awaiting, Form] = {
    Awaiting.ENTERPRISE: form(introducing.name_enterprise),
    Awaiting.EDIT: form(choosing.rewrite),
    **administering.FORMS,
    **closing_up.FORMS,
    **conduct.FORMS,
}
