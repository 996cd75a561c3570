"""The buttons under each card, from its view and the reader's language."""

from bot.cards import confidence_keyboards, fate_keyboards, place_keyboards
from bot.cards.admin_keyboards import admin, invite_wanted, matches, reload_diff, type_term
from bot.cards.buttons import Button
from bot.cards.closing_keyboards import CLOSING_KEYBOARDS
from bot.cards.conduct_keyboards import CONDUCT_KEYBOARDS, report_button
from bot.cards.handing_keyboards import HANDING_KEYBOARDS, transfer_row
from bot.cards.offer_keyboards import OFFER_KEYBOARDS, similar_row
from bot.cards.rights_keyboards import RIGHTS_KEYBOARDS
from bot.cards.rows import NAME_LENGTH, Keyboard, Rows, Values, _, in_rows, say
from bot.cards.tool_keyboards import TOOL_KEYBOARDS
from bot.cards.words import INDUSTRY_NAMES, REGION_NAMES, WORDS
from knowledge.tables import Tier

_LABEL_LENGTH = 48


def no_buttons(values: Values, language: str) -> Rows:
    """An edited card whose buttons are spent."""
    return []


def welcome(values: Values, language: str) -> Rows:
    other = Button("中文", "language", ("zh",)) if language == "en" else _english()
    return [[Button(_("I agree", language), "agree"), other]]


def _english() -> Button:
    return Button("English", "language", ("en",))


def _skip(step: str, language: str) -> list[Button]:
    return [
        Button(_("Skip this", language), "skip", (step,)),
        Button(_("Skip all", language), "skip", ("all",)),
    ]


def ask_enterprise(values: Values, language: str) -> Rows:
    return [_skip("enterprise", language)]


def choose_industry(values: Values, language: str) -> Rows:
    names = INDUSTRY_NAMES[language].items()
    buttons = [
        Button(f"{letter} {name}"[:_LABEL_LENGTH], "industry", (letter,)) for letter, name in names
    ]
    width = 2 if language == "zh" else 1  # the English names are longer
    return [*in_rows(buttons, width), _skip("industry", language)]


def choose_region(values: Values, language: str) -> Rows:
    names = REGION_NAMES[language].items()
    buttons = [Button(shown, "region", (name,)) for name, shown in names]
    return [*in_rows(buttons, 4), _skip("region", language)]


def choose_tier(values: Values, language: str) -> Rows:
    buttons = [Button(_(WORDS[tier], language), "tier", (tier.value,)) for tier in Tier]
    return [*in_rows(buttons, 1), _skip("tier", language)]


def ready(values: Values, language: str) -> Rows:
    rows = [
        [
            Button(_("My enterprise", language), "profile"),
            Button("中文" if language == "en" else "English", "language", (_other(language),)),
        ]
    ]
    if "admin" in values["roles"]:
        rows.append([Button(_("Administration", language), "admin")])
    return rows


def followed(values: Values, language: str) -> Rows:
    args = (values["consultation"], values["message"], values["asked"])
    return [[Button(_("It is a new question", language), "part", args)]]


def asked_anew(values: Values, language: str) -> Rows:
    args = (values["consultation"], values["draft"])
    return [[Button(_("It goes on with the earlier one", language), "join", args)]]


def clarify(values: Values, language: str) -> Rows:
    consultation = values["consultation"]
    rows = [
        [Button(choice, "clarify", (consultation, number))]
        for number, choice in enumerate(values["choices"], start=1)
    ]
    return [*rows, [Button(_("None of these", language), "neither", (consultation,))]]


def _other(language: str) -> str:
    return "zh" if language == "en" else "en"


def shortlist(values: Values, language: str) -> Rows:
    consultation = values["consultation"]
    rows: Rows = []
    listed = [line["person"] for line in values["candidates"] if line["kind"] == "expert"]
    if values["own"] and values["own"] not in listed:  # their line says whose mentor they are
        label = _("Ask my mentor: %s", language) % say(values["own"], language)
        rows.append([Button(label, "own", (consultation,))])
    people, things, unfit = [], [], []
    for number, line in enumerate(values["candidates"], start=1):
        name = f"{number}. {say(line['person'], language)[:NAME_LENGTH]}"
        if line["kind"] == "expert":
            people.append(Button(_("Ask %s", language) % name, "choose", (line["id"],)))
        else:
            label = _("Details %s", language) % number
            things.append(Button(label, "entry", (line["entry"],)))
        unfit.append(Button(f"👎 {number}", "unfit", (line["id"],)))
    rows += in_rows(people, 2) + in_rows(things, 3) + in_rows(unfit, 7)
    unfitting, none_left = _("None of them fits", language), _("Pass my question on", language)
    label = unfitting if values["candidates"] else none_left
    rows.append([Button(label, "nobody", (consultation,))])
    return rows


