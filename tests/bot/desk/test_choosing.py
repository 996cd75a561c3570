"""The asker chooses a mentor, and what is sent is what they saw."""

from datetime import UTC, datetime

import pytest
from sqlmodel import select

from bot.desk import asking, choosing, offering
from bot.desk.tables import Awaiting, Stage
from bot.desk.views import Found
from knowledge.tables import Entry
from tests.bot.desk.conftest import ASKER, DAY, LIAISON, MENTORS, NOW, Office


def seen(office: Office) -> str:
    """What the Send button of the newest preview stands for."""
    found: str = office.last(ASKER, "preview")["seen"]
    return found


def test_the_preview_shows_exactly_what_is_forwarded_and_to_whom(office: Office) -> None:
    number = office.ask()
    office.choose(number, mentor=1)
    preview = office.last(ASKER, "preview")
    assert preview["mentor"]["zh"] == "导师1"
    assert preview["context"] == {"industry": "C", "region": "浙江", "tier": "none"}
    office.confirm(number)
    offer = office.last(MENTORS[1], "offer")
    assert (offer["text"], offer["context"]) == (preview["text"], preview["context"])


def test_an_edited_text_is_forwarded_and_the_original_is_not(office: Office) -> None:
    number = office.ask(text="宏达的铝压铸件有气孔怎么办")
    office.choose(number)
    choosing.edit(office.session, ASKER, number, now=NOW)
    assert office.awaiting(ASKER) is Awaiting.EDIT
    choosing.rewrite(office.session, ASKER, "铝压铸件有气孔怎么办", now=NOW)
    assert office.awaiting(ASKER) is Awaiting.NOTHING
    office.confirm(number)
    assert office.last(MENTORS[0], "offer")["text"] == "铝压铸件有气孔怎么办"
    assert office.consultation(number).question == "宏达的铝压铸件有气孔怎么办"
    assert "宏达" not in str([owed.values for owed in office.owed(MENTORS[0])])


def test_the_send_button_of_an_earlier_mentors_card_sends_nothing(office: Office) -> None:
    number = office.ask()
    office.choose(number, mentor=0)
    first = seen(office)
    office.choose(number, mentor=1)
    with office.refuses("preview_old", consultation=number):
        offering.confirm(office.session, ASKER, number, first, DAY, now=NOW)
    assert office.consultation(number).stage is Stage.DRAFT


def test_the_send_button_of_an_earlier_text_sends_nothing(office: Office) -> None:
    number = office.ask()
    office.choose(number)
    first = seen(office)
    choosing.edit(office.session, ASKER, number, now=NOW)
    choosing.rewrite(office.session, ASKER, "删去了细节的问题", now=NOW)
    with office.refuses("preview_old"):
        offering.confirm(office.session, ASKER, number, first, DAY, now=NOW)


@pytest.mark.parametrize(
    ("text", "code"), [("", "no_words"), ("！" * 9, "no_words"), ("气" * 2001, "too_long")]
)
def test_an_edit_that_says_nothing_keeps_the_form_and_the_text(
    office: Office, text: str, code: str
) -> None:
    number = office.ask()
    office.choose(number)
    choosing.edit(office.session, ASKER, number, now=NOW)
    with office.refuses(code):
        choosing.rewrite(office.session, ASKER, text, now=NOW)
    assert office.awaiting(ASKER) is Awaiting.EDIT
    assert office.consultation(number).forwarded == office.consultation(number).question


@pytest.mark.parametrize("leave", ["send", "choose", "back"])
def test_an_edit_begun_and_left_swallows_nothing_later(office: Office, leave: str) -> None:
    number = office.ask()
    office.choose(number)
    choosing.edit(office.session, ASKER, number, now=NOW)
    if leave == "send":
        office.confirm(number)
    elif leave == "choose":
        office.choose(number, mentor=1)
    else:
        choosing.back(office.session, ASKER, number, now=NOW)
    assert office.awaiting(ASKER) is Awaiting.NOTHING


