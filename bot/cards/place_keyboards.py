"""The buttons of places: a lab's group to approve, a consultation to talk in."""

from bot.cards.buttons import Button
from bot.cards.rows import Keyboard, Rows, Values, _, in_rows, say

LABEL_LENGTH = 40
TALKED_IN = ("active", "answered")


def lab_wanted(values: Values, language: str) -> Rows:
    lab = (values["lab"],)
    return [
        [
            Button(_("Approve", language), "lab_yes", lab),
            Button(_("Refuse", language), "lab_no", lab),
        ]
    ]


def switched(values: Values, language: str) -> Rows:
    """Beneath the line that says who speaks: answer them without replying each time."""
    number = values["consultation"]
    return [[Button(_("Talk in #%s", language) % number, "talk_in", (number,))]]


def talking_in(values: Values, language: str) -> Rows:
    return talk_in_others(values, language, values["consultation"])


def talk_in_others(values: Values, language: str, current: int | None) -> Rows:
    """A button for each consultation that can be talked in, where there is a choice."""
    open_ones = [option for option in values["options"] if option["stage"] in TALKED_IN]
    if len(open_ones) < 2:
        return []
    buttons = [
        Button(_label(option, language), "talk_in", (option["consultation"],))
        for option in open_ones
        if option["consultation"] != current
    ]
    return in_rows(buttons, 1)


def _label(option: Values, language: str) -> str:
    name = say(option["name"], language) if option["name"] else ""
    number = _("Talk in #%s", language) % option["consultation"]
    return f"{number} {name}".strip()[:LABEL_LENGTH]


KEYBOARDS: dict[str, Keyboard] = {
    "lab_wanted": lab_wanted,
    "switched": switched,
    "talking_in": talking_in,
}