def entry(values: Values, language: str) -> Rows:
    if not values["consultation"] or not values["candidate"]:
        return []
    return [[Button(_("Ask this mentor", language), "choose", (values["candidate"],))]]


def sent(values: Values, language: str) -> Rows:
    return [[Button(_("Withdraw the question", language), "withdraw", (values["consultation"],))]]


def accepted_asker(values: Values, language: str) -> Rows:
    close = Button(_("Close this consultation", language), "close", (values["consultation"],))
    return [[close], report_button(values, language)]


def accepted_mentor(values: Values, language: str) -> Rows:
    number = (values["consultation"],)
    ask = Button(_("I have answered: ask if it is solved", language), "answered", number)
    return [
        [ask],
        *similar_row(values, language),
        transfer_row(values, language),
        report_button(values, language),
    ]


def solved(values: Values, language: str) -> Rows:
    number = values["consultation"]
    return [
        [
            Button(_("Solved", language), "solved", (number, "yes")),
            Button(_("Not solved", language), "solved", (number, "no")),
        ],
        [Button(_("Not yet: go on talking", language), "solved", (number, "later"))],
    ]


def which(values: Values, language: str) -> Rows:
    parked = values["parked"]
    rows = [
        [Button(_option(option, language), "to", (parked, option["consultation"]))]
        for option in values["options"]
    ]
    if values["may_ask"]:
        rows.append([Button(_("It is a new question", language), "new", (parked,))])
    return rows


def _option(option: Values, language: str) -> str:
    name = say(option["name"], language) if option["name"] else option["about"]
    return f"#{option['consultation']} {name}"[:40]


def consultations(values: Values, language: str) -> Rows:
    rows: Rows = []
    for option in values["options"]:
        number = option["consultation"]
        if option["as_asker"]:
            offered = option["stage"] == "offered"
            label = _("Withdraw #%s", language) if offered else _("Close #%s", language)
            rows.append([Button(label % number, "withdraw" if offered else "close", (number,))])
        elif option["stage"] == "active":
            label = _("#%s is answered", language) % number
            rows.append([Button(label, "answered", (number,))])
        if not option["as_asker"]:
            label = _("Propose another mentor for #%s", language) % number
            rows.append([Button(label, "give", (number,))])
    return [*rows, *place_keyboards.talk_in_others(values, language, values["current"])]


KEYBOARDS: dict[str, Keyboard] = {
    **confidence_keyboards.KEYBOARDS,
    **CLOSING_KEYBOARDS,
    **CONDUCT_KEYBOARDS,
    **RIGHTS_KEYBOARDS,
    **fate_keyboards.KEYBOARDS,
    **HANDING_KEYBOARDS,
    **OFFER_KEYBOARDS,
    **TOOL_KEYBOARDS,
    "welcome": welcome,
    "ask_enterprise": ask_enterprise,
    "choose_industry": choose_industry,
    "choose_region": choose_region,
    "choose_tier": choose_tier,
    "profile": no_buttons,
    "ready": ready,
    "shortlist": shortlist,
    "followed": followed,
    "asked_anew": asked_anew,
    "clarify": clarify,
    "clarified": no_buttons,
    "entry": entry,
    "sent": sent,
    "offer_below": no_buttons,
    "accepted_asker": accepted_asker,
    "accepted_mentor": accepted_mentor,
    "solved": solved,
    "going_on": no_buttons,
    "which": which,
    "settled": no_buttons,
    "consultations": consultations,
    "admin": admin,
    "reload_progress": no_buttons,
    "reload_report": no_buttons,
    "reload_diff": reload_diff,
    "reload_done": no_buttons,
    "reload_ended": no_buttons,
    "matches": matches,
    "type_term": type_term,
    "invite_wanted": invite_wanted,
    **place_keyboards.KEYBOARDS,
}
