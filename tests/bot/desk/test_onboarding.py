"""A person arrives, agrees and chooses a language; what they wrote before is not lost."""

import pytest
from sqlmodel import col, select

from bot.desk import asking, onboarding, routing, talking
from bot.desk.enclosing import enclosed_in
from bot.desk.errors import RefusedError
from bot.desk.members import CONSENT_VERSION, find_member
from bot.desk.tables import Awaiting, ChatState, Consent, Consultation, Parked
from bot.desk.views import Heard, Member
from knowledge.tables import PersonRole
from tests.bot.desk.conftest import ASKER, DAY, MENTORS, NOW, Office

NEW = 900


def member_of(office: Office, chat_id: int) -> Member:
    found = find_member(office.session, chat_id)
    assert found is not None
    return found


def write_before_consent(office: Office, text: str, kind: str = "text") -> Heard:
    heard = office.heard(NEW, text, kind=kind)
    onboarding.arrive_with(office.session, heard, "新人", "zh-hans", now=NOW)
    return heard


def agree(office: Office) -> None:
    """As the button does: whatever becomes of what waited, consent counts."""
    try:
        waiting = onboarding.waiting_text(office.session, NEW)
    except RefusedError as refused:
        onboarding.agree(office.session, NEW, refused=refused, now=NOW)
    else:
        onboarding.agree(office.session, NEW, waiting, now=NOW)


@pytest.mark.parametrize(
    ("app", "language"), [("zh", "zh"), ("zh-hant", "zh"), ("en", "en"), ("fr", "en"), ("", "en")]
)
def test_a_newcomer_is_greeted_in_the_language_of_their_app(
    office: Office, app: str, language: str
) -> None:
    onboarding.start(office.session, NEW, "Ann", app, now=NOW)
    assert office.cards(NEW) == ["welcome"]
    assert office.owed(NEW)[0].language == language
    member = member_of(office, NEW)
    assert member.roles == {PersonRole.ASKER}
    assert not member.consented


def test_a_long_name_is_cut_and_kept(office: Office) -> None:
    onboarding.start(office.session, NEW, "<b>" * 500, "zh", now=NOW)
    assert office.last(NEW, "welcome")["name"].startswith("<b><b>")
    assert member_of(office, NEW).person_id


def test_nothing_is_done_for_somebody_who_has_not_agreed(office: Office) -> None:
    onboarding.start(office.session, NEW, "新人", "zh", now=NOW)
    with office.refuses("not_started"):
        asking.ask(office.session, office.heard(NEW), [], now=NOW)
    with office.refuses("not_started"):
        asking.invite_question(office.session, NEW, now=NOW)


def test_a_stranger_cannot_agree(office: Office) -> None:
    with office.refuses("not_started"):
        onboarding.agree(office.session, NEW, now=NOW)


def test_whoever_agrees_is_asked_for_their_enterprise(office: Office) -> None:
    onboarding.start(office.session, NEW, "新人", "zh", now=NOW)
    agree(office)
    assert member_of(office, NEW).consented
    assert office.chat(NEW).consented_at == NOW
    assert office.cards(NEW)[-1] == "ask_enterprise"
    assert office.awaiting(NEW) is Awaiting.ENTERPRISE


def test_agreeing_twice_changes_nothing(office: Office) -> None:
    onboarding.start(office.session, NEW, "新人", "zh", now=NOW)
    agree(office)
    before = office.cards(NEW)
    agree(office)
    assert office.cards(NEW) == before


def test_a_question_typed_before_consent_is_asked_once_they_agree(office: Office) -> None:
    heard = write_before_consent(office, "铝压铸件有气孔")
    assert office.last(NEW, "welcome")["waiting"]
    agree(office)
    question = office.session.exec(select(Consultation)).one()
    assert (question.question, question.asked_message) == ("铝压铸件有气孔", heard.message_id)
    assert office.awaiting(NEW) is Awaiting.NOTHING


def test_several_lines_typed_before_consent_are_one_question(office: Office) -> None:
    for text in ("你好", "我们的压铸件有气孔", "怎么办"):
        write_before_consent(office, text)
    agree(office)
    question = office.session.exec(select(Consultation)).one()
    assert question.question == "你好\n我们的压铸件有气孔\n怎么办"
    kept = office.session.exec(select(Parked).where(col(Parked.settled_at).is_(None))).all()
    assert list(kept) == []


