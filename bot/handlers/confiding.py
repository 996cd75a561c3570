"""What an asker taps to redact and veil, and a reader in confidence to agree."""

from bot.cards.buttons import Press
from bot.desk import accepting, confiding
from bot.handlers.calling import Action, UseCase, numbered
from bot.handlers.parts import Parts


def keyed(use_case: UseCase) -> Action:
    """A button of a consultation with a word: `use_case(session, chat_id, number, word)`."""

    async def act(parts: Parts, chat_id: int, press: Press) -> object:
        return await parts.transactions.commit(use_case, chat_id, press.number(0), press.word(1))

    return act


ACTIONS: dict[str, Action] = {
    "level": keyed(confiding.choose_level),
    "redact": keyed(confiding.redact),
    "redact_all": numbered(confiding.redact_all),
    "keep_mark": keyed(confiding.keep),
    "sharing": numbered(confiding.show_sharing),
    "share": keyed(confiding.share),
    "preview": numbered(confiding.show_preview),
    "undertaking": numbered(confiding.show_undertaking),
    "undertake": numbered(accepting.undertake, 2),
}
