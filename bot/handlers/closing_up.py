"""What is tapped and typed once a talk ends: stars, reopening, files, answers that live on."""

from bot.cards.buttons import Press
from bot.desk import approving, closing, holding, reopening, silence, transcribing
from bot.desk.tables import Awaiting
from bot.handlers.calling import Action, Form, form, numbered
from bot.handlers.parts import Parts


async def why(parts: Parts, chat_id: int, press: Press) -> None:
    commit = parts.transactions.commit
    await commit(closing.rate_for, chat_id, press.number(0), press.word(1))


async def reopen(parts: Parts, chat_id: int, press: Press) -> None:
    commit = parts.transactions.commit
    await commit(reopening.reopen, chat_id, press.number(0), parts.offer_for)


async def hand_over(parts: Parts, chat_id: int, press: Press) -> None:
    commit = parts.transactions.commit
    await commit(reopening.hand_over, chat_id, press.number(0), parts.offer_for)


ACTIONS: dict[str, Action] = {
    "rate": numbered(closing.rate, 2),
    "why": why,
    "reopen": reopen,
    "hand_over": hand_over,
    "keep_quiet": numbered(silence.keep_open),
    "holds": numbered(holding.say_holds),
    "transcript": numbered(transcribing.want),
    "ans_allow": numbered(approving.allow),
    "ans_yes": numbered(approving.approve, 2),
    "ans_no": numbered(approving.decline),
    "ans_drop": numbered(approving.drop, 3),
    "ans_q": numbered(approving.edit_question, 2),
    "ans_a": numbered(approving.edit_answer, 2),
    "ans_back": numbered(approving.withdraw),
}
FORMS: dict[Awaiting, Form] = {
    Awaiting.ANSWER_QUESTION: form(approving.rewrite_question),
    Awaiting.ANSWER_TEXT: form(approving.rewrite_answer),
}