def test_choosing_again_shows_the_shortlist_below(office: Office) -> None:
    number = office.ask()
    office.choose(number)
    choosing.back(office.session, ASKER, number, now=NOW)
    assert office.cards(ASKER) == ["shortlist", "preview", "shortlist"]
    assert [owed.slot for owed in office.owed(ASKER) if owed.card == "shortlist"] == ["", ""]


def test_a_mentor_chosen_later_is_shown_in_a_preview_below(office: Office) -> None:
    number = office.ask()
    office.choose(number)
    line = asking.candidates_of(office.session, number)[1].id or 0
    choosing.choose(office.session, ASKER, line, now=NOW + DAY)
    slots = [owed.slot for owed in office.owed(ASKER) if owed.card == "preview"]
    assert len(slots) == len(set(slots)) == 2


def test_a_line_of_somebody_elses_shortlist_cannot_be_chosen(office: Office) -> None:
    number = office.ask()
    line = asking.candidates_of(office.session, number)[0].id or 0
    with office.refuses("not_yours"):
        choosing.choose(office.session, MENTORS[2], line, now=NOW)


def test_a_line_without_a_person_cannot_be_chosen(office: Office) -> None:
    office.entry("patent-1", "patent")
    hits = [Found("patent-1", 0.9, "strong", "一种脱模剂")]
    number = asking.ask(office.session, office.heard(ASKER, "脱模剂"), hits, now=NOW)
    line = asking.candidates_of(office.session, number)[0].id or 0
    for candidate in (line, 10**9):
        with office.refuses("stale_button"):
            choosing.choose(office.session, ASKER, candidate, now=NOW)


def test_somebody_removed_from_the_knowledge_base_cannot_be_chosen(office: Office) -> None:
    number = office.ask()
    gone = office.session.exec(select(Entry).where(Entry.key == "expert-0")).one()
    gone.removed_at = datetime(2026, 11, 1, tzinfo=UTC)
    office.session.flush()
    line = asking.candidates_of(office.session, number)[0].id or 0
    with office.refuses("entry_removed"):
        choosing.choose(office.session, ASKER, line, now=NOW)


@pytest.mark.parametrize("use", ["choose_own", "choose_nobody", "edit", "back"])
def test_what_was_sent_cannot_be_changed(office: Office, use: str) -> None:
    office.appoint()
    number = office.ask()
    office.send(number)
    with office.refuses("wrong_stage", consultation=number):
        getattr(choosing, use)(office.session, ASKER, number, now=NOW)


def test_a_mentor_who_is_not_here_is_said_before_sending(office: Office) -> None:
    number = office.ask()
    office.block(MENTORS[0])
    office.choose(number)
    assert not office.last(ASKER, "preview")["here"]


def test_somebody_who_was_invited_but_has_not_agreed_is_not_here(office: Office) -> None:
    number = office.ask()
    office.chat(MENTORS[0]).consent_version = 0
    office.send(number)
    assert office.cards(MENTORS[0]) == []
    assert office.offer(number).person_id == office.people[MENTORS[1]]


def test_where_none_fits_the_preview_names_nobody(office: Office) -> None:
    office.dispatch()
    number = office.ask()
    choosing.choose_nobody(office.session, ASKER, number, now=NOW)
    preview = office.last(ASKER, "preview")
    assert (preview["mentor"], preview["here"]) == ({"zh": "", "en": ""}, True)
    office.confirm(number)
    assert office.offer(number).person_id == office.people[LIAISON]


def test_an_asker_without_an_enterprise_is_forwarded_without_one(office: Office) -> None:
    office.join(150, "李工", "asker")
    number = office.ask(150)
    office.send(number)
    context = office.last(MENTORS[0], "offer")["context"]
    assert context == {"industry": "", "region": "", "tier": "none"}
