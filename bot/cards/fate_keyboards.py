"""The buttons under a message that did not arrive."""

from bot.cards.buttons import Button
from bot.cards.rows import Keyboard, Rows, Values, _


def undelivered(values: Values, language: str) -> Rows:
    if values["reason"] == "gone":  # there is nothing left to send
        return []
    return [[Button(_("Retry", language), "retry", (values["delivery"],))]]


def uncertain(values: Values, language: str) -> Rows:
    number = (values["delivery"],)
    return [
        [
            Button(_("Send it again", language), "again", number),
            Button(_("Do not send it again", language), "leave", number),
        ]
    ]


def decided(values: Values, language: str) -> Rows:
    """Nothing is left to be decided."""
    return []


KEYBOARDS: dict[str, Keyboard] = {
    "undelivered": undelivered,
    "uncertain": uncertain,
    "resent": decided,
    "left": decided,
}
