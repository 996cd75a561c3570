"""The buttons under cards of how mentors work."""

from bot.cards.buttons import Button
from bot.cards.rows import Keyboard, Rows, Values, _, in_rows
from bot.cards.weeks import week_words
from bot.desk.keeping_hours import PRESETS, USUAL_PRESET


def queue(values: Values, language: str) -> Rows:
    offers = [
        Button(_("Offer #%s", language) % one["consultation"], "offer_again", (one["offer"],))
        for one in values["offers"]
    ]
    talks = [
        Button(_("Talk #%s", language) % one["consultation"], "queue_talk", (one["consultation"],))
        for one in values["talks"]
    ]
    return [*in_rows(offers, 2), *in_rows(talks, 2)]


def offer_again(values: Values, language: str) -> Rows:
    number = (values["offer"],)
    return [
        [
            Button(_("Accept", language), "accept", number),
            Button(_("Decline", language), "decline", number),
        ]
    ]


def queue_talk(values: Values, language: str) -> Rows:
    number = (values["consultation"],)
    rows = [[Button(_("Talk in this one now", language), "talk_in", number)]]
    if values["owed"]:
        label = _("I have answered: ask if it is solved", language)
        rows.append([Button(label, "answered", number)])
    if values["notes"]:
        rows.append([_notes(values, language)])
    return rows


def note_left(values: Values, language: str) -> Rows:
    return [[_notes(values, language)]]


def kept(values: Values, language: str) -> Rows:
    return in_rows(
        [Button(f"🗑 {one['name']}", "unsave", (one["number"],)) for one in values["kept"]], 2
    )


def found(values: Values, language: str) -> Rows:
    hits = [
        Button(f"{place} · #{one['consultation']}", "found", (one["consultation"], one["message"]))
        for place, one in enumerate(values["hits"], 1)
    ]
    return in_rows(hits, 3)


def found_one(values: Values, language: str) -> Rows:
    number = (values["consultation"],)
    return (
        [[Button(_("Talk in this one now", language), "talk_in", number)]]
        if values["going"]
        else []
    )


def digest(values: Values, language: str) -> Rows:
    rows = [[Button(_("What waits for me", language), "queue")]] if values["waiting"] else []
    return [*rows, [_no_digest(language)]]


def digest_set(values: Values, language: str) -> Rows:
    return [[_no_digest(language)]] if values["wanted"] else []


def away(values: Values, language: str) -> Rows:
    days = [
        Button(_("3 days", language), "away", (3,)),
        Button(_("A week", language), "away", (7,)),
        Button(_("2 weeks", language), "away", (14,)),
    ]
    return [days, [_back(language)]] if values["until"] else [days]


def away_now(values: Values, language: str) -> Rows:
    return [[_back(language)]]


def capacity(values: Values, language: str) -> Rows:
    numbers = [Button(str(number), "capacity", (number,)) for number in (1, 2, 3, 5, 10)]
    return [numbers, [Button(_("As many as come", language), "capacity", (0,))]]


def hours(values: Values, language: str) -> Rows:
    usual = Button(_("As the desk", language), "hours", (USUAL_PRESET,))
    presets = [
        Button(week_words(written, language), "hours", (number,))
        for number, written in enumerate(PRESETS)
        if written != values["week"]
    ]
    return [*in_rows(presets, 1), *([[usual]] if values["own"] else [])]


def help_now(values: Values, language: str) -> Rows:
    """What serves now, the most pressing first."""
    rows: Rows = []
    if values["offers"] or (values["talks"] and "asker" not in values["roles"]):
        rows.append([Button(_("What waits for me", language), "queue")])
    if values["draft"]:
        label = _("Question #%s", language) % values["draft"]
        rows.append([Button(label, "back", (values["draft"],))])
    if values["offered"] or values["talks"]:
        rows.append([Button(_("My consultations", language), "my")])
    if values["form"]:
        rows.append([Button(_("Leave the form", language), "cancel")])
    if values["away"]:
        rows.append([_back(language)])
    return rows


def stands(values: Values, language: str) -> Rows:
    number, side = (values["consultation"],), values["side"]
    if side == "offered":
        return offer_again(values, language)
    if values["closed"]:
        return [[Button(_("Reopen it", language), "reopen", number)]]
    served = {
        ("asker", "draft"): Button(_("Show it", language), "back", number),
        ("asker", "offered"): Button(_("Withdraw the question", language), "withdraw", number),
        ("asker", "active"): Button(_("Close this consultation", language), "close", number),
        ("asker", "answered"): Button(_("Close this consultation", language), "close", number),
        ("mentor", "active"): Button(
            _("I have answered: ask if it is solved", language), "answered", number
        ),
    }.get((side, values["stage"]))
    return [[served]] if served else [[Button(_("My consultations", language), "my")]]


def _notes(values: Values, language: str) -> Button:
    return Button(
        _("Notes of #%s", language) % values["consultation"], "notes", (values["consultation"],)
    )


def _no_digest(language: str) -> Button:
    return Button(_("No more of these", language), "digest_off")


def _back(language: str) -> Button:
    return Button(_("I am back", language), "back_again")


TOOL_KEYBOARDS: dict[str, Keyboard] = {
    "queue": queue,
    "offer_again": offer_again,
    "queue_talk": queue_talk,
    "kept": kept,
    "found": found,
    "found_one": found_one,
    "digest": digest,
    "digest_set": digest_set,
    "noted": note_left,
    "note_left": note_left,
    "away": away,
    "away_now": away_now,
    "capacity": capacity,
    "hours": hours,
    "help": help_now,
    "stands": stands,
}
