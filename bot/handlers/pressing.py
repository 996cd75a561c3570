"""Buttons pressed: each action is one use case."""

from dataclasses import replace

from telegram import Update

from bot.cards.buttons import Press, unpack
from bot.desk import (
    accepting,
    asking,
    choosing,
    clarifying,
    closing,
    following,
    introducing,
    learning,
    looking,
    offering,
    onboarding,
    parking,
    postponing,
    switching,
    talking,
    using,
    withholding,
)
from bot.desk.errors import RefusedError
from bot.desk.members import language_of
from bot.desk.views import Heard
from bot.handlers import (
    administering,
    changing,
    closing_up,
    conduct,
    confiding,
    groups,
    handing_over,
    offers,
    rights,
    tooling,
)
from bot.handlers.answering import answer
from bot.handlers.calling import Action, numbered, plain, worded
from bot.handlers.parts import Context, Parts, chat_id_of, parts_of
from bot.handlers.progress import SEARCHING, Shown


async def on_press(update: Update, context: Context) -> None:
    query, parts = update.callback_query, parts_of(context)
    assert query is not None
    press = unpack(query.data or "", chat_id_of(update), parts.key)
    chat_id = query.from_user.id  # in a group too it is a person who presses
    action = ACTIONS.get(press.action)
    if action is None:
        raise RefusedError("stale_button")
    if press.action in SEARCHES:
        await _search(update, context, chat_id, press)
    else:
        await action(parts, chat_id, press)
    await answer(query)


async def _search(update: Update, context: Context, chat_id: int, press: Press) -> None:
    """What a press searches is shown as what a message searches."""
    parts = parts_of(context)
    language = await parts.transactions.read(language_of, chat_id)
    message = update.effective_message
    topic = message.message_thread_id if message and message.is_topic_message else None
    async with Shown(context.bot, parts.cards).to(
        chat_id, update.update_id, language, topic
    ) as progress:
        progress.at(SEARCHING)
        await ACTIONS[press.action](parts, chat_id, press)


async def agree(parts: Parts, chat_id: int, _: Press) -> None:
    """Consent counts whatever becomes of the question that waited for it."""
    try:
        waiting = await parts.transactions.read(onboarding.waiting_text, chat_id)
        found = await parts.find(waiting.text) if waiting else ()
    except RefusedError as refused:
        await parts.transactions.commit(onboarding.agree, chat_id, refused=refused)
    else:
        await parts.transactions.commit(onboarding.agree, chat_id, waiting, found)


async def send(parts: Parts, chat_id: int, press: Press) -> None:
    seen, commit = press.word(1), parts.transactions.commit
    await commit(offering.confirm, chat_id, press.number(0), seen, parts.offer_for)


async def reason(parts: Parts, chat_id: int, press: Press) -> None:
    commit = parts.transactions.commit
    await commit(accepting.decline, chat_id, press.number(0), press.word(1), parts.offer_for)


async def solved(parts: Parts, chat_id: int, press: Press) -> None:
    number, said, commit = press.number(0), press.word(1), parts.transactions.commit
    if said == "later":
        await commit(closing.continue_, chat_id, number)
    else:
        await commit(closing.settle, chat_id, number, said == "yes")


async def new(parts: Parts, chat_id: int, press: Press) -> None:
    heard = await parts.transactions.read(parking.parked_heard, chat_id, press.number(0))
    question = replace(heard, text=asking.check_question(heard.text))
    transactions, most = parts.transactions, parts.policy.questions_a_day
    if not await transactions.read(postponing.has_room, chat_id, most, transactions.now()):
        await transactions.commit(postponing.postpone_parked, chat_id, press.number(0), most)
        return
    found = await parts.find(question.text)
    await parts.transactions.commit(asking.ask_parked, question, press.number(0), found)


async def part(parts: Parts, chat_id: int, press: Press) -> None:
    number, message, asked = (press.number(place) for place in range(3))
    turns = await parts.transactions.read(following.turns_apart, chat_id, number, message)
    last = asking.check_question(turns.last)
    found = await parts.find(turns.before), await parts.find(last)
    heard = Heard(chat_id, message, "text", last)
    await parts.transactions.commit(following.part, heard, number, asked, found)


async def join(parts: Parts, chat_id: int, press: Press) -> None:
    new, draft = press.number(0), press.number(1)
    turns = await parts.transactions.read(following.turns_together, chat_id, new, draft)
    found = await parts.find_together(turns.before, turns.last, turns.read)
    await parts.transactions.commit(following.join, chat_id, new, draft, found)


async def clarify(parts: Parts, chat_id: int, press: Press) -> None:
    number, choice = press.number(0), press.number(1)
    turns = await parts.transactions.read(clarifying.turns_with, chat_id, number, choice)
    found = await parts.find_together(turns.before, turns.last, turns.read)
    await parts.transactions.commit(clarifying.narrow, chat_id, number, choice, found)


# Those that search, which takes a while.
SEARCHES = frozenset({"agree", "new", "part", "join", "clarify"})


def agreed(action: Action) -> Action:
    """What begins something new waits until the newest terms are agreed to; its button stays."""

    async def act(parts: Parts, chat_id: int, press: Press) -> None:
        if not await parts.transactions.read(onboarding.is_current, chat_id):
            await parts.transactions.commit(onboarding.show_terms, chat_id)
            raise RefusedError("terms_first")
        await action(parts, chat_id, press)

    return act


ACTIONS: dict[str, Action] = {
    "agree": agree,
    "language": worded(onboarding.choose_language),
    "profile": plain(introducing.ask_enterprise),
    "industry": worded(introducing.choose_industry),
    "region": worded(introducing.choose_region),
    "tier": worded(introducing.choose_tier),
    "skip": worded(introducing.skip),
    "entry": numbered(looking.show_entry),
    "choose": numbered(choosing.choose),
    "unfit": numbered(learning.strike),
    "own": numbered(choosing.choose_own),
    "nobody": numbered(choosing.choose_nobody),
    "edit": numbered(choosing.edit),
    "back": numbered(choosing.back),
    "send": send,
    "leave_out": numbered(withholding.leave_out),
    "withdraw": numbered(offering.withdraw),
    "accept": agreed(numbered(accepting.accept)),
    "use": agreed(numbered(using.use, 2)),
    "decline": numbered(accepting.ask_reason),
    "keep": numbered(accepting.keep_open),
    "reason": reason,
    "answered": numbered(closing.say_answered),
    "close": numbered(closing.ask_solved),
    "solved": solved,
    "to": numbered(talking.settle, 2),
    "new": agreed(new),
    "part": part,
    "join": join,
    "clarify": clarify,
    "neither": numbered(clarifying.choose_none),
    **administering.ACTIONS,
    **changing.ACTIONS,
    **closing_up.ACTIONS,
    **conduct.ACTIONS,
    **rights.ACTIONS,
    **groups.ACTIONS,
    **handing_over.ACTIONS,
    **offers.ACTIONS,
    **tooling.ACTIONS,
    "talk_in": numbered(switching.talk_in),
    **confiding.ACTIONS,
}
