"""What a reply markup may hold."""

from __future__ import annotations

import json
from typing import Any

from bot.simulator.errors import refuse
from bot.simulator.messages import Json

# Telegram states no limit; bots in use report refusals from about this many bytes on.
MARKUP_LIMIT = 10_000
_INLINE_ACTS = frozenset(
    {
        *("url", "callback_data", "web_app", "login_url", "switch_inline_query", "copy_text"),
        *("switch_inline_query_current_chat", "switch_inline_query_chosen_chat"),
        *("callback_game", "pay"),
    }
)


def checked_markup(markup: Any, *, inline_only: bool = False) -> Json | None:
    """The markup as a message keeps it; None for none; raises ApiError for a wrong one."""
    if markup is None:
        return None
    if not isinstance(markup, dict):
        raise refuse("markup_not_object")
    if "inline_keyboard" in markup:
        return _checked_inline(markup)
    if inline_only and markup:
        raise refuse("inline_expected")
    for row in markup.get("keyboard", ()):
        for button in row:
            text = button if isinstance(button, str) else button.get("text")
            if not text:
                raise refuse("button_text_empty", kind="reply")
    return markup or None


def _checked_inline(markup: Json) -> Json | None:
    rows = [row for row in markup["inline_keyboard"] if row]
    for row in rows:
        for button in row:
            _check_button(button)
    if len(json.dumps(rows)) > MARKUP_LIMIT:
        raise refuse("markup_too_long")
    return {"inline_keyboard": rows} if rows else None


def _check_button(button: Any) -> None:
    if not isinstance(button, dict):
        raise refuse("markup_button", kind="inline", why="object expected")
    if not button.get("text"):
        raise refuse("button_text_empty", kind="inline")
    acts = _INLINE_ACTS & button.keys()
    if not acts:
        why = "Text buttons are unallowed in the inline keyboard"
        raise refuse("markup_button", kind="inline", why=why)
    if len(acts) > 1:
        why = "Only one action is allowed in a button"
        raise refuse("markup_button", kind="inline", why=why)
    if "callback_data" in acts:
        size = len(str(button["callback_data"]).encode())
        if not 1 <= size <= 64:
            raise refuse("button_data_invalid")
    url = button.get("url")
    if (
        url is not None
        and "." not in url
        and not url.startswith("tg://")
        and "localhost" not in url
    ):
        raise refuse("button_url_invalid", url=url)
