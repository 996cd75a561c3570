"""The methods of the Bot API that are simulated; importing this package enters all of them."""

from bot.simulator.calls import METHODS
from bot.simulator.methods import (
    chats,
    copying,
    editing,
    inline,
    media,
    pinning,
    profile,
    sending,
    topics,
    updating,
)

__all__ = [
    "METHODS",
    "chats",
    "copying",
    "editing",
    "inline",
    "media",
    "pinning",
    "profile",
    "sending",
    "topics",
    "updating",
]