@pytest.mark.parametrize(
    ("text", "kind", "code"),
    [
        ("气" * 10_000, "text", "too_long"),
        ("👍👍", "text", "no_words"),
        ("", "sticker", "only_media"),
    ],
)
def test_what_cannot_be_asked_is_said_after_consent_and_not_forgotten_in_silence(
    office: Office, text: str, kind: str, code: str
) -> None:
    heard = write_before_consent(office, text, kind)
    agree(office)
    assert member_of(office, NEW).consented
    notice = next(owed for owed in office.owed(NEW) if owed.card == "notice")
    assert notice.values["code"] == code
    assert notice.reply_message == heard.message_id
    assert office.cards(NEW)[-1] == "ready"
    assert office.session.exec(select(Parked.text)).all() == [""]


def test_a_picture_sent_before_consent_waits_for_words_and_goes_along(office: Office) -> None:
    heard = write_before_consent(office, "", "photo")
    agree(office)
    notice = office.owed(NEW)[-1]
    assert (notice.values["code"], notice.reply_message) == ("words_wanted", heard.message_id)
    assert office.awaiting(NEW) is Awaiting.WORDS
    number = asking.ask(office.session, office.heard(NEW, "压铸 气孔"), [], now=NOW)
    assert [one.kind for one in enclosed_in(office.session, number)] == ["photo"]


def test_words_and_a_picture_before_consent_are_one_question(office: Office) -> None:
    write_before_consent(office, "", "photo")
    write_before_consent(office, "铝压铸件有气孔")
    agree(office)
    (number,) = office.session.exec(select(Consultation.id))
    assert [one.kind for one in enclosed_in(office.session, number or 0)] == ["photo"]


def test_consent_counts_though_nothing_can_be_searched_yet(office: Office) -> None:
    write_before_consent(office, "铝压铸件有气孔")
    refused = RefusedError("no_knowledge")
    onboarding.agree(office.session, NEW, refused=refused, now=NOW)
    assert member_of(office, NEW).consented
    assert office.last(NEW, "notice")["code"] == "no_knowledge"


def test_a_mentors_first_words_are_no_question(office: Office) -> None:
    office.chat(MENTORS[0]).consent_version = 0
    heard = office.heard(MENTORS[0], "你好，我来了")
    onboarding.arrive_with(office.session, heard, "导师", "zh", now=NOW)
    with office.refuses("nothing_open"):
        onboarding.waiting_text(office.session, MENTORS[0])


def test_start_leaves_a_half_filled_form(office: Office) -> None:
    asking.invite_question(office.session, ASKER, now=NOW)
    onboarding.start(office.session, ASKER, "王老板", "zh", now=NOW)
    assert office.awaiting(ASKER) is Awaiting.NOTHING
    assert office.cards(ASKER)[-1] == "ready"


def test_cancel_leaves_a_half_filled_form(office: Office) -> None:
    asking.invite_question(office.session, ASKER, now=NOW)
    onboarding.cancel(office.session, ASKER, now=NOW)
    assert office.awaiting(ASKER) is Awaiting.NOTHING


def test_starting_again_makes_a_blocked_chat_active(office: Office) -> None:
    office.block(ASKER)
    onboarding.start(office.session, ASKER, "王老板", "zh", now=NOW)
    assert office.chat(ASKER).state is ChatState.ACTIVE


def test_those_whom_the_settings_name_are_administrators(office: Office) -> None:
    onboarding.start(office.session, NEW, "主任", "zh", admin=True, now=NOW)
    assert member_of(office, NEW).has(PersonRole.ADMIN)
    onboarding.start(office.session, NEW, "主任", "zh", admin=True, now=NOW)
    onboarding.start(office.session, ASKER, "王老板", "zh", now=NOW)
    assert not member_of(office, ASKER).has(PersonRole.ADMIN)


def test_the_language_is_switched_and_said_in_the_new_one(office: Office) -> None:
    onboarding.switch_language(office.session, ASKER, now=NOW)
    last = office.owed(ASKER)[-1]
    assert (last.values["code"], last.language) == ("language_chosen", "en")
    onboarding.switch_language(office.session, ASKER, now=NOW)
    assert office.owed(ASKER)[-1].language == "zh"


