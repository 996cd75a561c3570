"""The buttons by which an asker redacts and veils, and a reader in confidence agrees."""

from collections.abc import Sequence

from bot.cards.buttons import Button
from bot.cards.rows import Keyboard, Rows, Values, _, in_rows
from bot.cards.words import LEVELS, MARKED

_MARK_LENGTH = 16


def preview(values: Values, language: str) -> Rows:
    number = (values["consultation"],)
    rows = mark_rows(values["marks"], values["consultation"], "", language)
    rows.append([_level(values, level, language) for level in LEVELS])
    if values["level"] != "public":
        label = _("What may be read before somebody accepts", language)
        rows.append([Button(label, "sharing", number)])
    if values["level"] == "nda":
        rows.append([Button(_("Read the undertaking", language), "undertaking", number)])
    if values.get("enclosed"):
        rows.append([Button(_("Send no files along", language), "leave_out", number)])
    rows.append([Button(_("Send it", language), "send", (*number, values["seen"]))])
    rows.append(
        [
            Button(_("Edit the text", language), "edit", number),
            Button(_("Choose again", language), "back", number),
        ]
    )
    return rows


def mark_rows(marks: Sequence[Values], number: int, of: str, language: str) -> Rows:
    """Redact or keep each; `of`: the text of which things, by which the buttons begin."""
    begins, rows = f"{of}_" if of else "", []
    for mark in marks:
        kind, args = MARKED[mark["kind"]], (number, mark["key"])
        words = mark["text"][:_MARK_LENGTH]
        redact = _("Redact %(number)s %(words)s", language) % {
            "number": mark["number"],
            "words": words,
        }
        keep = _("Keep (%s)", language) % _(kind, language)
        rows.append(
            [
                Button(redact, f"{begins}redact", args),
                Button(keep, f"{begins}keep_mark", args),
            ]
        )
    if len(marks) > 1:
        rows.append([Button(_("Redact all", language), f"{begins}redact_all", (number,))])
    return rows


def _level(values: Values, level: str, language: str) -> Button:
    chosen = "● " if level == values["level"] else "○ "
    return Button(chosen + _(LEVELS[level], language), "level", (values["consultation"], level))


def sharing(values: Values, language: str) -> Rows:
    number = values["consultation"]
    lines = [
        Button(f"{'✓' if line['shared'] else '✗'} {place}", "share", (number, line["key"]))
        for place, line in enumerate(values["lines"], start=1)
    ]
    return [*in_rows(lines, 5), [Button(_("Done", language), "preview", (number,))]]


def look_ask(values: Values, language: str) -> Rows:
    number = (values["look"],)
    return [
        [
            Button(_("Read it, and both are told", language), "look", number),
            Button(_("Do not look", language), "unlook", number),
        ]
    ]


def no_buttons(values: Values, language: str) -> Rows:
    """An edited card whose buttons are spent."""
    return []


def undertaking(values: Values, language: str) -> Rows:
    offer = values["offer"]
    if not offer:
        return []
    agree = Button(_("I agree, and accept", language), "undertake", (offer, values["version"]))
    return [
        [agree],
        [
            Button(_("Decline", language), "decline", (offer,)),
            Button(_("Back", language), "keep", (offer,)),
        ],
    ]


KEYBOARDS: dict[str, Keyboard] = {
    "preview": preview,
    "sharing": sharing,
    "undertaking": undertaking,
    "look_ask": look_ask,
    "look_left": no_buttons,
    "look": no_buttons,
    "look_over": no_buttons,
}
