"""A claimed delivery becomes a Bot API call, and the answer a verdict."""

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from bot.delivery.api import BotApi
from bot.delivery.faults import named
from bot.delivery.ledger import Claimed
from bot.delivery.outbox import CAPTION, MEDIA, QUOTE, SILENT
from bot.delivery.owed import Owed
from bot.delivery.topics import RENAMES
from bot.delivery.verdicts import (
    Again,
    Failed,
    Sent,
    SentAlbum,
    Separate,
    TopicGone,
    Uncertain,
    Verdict,
    is_gone,
    is_removed,
    is_topic_gone,
    is_unchanged,
    wants_no_quote,
)
from bot.delivery.verdicts import verdict as verdict_of

log = logging.getLogger(__name__)
# An upload takes its time; a small answer does not.
UPLOAD_PATIENCE = 120.0
# These act upon the message that a delivery refers to.
CHANGES = frozenset(
    {
        "editMessageText",
        "editMessageCaption",
        "editMessageMedia",
        "setMessageReaction",
        "deleteMessage",
    }
)
# Values of a copy that are no parameters of it.
OUR_OWN = frozenset({QUOTE, MEDIA})
# Cards that Telegram lets nobody forward or save: what an admin reads of others.
# What is said of a chat, and not in it.
CHATLESS = frozenset({"setMyCommands"})
GUARDED = frozenset({"look_ask", "look"})


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
        if claimed.room.lost:
            return Failed("no_topic")
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
        # An edit can't say this, and needs not: the message stays as it was sent.
        guarded = {"protect_content": True} if owed.card in GUARDED else {}
        silent = {"disable_notification": True} if owed.values.get(SILENT) else {}
        sent = parameters | guarded | silent | _reply(claimed)
        return await self._call(claimed, "sendMessage", sent)

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
        if owed.method in CHANGES:
            return await self._change(claimed)
        if claimed.album:
            return await self._album(claimed)
        values = {name: value for name, value in owed.values.items() if name not in OUR_OWN}
        chat = {} if owed.method in CHATLESS else {"chat_id": owed.chat_id}
        parameters: dict[str, Any] = {**chat, **values, **_source(owed)}
        found = await self._call(
            claimed, owed.method, parameters | _reply(claimed), owed.attachment
        )
        if wants_no_quote(found):
            unquoted = parameters | _reply(claimed, quoting=False)
            found = await self._call(claimed, owed.method, unquoted, owed.attachment)
        return found

    async def _change(self, claimed: Claimed) -> Verdict:
        """What is to be changed may never have been sent; then there is nothing to change."""
        owed = claimed.owed
        if claimed.reply_to is None:
            return Sent(None)
        parameters = {"chat_id": owed.chat_id, "message_id": claimed.reply_to, **owed.values}
        try:
            await self._api.call(owed.method, parameters)
        except Exception as error:
            if is_unchanged(error) or is_removed(error):
                return Sent(claimed.reply_to)
            found = verdict_of(error)
            # Twice the same change is one change: it may be made again.
            return Again(found.reason) if isinstance(found, Uncertain) else found
        return Sent(claimed.reply_to)

    async def _album(self, claimed: Claimed) -> Verdict:
        """As one, or else each part is to be sent by itself, so that none is lost unsaid."""
        owed, parts = claimed.owed, claimed.album
        chat: dict[str, Any] = {"chat_id": owed.chat_id} | _topic(claimed)
        method, parameters = _whole(claimed)
        try:
            result = await self._api.call(method, chat | parameters)
        except Exception as error:
            if "message_thread_id" in chat and is_topic_gone(error):
                return TopicGone(chat["message_thread_id"])
            found = verdict_of(error)
            return Separate(found.reason) if isinstance(found, Failed) else found
        ids = [one["message_id"] for one in result]
        if len(ids) == len(parts):
            return SentAlbum(tuple(ids))
        # Telegram skips what it can't copy without saying which: nobody can tell what came.
        await self._take_back(owed.chat_id, ids)
        return Separate(f"album: {len(ids)} of {len(parts)}")

    async def _take_back(self, chat_id: int, ids: list[int]) -> None:
        """Better a part that is seen twice than one that is never seen."""
        if not ids:
            return
        try:
            await self._api.call("deleteMessages", {"chat_id": chat_id, "message_ids": ids})
        except Exception as error:
            log.warning("an incomplete album stays: %s", named(error))

    async def _call(
        self, claimed: Claimed, method: str, parameters: dict[str, Any], attachment: str = ""
    ) -> Verdict:
        topic = claimed.room.topic if _has_room(method) else None
        if topic is not None:
            parameters = parameters | {"message_thread_id": topic}
        try:
            if attachment:
                document = Path(attachment)
                result = await self._api.call(
                    method, parameters, document=document, patience=UPLOAD_PATIENCE
                )
            else:
                result = await self._api.call(method, parameters)
        except Exception as error:  # verdict_of raises again what is none of its own
            if topic is not None and is_topic_gone(error):
                return TopicGone(topic)
            return verdict_of(error)
        return Sent(_message_of(result))


def _has_room(method: str) -> bool:
    """Whether a method can be told a topic: what writes, and what changes the topic itself."""
    return method.startswith(("send", "copy", "forward")) or method == RENAMES


def _message_of(result: object) -> int | None:
    """A topic is known by the message that opened it."""
    if not isinstance(result, dict):
        return None
    return result.get("message_id", result.get("message_thread_id"))


def _source(owed: Owed) -> dict[str, int]:
    if owed.source_chat is None or owed.source_message is None:
        return {}
    return {"from_chat_id": owed.source_chat, "message_id": owed.source_message}


def _topic(claimed: Claimed) -> dict[str, int]:
    return {} if claimed.room.topic is None else {"message_thread_id": claimed.room.topic}


def _whole(claimed: Claimed) -> tuple[str, dict[str, Any]]:
    """A copied album can't reply, so one that does is sent anew by its files."""
    media = [part.values.get(MEDIA) for part in claimed.album]
    if claimed.reply_to is not None and all(media):
        return "sendMediaGroup", {"media": media} | _reply(claimed)
    messages = [part.source_message for part in claimed.album]
    bare = {"remove_caption": True} if any(CAPTION in p.values for p in claimed.album) else {}
    source = {"from_chat_id": claimed.owed.source_chat, "message_ids": messages}
    return "copyMessages", source | bare


def _reply(claimed: Claimed, *, quoting: bool = True) -> dict[str, Any]:
    if claimed.reply_to is None:
        return {}
    to = {"message_id": claimed.reply_to, "allow_sending_without_reply": True}
    quote = claimed.owed.values.get(QUOTE) if quoting else None
    return {"reply_parameters": to | (quote or {})}
