"""The buttons under cards about how people treat each other."""

from bot.cards.buttons import Button
from bot.cards.rows import NAME_LENGTH, Keyboard, Rows, Values, _, say


def report_button(values: Values, language: str) -> list[Button]:
    """For either side of a consultation, beneath what else they can do in it."""
    return [Button(_("Report a problem", language), "report", (values["consultation"],))]


def report_which(values: Values, language: str) -> Rows:
    return [
        [
            Button(
                f"#{option['consultation']} {say(option['name'], language)[:NAME_LENGTH]}",
                "report",
                (option["consultation"],),
            )
        ]
        for option in values["options"]
    ]


def report(values: Values, language: str) -> Rows:
    if values["state"] != "open":
        return []
    number = values["report"]
    return [
        [
            Button(_("Ban them", language), "ban", (values["person"], number)),
            Button(_("Do nothing", language), "dismiss", (number,)),
        ],
        [Button(_("See the person", language), "person", (values["person"],))],
    ]


def person(values: Values, language: str) -> Rows:
    if values["own"]:
        return []
    number = values["person"]
    if values["ban_reason"]:
        return [[Button(_("Lift the ban", language), "unban", (number,))]]
    return [[Button(_("Ban them", language), "ban", (number, 0))]]


def banned(values: Values, language: str) -> Rows:
    if values["appeal"] != "open":
        return []
    return [[Button(_("Appeal", language), "appeal")]]


def appeal(values: Values, language: str) -> Rows:
    if values["decided"]:
        return []
    number = values["appeal"]
    return [
        [
            Button(_("Lift the ban", language), "judge", (number, "lift")),
            Button(_("Keep the ban", language), "judge", (number, "keep")),
        ]
    ]


CONDUCT_KEYBOARDS: dict[str, Keyboard] = {
    "report_which": report_which,
    "report": report,
    "person": person,
    "banned": banned,
    "appeal": appeal,
}
