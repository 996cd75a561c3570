"""Messages people write: each goes to its form, its consultation, or becomes a question."""

from collections.abc import Awaitable, Callable

from telegram import Update

from bot.desk import (
    asking,
    beside,
    choosing,
    courtesies,
    following,
    introducing,
    onboarding,
    postponing,
    routing,
    specifying,
    talking,
    wordless,
)
from bot.desk.errors import RefusedError
from bot.desk.tables import Awaiting
from bot.desk.views import Heard, Route
from bot.handlers import administering, closing_up, conduct, handing_over, offers, tooling
from bot.handlers.calling import Form, form
from bot.handlers.parts import Context, Parts, name_and_language, parts_of
from bot.handlers.progress import RANKING, READING, SEARCHING, Progress, Shown
from bot.handlers.reading import heard_in
from bot.handlers.wording import readable, worded

Hear = Callable[[Update, Context, Heard, Route], Awaitable[None]]


async def on_message(update: Update, context: Context) -> None:
    heard = heard_in(update)
    found = await parts_of(context).transactions.read(routing.route, heard)
    await ROUTES[found.to](update, context, heard, found)


async def greet(update: Update, context: Context, heard: Heard, _: Route) -> None:
    name, language = name_and_language(update)
    await parts_of(context).transactions.commit(onboarding.arrive_with, heard, name, language)


async def ask(_: Update, context: Context, heard: Heard, route: Route) -> None:
    """By text, by a caption, by what stands in a file; what has no words waits for some."""
    parts, language = parts_of(context), route.member.language if route.member else "zh"
    if heard.kind == "text" and courtesies.is_courtesy(heard.text):
        await parts.transactions.commit(courtesies.answer, heard)
        return
    if heard.album != "" and await parts.transactions.read(wordless.is_part, heard):
        await parts.transactions.commit(wordless.take_part, heard)
        return
    shown = Shown(context.bot, parts.cards)
    async with shown.to(heard.chat_id, heard.message_id, language, heard.topic) as progress:
        if readable(heard):
            progress.at(READING)
        asked = await worded(heard, parts.read_file)
        if asked.text:
            await search_and_keep(parts, asked, progress)
        else:
            await parts.transactions.commit(wordless.keep, asked)


async def search_and_keep(parts: Parts, question: Heard, progress: Progress | None = None) -> None:
    """As a turn of the draft it goes on with, or as a question of its own."""
    progress = progress or Progress()
    progress.at(SEARCHING)
    draft = await parts.transactions.read(following.draft_of, question)
    if draft is not None and not draft.sure:
        likeness = await parts.likeness(draft.question, question.text)
        draft = following.understood(draft, question.text, likeness)
    if draft is not None and draft.follows:
        read = question.read or draft.read
        found = await parts.find_together(draft.question, question.text, read)
        progress.at(RANKING)
        await parts.transactions.commit(following.follow, question, draft, found)
        return
    transactions, most = parts.transactions, parts.policy.questions_a_day
    room = (question.chat_id, most, transactions.now())
    if not await transactions.read(postponing.has_room, *room):
        await transactions.commit(postponing.postpone, question, most)
        return
    found = await parts.find(asking.searched_by(question.text, question.read))
    progress.at(RANKING)
    if draft is None:
        await parts.transactions.commit(asking.ask, question, found)
    else:
        await parts.transactions.commit(following.ask_anew, question, draft, found)


async def talk(_: Update, context: Context, heard: Heard, route: Route) -> None:
    await parts_of(context).transactions.commit(talking.relay, heard, route.consultation)


async def detail(_: Update, context: Context, heard: Heard, route: Route) -> None:
    given = heard.chat_id, route.detail, heard.text
    await parts_of(context).transactions.commit(specifying.write, *given)


async def choose(_: Update, context: Context, heard: Heard, __: Route) -> None:
    await parts_of(context).transactions.commit(talking.park, heard)


async def closed(_: Update, __: Context, ___: Heard, route: Route) -> None:
    raise RefusedError("closed", consultation=route.consultation or 0)


async def offered(_: Update, context: Context, heard: Heard, route: Route) -> None:
    """Of what isn't theirs now: on offer to them, or before, or followed."""
    read, number = parts_of(context).transactions.read, route.consultation or 0
    await read(beside.refuse_reply, heard.chat_id, number)


async def nothing(_: Update, __: Context, ___: Heard, ____: Route) -> None:
    raise RefusedError("nothing_open")


async def fill(update: Update, context: Context, heard: Heard, route: Route) -> None:
    assert route.member is not None
    if route.member.awaiting in (Awaiting.QUESTION, Awaiting.WORDS):
        await ask(update, context, heard, route)
    elif not heard.text:
        raise RefusedError("form_text")
    else:
        await FORMS[route.member.awaiting](parts_of(context), heard)


ROUTES: dict[str, Hear] = {
    "stranger": greet,
    "consent": greet,
    "form": fill,
    "detail": detail,
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
    **handing_over.FORMS,
    **offers.FORMS,
    **tooling.FORMS,
}
