"""Buttons pressed: each action is one use case."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from telegram import Update

from bot.cards.buttons import Press, unpack
from bot.desk import (
    accepting,
    asking,
    choosing,
    closing,
    introducing,
    looking,
    offering,
    onboarding,
    talking,
)
from bot.desk.errors import RefusedError
from bot.handlers import administering
from bot.handlers.answering import answer
from bot.handlers.parts import Context, Parts, chat_id_of, parts_of

Action = Callable[[Parts, int, Press], Awaitable[object]]


async def on_press(update: Update, context: Context) -> None:
    query, chat_id, parts = update.callback_query, chat_id_of(update), parts_of(context)
    assert query is not None
    press = unpack(query.data or "", chat_id, parts.key)
    action = ACTIONS.get(press.action)
    if action is None:
        raise RefusedError("stale_button")
    await action(parts, chat_id, press)
    await answer(query)


async def agree(parts: Parts, chat_id: int, _: Press) -> None:
    """Consent counts whatever becomes of the question that waited for it."""
    try:
        waiting = await parts.transactions.read(onboarding.waiting_text, chat_id)
        found = await parts.find(waiting.text) if waiting else ()
    except RefusedError as refused:
        await parts.transactions.commit(onboarding.agree, chat_id, refused=refused)
    else:
        await parts.transactions.commit(onboarding.agree, chat_id, waiting, found)


async def language(parts: Parts, chat_id: int, press: Press) -> None:
    await parts.transactions.commit(onboarding.choose_language, chat_id, press.word(0))


async def profile(parts: Parts, chat_id: int, _: Press) -> None:
    await parts.transactions.commit(introducing.ask_enterprise, chat_id)


async def industry(parts: Parts, chat_id: int, press: Press) -> None:
    await parts.transactions.commit(introducing.choose_industry, chat_id, press.word(0))


async def region(parts: Parts, chat_id: int, press: Press) -> None:
    await parts.transactions.commit(introducing.choose_region, chat_id, press.word(0))


async def tier(parts: Parts, chat_id: int, press: Press) -> None:
    await parts.transactions.commit(introducing.choose_tier, chat_id, press.word(0))


async def skip(parts: Parts, chat_id: int, press: Press) -> None:
    await parts.transactions.commit(introducing.skip, chat_id, press.word(0))


async def entry(parts: Parts, chat_id: int, press: Press) -> None:
    await parts.transactions.commit(looking.show_entry, chat_id, press.number(0))


async def choose(parts: Parts, chat_id: int, press: Press) -> None:
    await parts.transactions.commit(choosing.choose, chat_id, press.number(0))


async def own(parts: Parts, chat_id: int, press: Press) -> None:
    await parts.transactions.commit(choosing.choose_own, chat_id, press.number(0))


async def nobody(parts: Parts, chat_id: int, press: Press) -> None:
    await parts.transactions.commit(choosing.choose_nobody, chat_id, press.number(0))


async def edit(parts: Parts, chat_id: int, press: Press) -> None:
    await parts.transactions.commit(choosing.edit, chat_id, press.number(0))


async def back(parts: Parts, chat_id: int, press: Press) -> None:
    await parts.transactions.commit(choosing.back, chat_id, press.number(0))


async def send(parts: Parts, chat_id: int, press: Press) -> None:
    seen, commit = press.word(1), parts.transactions.commit
    await commit(offering.confirm, chat_id, press.number(0), seen, parts.offer_for)


async def withdraw(parts: Parts, chat_id: int, press: Press) -> None:
    await parts.transactions.commit(offering.withdraw, chat_id, press.number(0))


async def accept(parts: Parts, chat_id: int, press: Press) -> None:
    await parts.transactions.commit(accepting.accept, chat_id, press.number(0))


async def decline(parts: Parts, chat_id: int, press: Press) -> None:
    await parts.transactions.commit(accepting.ask_reason, chat_id, press.number(0))


async def keep(parts: Parts, chat_id: int, press: Press) -> None:
    await parts.transactions.commit(accepting.keep_open, chat_id, press.number(0))


async def reason(parts: Parts, chat_id: int, press: Press) -> None:
    commit = parts.transactions.commit
    await commit(accepting.decline, chat_id, press.number(0), press.word(1), parts.offer_for)


async def answered(parts: Parts, chat_id: int, press: Press) -> None:
    await parts.transactions.commit(closing.say_answered, chat_id, press.number(0))


async def close(parts: Parts, chat_id: int, press: Press) -> None:
    await parts.transactions.commit(closing.ask_solved, chat_id, press.number(0))


async def solved(parts: Parts, chat_id: int, press: Press) -> None:
    number, said, commit = press.number(0), press.word(1), parts.transactions.commit
    if said == "later":
        await commit(closing.continue_, chat_id, number)
    else:
        await commit(closing.settle, chat_id, number, said == "yes")


async def rate(parts: Parts, chat_id: int, press: Press) -> None:
    await parts.transactions.commit(closing.rate, chat_id, press.number(0), press.number(1))


async def to(parts: Parts, chat_id: int, press: Press) -> None:
    numbers = press.number(0), press.number(1)
    await parts.transactions.commit(talking.settle, chat_id, *numbers)


async def new(parts: Parts, chat_id: int, press: Press) -> None:
    heard = await parts.transactions.read(talking.parked_heard, chat_id, press.number(0))
    question = replace(heard, text=asking.check_question(heard.text))
    found = await parts.find(question.text)
    await parts.transactions.commit(asking.ask_parked, question, press.number(0), found)


ACTIONS: dict[str, Action] = {
    action.__name__: action
    for action in (
        agree,
        language,
        profile,
        industry,
        region,
        tier,
        skip,
        entry,
        choose,
        own,
        nobody,
        edit,
        back,
        send,
        withdraw,
        accept,
        decline,
        keep,
        reason,
        answered,
        close,
        solved,
        rate,
        to,
        new,
        administering.admin,
        administering.counts,
        administering.invite_whom,
        administering.invite_role,
        administering.invite_person,
        administering.appoint,
        administering.appoint_mentor,
        administering.appoint_enterprise,
        administering.term,
        administering.load,
        administering.unload,
    )
}
