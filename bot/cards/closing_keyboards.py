"""Buttons under what ends a consultation, and under what becomes public of it."""

from bot.cards.buttons import Button
from bot.cards.rows import Keyboard, Rows, Values, _, in_rows
from bot.cards.words import WORDS


def rate(values: Values, language: str) -> Rows:
    number = values["consultation"]
    stars = [
        Button("★" * star, "rate", (number, star))
        for star in range(1, 6)
        if star != values["rating"]
    ]
    why = [Button(_(WORDS[code], language), "why", (number, code)) for code in values["reasons"]]
    if why:
        why.append(Button(_("Skip this", language), "why", (number, "skip")))
    return [stars, *in_rows(why, 2), _after(values, language)]


def fell_silent(values: Values, language: str) -> Rows:
    return [_solved(values, language), _after(values, language)]


def closed_mentor(values: Values, language: str) -> Rows:
    return [[_transcript(values, language)]]


def taken_up(values: Values, language: str) -> Rows:
    return [[Button(_("I can't go on", language), "hand_over", (values["consultation"],))]]


def quiet(values: Values, language: str) -> Rows:
    keep = Button(_("Keep it open", language), "keep_quiet", (values["consultation"],))
    return [[keep], _solved(values, language)]


def answer_owed(values: Values, language: str) -> Rows:
    label = _("I have answered: ask if it is solved", language)
    return [[Button(label, "answered", (values["consultation"],))]]


def still_unanswered(values: Values, language: str) -> Rows:
    return [_solved(values, language)]


def holds(values: Values, language: str) -> Rows:
    number = (values["consultation"],)
    return [
        [
            Button(_("Yes, it holds", language), "holds", number),
            Button(_("Reopen it", language), "reopen", number),
        ]
    ]


def courtesy(values: Values, language: str) -> Rows:
    number = values["consultation"]
    return [[Button(_("Reopen it", language), "reopen", (number,))]] if number else []


def closed_list(values: Values, language: str) -> Rows:
    rows: Rows = []
    for one in values["closed"]:
        number = one["consultation"]
        row = [Button(_("File of #%s", language) % number, "transcript", (number,))]
        if one["as_asker"]:
            row.insert(0, Button(_("Reopen #%s", language) % number, "reopen", (number,)))
        if one["answer"]:
            label = _("Withdraw the answer of #%s", language) % number
            row.append(Button(label, "ans_back", (one["answer"],)))
        rows.append(row)
    return rows


def answer_wish(values: Values, language: str) -> Rows:
    number = (values["answer"],)
    return [
        [
            Button(_("Yes, draft it", language), "ans_allow", number),
            Button(_("No", language), "ans_no", number),
        ]
    ]


def answer(values: Values, language: str) -> Rows:
    seen = (values["answer"], values["version"])
    parts = [
        Button(f"{'↩️' if part['dropped'] else '✂️'} {place + 1}", "ans_drop", (*seen, place))
        for place, part in enumerate(values["parts"])
    ]
    return [
        [Button(_("Approve it as it stands", language), "ans_yes", seen)],
        [
            Button(_("Edit the question", language), "ans_q", seen),
            Button(_("Edit the answer", language), "ans_a", seen),
        ],
        *(in_rows(parts, 4) if len(parts) > 1 else []),
        [Button(_("No, keep it private", language), "ans_no", (values["answer"],))],
    ]


def answer_approved(values: Values, language: str) -> Rows:
    return [[Button(_("No, keep it private", language), "ans_no", (values["answer"],))]]


def answer_public(values: Values, language: str) -> Rows:
    return [[Button(_("Withdraw it", language), "ans_back", (values["answer"],))]]


def _solved(values: Values, language: str) -> list[Button]:
    number = values["consultation"]
    return [
        Button(_("Solved", language), "solved", (number, "yes")),
        Button(_("Not solved", language), "solved", (number, "no")),
    ]


def _after(values: Values, language: str) -> list[Button]:
    reopen = Button(_("Reopen it", language), "reopen", (values["consultation"],))
    return [reopen, _transcript(values, language)]


def _transcript(values: Values, language: str) -> Button:
    label = _("Everything as a file", language)
    return Button(label, "transcript", (values["consultation"],))


def _none(values: Values, language: str) -> Rows:
    return []


CLOSING_KEYBOARDS: dict[str, Keyboard] = {
    "rate": rate,
    "fell_silent": fell_silent,
    "closed_mentor": closed_mentor,
    "was_closed": _none,
    "taken_up": taken_up,
    "handed_over": _none,
    "quiet": quiet,
    "kept_open": _none,
    "answer_owed": answer_owed,
    "still_unanswered": still_unanswered,
    "holds": holds,
    "held": _none,
    "courtesy": courtesy,
    "closed_list": closed_list,
    "answer_wish": answer_wish,
    "answer_allowed": _none,
    "answer": answer,
    "answer_approved": answer_approved,
    "answer_declined": _none,
    "answer_public": answer_public,
    "answer_withdrawn": _none,
}
