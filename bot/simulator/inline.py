"""Inline mode: what is typed as "@bot ...", what the bot answers, and what is sent of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.simulator.messages import Json, SimulatedMessage

if TYPE_CHECKING:
    from bot.simulator.chats import SimulatedChat
    from bot.simulator.people import SimulatedPerson
    from bot.simulator.world import World

QUERY_LIMIT = 256


@dataclass(frozen=True, slots=True)
class InlineResult:
    """One result: what the person sees of it, and the message that choosing it sends."""

    id: str
    kind: str
    title: str
    description: str
    content: Json
    reply_markup: Json | None

    def for_page(self) -> Json:
        """What a list of results shows."""
        named = {"id": self.id, "kind": self.kind, "title": self.title}
        return named | {"description": self.description}


@dataclass(frozen=True, slots=True)
class InlineAnswer:
    """The bot's answer; `button` is shown above the results and opens the private chat."""

    results: tuple[InlineResult, ...]
    next_offset: str = ""
    button: Json | None = None


@dataclass(slots=True, eq=False)
class SimulatedInlineQuery:
    """A query as it stood when the person stopped typing; `answer` is None until there is one."""

    id: str
    person: SimulatedPerson
    chat: SimulatedChat
    text: str
    offset: str
    asked_at: float
    answer: InlineAnswer | None = None


class InlineMode:
    """The world's inline half. `feedback` is BotFather's switch for chosen_inline_result."""

    def __init__(self, world: World, *, feedback: bool = True) -> None:
        self.feedback = feedback
        self.queries: dict[str, SimulatedInlineQuery] = {}
        self.sent: dict[str, SimulatedMessage] = {}
        self._world = world
        self._cached: dict[tuple[str, str, int | None], tuple[float, InlineAnswer]] = {}

    def ask(
        self, person: SimulatedPerson, chat: SimulatedChat, text: str, offset: str = ""
    ) -> SimulatedInlineQuery:
        """Type a query; the bot is told, unless Telegram still has an answer to the same one."""
        world = self._world
        number = str(person.id * 1_000_033 + world.number())
        query = SimulatedInlineQuery(
            number, person, chat, text[:QUERY_LIMIT], offset, world.clock()
        )
        self.queries[number] = query
        if known := self._remembered(query):
            self._show(query, known)
            return query
        written = {
            "id": number,
            "from": person.for_bot(),
            "query": query.text,
            "offset": offset,
            "chat_type": "sender" if chat.is_private else chat.type,
        }
        world.updates.put("inline_query", written, person.id)
        return query

    def _remembered(self, query: SimulatedInlineQuery) -> InlineAnswer | None:
        for whose in (query.person.id, None):
            until, answer = self._cached.get((query.text, query.offset, whose), (0.0, None))
            if answer is not None and self._world.clock() < until:
                return answer
        return None

    def answer(
        self, query: SimulatedInlineQuery, answer: InlineAnswer, *, cache_time: int, personal: bool
    ) -> None:
        """Show the results, and keep them for whoever types the same."""
        whose = query.person.id if personal else None
        until = self._world.clock() + cache_time
        self._cached[query.text, query.offset, whose] = (until, answer)
        self._show(query, answer)

    def _show(self, query: SimulatedInlineQuery, answer: InlineAnswer) -> None:
        query.answer = answer
        self._world.publish("inline_answered", query.chat, query=query)

    def choose(self, query: SimulatedInlineQuery, result_id: str) -> SimulatedMessage:
        """Send a result into the chat where it was asked for, as the person's own message.

        Raises ValueError where the bot gave no such result.
        """
        results = query.answer.results if query.answer else ()
        chosen = next((one for one in results if one.id == result_id), None)
        if chosen is None:
            raise ValueError(f"There is no result {result_id!r} of {query.text!r}")
        inline_id = f"AQAAA{query.id}" if chosen.reply_markup else None
        message = query.person.send(
            chosen.content,
            chat_id=query.chat.id,
            reply_markup=chosen.reply_markup,
            via_bot=self._world.bot,
            inline_id=inline_id,
        )
        if inline_id is not None:
            self.sent[inline_id] = message
        self._feed_back(query, chosen, inline_id)
        return message

    def _feed_back(
        self, query: SimulatedInlineQuery, chosen: InlineResult, inline_id: str | None
    ) -> None:
        if not self.feedback:
            return
        who = query.person.for_bot()
        written: Json = {"result_id": chosen.id, "from": who, "query": query.text}
        if inline_id is not None:
            written["inline_message_id"] = inline_id
        self._world.updates.put("chosen_inline_result", written, query.person.id)
