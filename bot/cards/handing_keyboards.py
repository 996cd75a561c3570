"""The buttons by which a consultation is given to somebody else, and followed."""

from bot.cards.buttons import Button
from bot.cards.rows import NAME_LENGTH, Keyboard, Rows, Values, _, say


def escalate_button(values: Values, language: str) -> Button:
    """On an offer; the enterprise's liaison gives it to a mentor, others to one like them."""
    liaison = values["offered_as"] == "liaison"
    label = _("Give it to a mentor", language) if liaison else _("Pass it on", language)
    return Button(label, "esc", (values["offer"],))


def transfer_row(values: Values, language: str) -> list[Button]:
    """On the card of a talk, for its mentor."""
    label = _("Propose another mentor", language)
    return [Button(label, "give", (values["consultation"],))]


def escalate(values: Values, language: str) -> Rows:
    offer = values["offer"]
    rows = [
        [Button(_name(one, language), "esc_to", (offer, one["id"]))] for one in values["people"]
    ]
    if not values.get("typing"):
        rows.append([Button(_("Type a name", language), "esc_name", (offer,))])
    return [*rows, [Button(_("Back", language), "esc_back", (offer,))]]


def escalation_note(values: Values, language: str) -> Rows:
    offer = values["offer"]
    without = Button(_("Without a note", language), "esc_send", (offer, values["person"]))
    return [[without], [Button(_("Back", language), "esc_back", (offer,))]]


def follow(values: Values, language: str) -> Rows:
    number = (values["consultation"],)
    if values["state"] == "following":
        return [[Button(_("Stop following", language), "unfollow", number)]]
    return [[Button(_("Follow it", language), "follow", number)]]


def follower(values: Values, language: str) -> Rows:
    row, reading = values["follow"], values["reading"]
    let = Button(_("Let them read along", language), "let_read", (row, 1))
    stop = Button(_("Do not let them", language), "let_read", (row, 0))
    return {"asked": [[let, stop]], "allowed": [[stop]], "refused": [[let]]}.get(reading, [])


def pledge(values: Values, language: str) -> Rows:
    args = (values["number"], values["version"])
    return [[Button(_("I agree", language), values["action"], args)]]


def transfer_to(values: Values, language: str) -> Rows:
    number = values["consultation"]
    rows = [
        [Button(_name(one, language), "give_to", (number, one["id"]))] for one in values["people"]
    ]
    if not values["by_admin"] and not values["typed"]:
        rows.append([Button(_("Type a name", language), "give_name", (number,))])
    return rows


def transfer_asker(values: Values, language: str) -> Rows:
    if values["state"] != "proposed":
        return []
    number = values["transfer"]
    return [
        [
            Button(_("Agree", language), "give_ok", (number, 1)),
            Button(_("Keep my mentor", language), "give_ok", (number, 0)),
        ]
    ]


def transfer_mentor(values: Values, language: str) -> Rows:
    if values["state"] not in ("proposed", "offered") or not values["by_mentor"]:
        return []
    return [[Button(_("Keep it after all", language), "give_off", (values["transfer"],))]]


def transfer_take(values: Values, language: str) -> Rows:
    if values["state"] != "offered":
        return []
    number = (values["transfer"],)
    return [
        [
            Button(_("Accept", language), "take", number),
            Button(_("Decline", language), "take_not", number),
        ]
    ]


def _name(one: Values, language: str) -> str:
    name, home = say(one["name"], language), say(one["organisation"], language)
    return f"{name[:NAME_LENGTH]} · {home[:NAME_LENGTH]}" if home else name[:NAME_LENGTH]


HANDING_KEYBOARDS: dict[str, Keyboard] = {
    "escalate": escalate,
    "escalation_note": escalation_note,
    "follow": follow,
    "follower": follower,
    "pledge": pledge,
    "transfer_to": transfer_to,
    "transfer_asker": transfer_asker,
    "transfer_mentor": transfer_mentor,
    "transfer_take": transfer_take,
}
