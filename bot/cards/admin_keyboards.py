"""The buttons under an administrator's cards."""

from bot.cards.buttons import Button
from bot.cards.rows import NAME_LENGTH, Rows, Values, _, in_rows, say


def admin(values: Values, language: str) -> Rows:
    return [
        [
            Button(_("Invite a mentor", language), "invite_whom"),
            Button(_("Invite an administrator", language), "invite_role", ("admin",)),
        ],
        [
            Button(_("Appoint a mentor", language), "appoint"),
            Button(_("Counts", language), "counts"),
        ],
        [Button(_("Read a consultation", language), "look_which")],
        [Button(_("People", language), "people")],
    ]


def matches(values: Values, language: str) -> Rows:
    action = {
        "invite": "invite_person",
        "appoint": "appoint_mentor",
        "enterprise": "appoint_enterprise",
        "person": "person",
    }[values["purpose"]]
    buttons = [
        Button(f"{number}. {say(match['name'], language)[:NAME_LENGTH]}", action, (match["id"],))
        for number, match in enumerate(values["matches"], start=1)
    ]
    rows = in_rows(buttons, 2)
    if values["purpose"] == "invite":
        label = _("Somebody who is not in the knowledge base", language)
        rows.append([Button(label, "invite_role", ("mentor",))])
    return rows


def type_term(values: Values, language: str) -> Rows:
    return [[Button(_("%s year(s)", language) % years, "term", (years,)) for years in (1, 2, 3)]]


def invite_wanted(values: Values, language: str) -> Rows:
    return [[Button(_("Invite them", language), "invite_person", (values["person"],))]]


def reload_diff(values: Values, language: str) -> Rows:
    number, rows = values["reload"], []
    if not values["unchanged"]:
        rows.append([Button(_("Add and change", language), "load", (number, "keep"))])
    if values["removed"]:
        label = _("Add, change and remove %s", language) % values["removed"]
        rows.append([Button(label, "load", (number, "remove"))])
    rows.append([Button(_("Do not load it", language), "unload", (number,))])
    return rows