def test_before_consent_a_new_language_shows_the_welcome_again(office: Office) -> None:
    onboarding.start(office.session, NEW, "Ann", "en", now=NOW)
    onboarding.choose_language(office.session, NEW, "zh", now=NOW)
    assert [owed.language for owed in office.owed(NEW)] == ["en", "zh"]
    assert office.cards(NEW) == ["welcome", "welcome"]


def test_a_language_we_do_not_speak_is_refused(office: Office) -> None:
    with office.refuses("not_started"):
        onboarding.choose_language(office.session, ASKER, "fr", now=NOW)


def outdate(office: Office, chat_id: int) -> None:
    """As if newer terms had come since they agreed."""
    office.chat(chat_id).consent_version = CONSENT_VERSION - 1
    office.session.flush()


def test_every_consent_is_kept_with_its_version_time_and_language(office: Office) -> None:
    onboarding.start(office.session, NEW, "Ann", "en", now=NOW)
    agree(office)
    outdate(office, NEW)
    later = NOW + DAY
    onboarding.agree(office.session, NEW, now=later)
    kept = office.session.exec(select(Consent).order_by(col(Consent.id))).all()
    assert [(one.version, one.language, one.agreed_at) for one in kept] == [
        (CONSENT_VERSION, "en", NOW),
        (CONSENT_VERSION, "en", later),
    ]


def test_newer_terms_are_agreed_to_before_the_next_question_which_is_kept(office: Office) -> None:
    outdate(office, ASKER)
    heard = office.heard(ASKER, "铝压铸件有气孔怎么办")
    assert routing.route(office.session, heard).to == "consent"
    onboarding.arrive_with(office.session, heard, "王老板", "zh", now=NOW)
    shown = office.last(ASKER, "welcome")
    assert (shown["renewed"], shown["waiting"], shown["version"]) == (True, True, CONSENT_VERSION)
    waiting = onboarding.waiting_text(office.session, ASKER)
    onboarding.agree(office.session, ASKER, waiting, now=NOW)
    question = office.session.exec(select(Consultation)).one()
    assert (question.question, question.asked_message) == (heard.text, heard.message_id)
    assert member_of(office, ASKER).current


def test_a_question_that_was_asked_for_waits_for_newer_terms_as_well(office: Office) -> None:
    asking.invite_question(office.session, ASKER, now=NOW)
    outdate(office, ASKER)
    assert routing.route(office.session, office.heard(ASKER, "气孔怎么办")).to == "consent"


def test_a_talk_goes_on_under_the_terms_it_began_with(office: Office) -> None:
    number = office.talk()
    for chat_id in (ASKER, MENTORS[0]):
        outdate(office, chat_id)
        found = routing.route(office.session, office.heard(chat_id, "你好"))
        assert (found.to, found.consultation) == ("talk", number)


def test_a_mentor_is_offered_questions_under_older_terms_and_agrees_before_accepting(
    office: Office,
) -> None:
    outdate(office, MENTORS[0])
    office.send(office.ask())
    assert office.cards(MENTORS[0])[-1] == "offer"
    assert not onboarding.is_current(office.session, MENTORS[0])
    onboarding.show_terms(office.session, MENTORS[0], now=NOW)
    assert office.last(MENTORS[0], "welcome")["renewed"]
    onboarding.agree(office.session, MENTORS[0], now=NOW)
    assert onboarding.is_current(office.session, MENTORS[0])


def test_a_message_that_waits_for_a_choice_is_not_taken_for_the_question_that_waits_for_consent(
    office: Office,
) -> None:
    first, second = office.talk(), office.talk(mentor=1)
    talking.park(office.session, office.heard(ASKER, "给哪一位？"), now=NOW)
    outdate(office, ASKER)
    heard = office.heard(ASKER, "铝压铸件有气孔怎么办")
    onboarding.arrive_with(office.session, heard, "王老板", "zh", now=NOW)
    waiting = onboarding.waiting_text(office.session, ASKER)
    assert waiting is not None
    assert waiting.text == "铝压铸件有气孔怎么办"
    onboarding.agree(office.session, ASKER, waiting, now=NOW)
    parked = office.last(ASKER, "which")["parked"]
    talking.settle(office.session, ASKER, parked, second, now=NOW)
    assert first != second


def test_a_stranger_has_no_terms_to_be_behind_of(office: Office) -> None:
    assert onboarding.is_current(office.session, 12345)
