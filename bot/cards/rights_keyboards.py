"""The buttons under cards about what is held about a person."""

from bot.cards.buttons import Button
from bot.cards.rows import Keyboard, Rows, Values, _


def forget(values: Values, language: str) -> Rows:
    return [
        [Button(_("Erase everything", language), "forget")],
        [Button(_("Leave it as it is", language), "forget_not")],
    ]


def forget_really(values: Values, language: str) -> Rows:
    return [
        [Button(_("Yes, erase me now", language), "forget_now", (values["asked"],))],
        [Button(_("Leave it as it is", language), "forget_not")],
    ]


RIGHTS_KEYBOARDS: dict[str, Keyboard] = {"forget": forget, "forget_really": forget_really}
