"""A claimed delivery becomes a Bot API call, and the answer a verdict."""

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from bot.delivery.api import BotApi
from bot.delivery.faults import named
from bot.delivery.ledger import Claimed
from bot.delivery.owed import Owed
from bot.delivery.verdicts import Again, Failed, Sent, Uncertain, Verdict, is_gone, is_unchanged
from bot.delivery.verdicts import verdict as verdict_of

log = logging.getLogger(__name__)
# An upload takes its time; a small answer does not.
UPLOAD_PATIENCE = 120.0


class Renderer(Protocol):
    """Cards as parameters of sendMessage: text, parse_mode, reply_markup as plain JSON."""

    def render(
        self, card: str, values: Mapping[str, Any], language: str, chat_id: int
    ) -> dict[str, Any]: ...


class Calls:
    """Makes the call that a delivery asks for."""

    def __init__(self, api: BotApi, renderer: Renderer) -> None:
        self._api = api
        self._renderer = renderer

    async def make(self, claimed: Claimed) -> Verdict:
        """Never raises for what Telegram or the network did: that is the verdict."""
        owed = claimed.owed
        if not owed.card:
            return await self._plain(claimed)
        try:
            shown = self._renderer.render(owed.card, owed.values, owed.language, owed.chat_id)
        except Exception as error:  # whatever the templates raise, only this card is lost
            log.error("delivery %d: card %s: %s", owed.id, owed.card, named(error))
            return Failed(f"card: {named(error)}")
        parameters = {"chat_id": owed.chat_id, **shown}
        if claimed.edits is not None:
            edited = await self._edit(parameters, claimed.edits)
            if edited is not None:
                return edited
        return await self._call("sendMessage", parameters | _reply(claimed))

    async def _edit(self, parameters: dict[str, Any], message_id: int) -> Verdict | None:
        """None where the message is gone and the card is to be sent anew."""
        try:
            await self._api.call("editMessageText", parameters | {"message_id": message_id})
        except Exception as error:
            if is_unchanged(error):
                return Sent(message_id)
            if is_gone(error):
                return None
            found = verdict_of(error)
            # Twice the same edit is one edit: it may be made again.
            return Again(found.reason) if isinstance(found, Uncertain) else found
        return Sent(message_id)

    async def _plain(self, claimed: Claimed) -> Verdict:
        owed = claimed.owed
        parameters = {"chat_id": owed.chat_id, **owed.values, **_source(owed), **_reply(claimed)}
        return await self._call(owed.method, parameters, owed.attachment)

    async def _call(self, method: str, parameters: dict[str, Any], attachment: str = "") -> Verdict:
        try:
            if attachment:
                document = Path(attachment)
                result = await self._api.call(
                    method, parameters, document=document, patience=UPLOAD_PATIENCE
                )
            else:
                result = await self._api.call(method, parameters)
        except Exception as error:  # verdict_of raises again what is none of its own
            return verdict_of(error)
        return Sent(result.get("message_id") if isinstance(result, dict) else None)


def _source(owed: Owed) -> dict[str, int]:
    if owed.source_chat is None or owed.source_message is None:
        return {}
    return {"from_chat_id": owed.source_chat, "message_id": owed.source_message}


def _reply(claimed: Claimed) -> dict[str, Any]:
    if claimed.reply_to is None:
        return {}
    return {
        "reply_parameters": {
            "message_id": claimed.reply_to,
            "allow_sending_without_reply": True,
        }
    }
