"""The buttons of an offer, and of what a mentor asks before they decide on it."""

from bot.cards.buttons import Button
from bot.cards.confidence_keyboards import mark_rows
from bot.cards.handing_keyboards import escalate_button
from bot.cards.rows import Keyboard, Rows, Values, _, in_rows
from bot.cards.words import WORDS


def offer(values: Values, language: str) -> Rows:
    """Yes or no; then what else can be done with it."""
    number = (values["offer"],)
    beside = [escalate_button(values, language)]
    if not values.get("details", {}).get("asked"):
        beside.insert(0, Button(_("Ask first", language), "detail", number))
    return [
        [
            Button(_("Accept", language), "accept", number),
            Button(_("Decline", language), "decline", number),
        ],
        beside,
        *similar_row(values, language),
    ]


def similar_row(values: Values, language: str) -> Rows:
    """One button for each earlier answer; the numbers stand in the text, or it has but these."""
    label = _("📚 Answer %s", language)
    found = [
        Button(label % place, "earlier", (values["offer"], one["entry"]))
        for place, one in enumerate(values.get("similar", ()), start=1)
    ]
    return [found] if found else []


def earlier(values: Values, language: str) -> Rows:
    """Back leads to the offer, while there is one."""
    offer = values["offer"]
    label = _("Accept and use this answer", language)
    if not values["open"]:
        label = _("Use this answer", language)
    rows = [[Button(label, "use", (offer, values["entry"]))]]
    if values["open"]:
        rows.append([Button(_("Back", language), "keep", (offer,))])
    return rows


def used(values: Values, language: str) -> Rows:
    number = values["use"]
    return [
        [Button(_("Yes, it is solved", language), "used", (number, 1))],
        [Button(_("No, go on with the mentor", language), "used", (number, 0))],
    ]


def decline(values: Values, language: str) -> Rows:
    reasons = ("no_time", "outside_field", "conflict", "unclear")
    buttons = [
        Button(_(WORDS[reason], language), "reason", (values["offer"], reason))
        for reason in reasons
    ]
    return [*in_rows(buttons, 2), [Button(_("Back", language), "keep", (values["offer"],))]]


def detail_ask(values: Values, language: str) -> Rows:
    return [[Button(_("Back", language), "esc_back", (values["offer"],))]]


def detail_wanted(values: Values, language: str) -> Rows:
    number, state = (values["detail"],), values["state"]
    answer = Button(_("Answer it", language), "detail_answer", number)
    unsaid = Button(_("I would rather not say", language), "detail_unsaid", number)
    return {"asked": [[answer], [unsaid]], "typing": [[unsaid]]}.get(state, [])


def detail_preview(values: Values, language: str) -> Rows:
    number, seen = values["detail"], values["seen"]
    rows = mark_rows(values["marks"], number, "detail", language)
    if values["level"] == "public" or values["talking"]:
        rows.append([Button(_("Send it", language), "detail_send", (number, seen, 1))])
    else:
        at_once, later = _("Send it at once", language), _("Only to whoever accepts", language)
        rows.append([Button(at_once, "detail_send", (number, seen, 1))])
        rows.append([Button(later, "detail_send", (number, seen, 0))])
    return [*rows, [Button(_("Write it anew", language), "detail_answer", (number,))]]


def no_buttons(values: Values, language: str) -> Rows:
    """An edited card whose buttons are spent."""
    return []


OFFER_KEYBOARDS: dict[str, Keyboard] = {
    "offer": offer,
    "decline": decline,
    "offer_ended": no_buttons,
    "earlier": earlier,
    "used": used,
    "detail_ask": detail_ask,
    "detail_wanted": detail_wanted,
    "detail_preview": detail_preview,
    "detail_sent": no_buttons,
}
