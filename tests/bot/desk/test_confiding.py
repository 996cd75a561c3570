"""What leaves is what its asker lets go: marks, levels, and the names behind them."""

import json

import pytest
from sqlmodel import col, select

from bot.delivery.tables import Delivery
from bot.desk import accepting, choosing, confiding, offering
from bot.desk.tables import Level, OfferState, Stage
from bot.desk.veiling import key_of
from tests.bot.desk.conftest import ADMIN, ASKER, DAY, LIAISON, MENTORS, NOW, Office

TELLING = "我们宏达的铝压铸件有气孔。联系人：张伟，电话13812345678。报价35万元。怎么办？"
FIRST, LAST = "我们宏达的铝压铸件有气孔。", "怎么办？"


@pytest.fixture
def number(office: Office) -> int:
    """A telling question, with its preview shown."""
    made = office.ask(text=TELLING)
    office.choose(made)
    return made


def marks(office: Office) -> dict[str, str]:
    """What the newest preview marks: the words and the key of each."""
    return {mark["text"]: mark["key"] for mark in office.last(ASKER, "preview")["marks"]}


def text(office: Office) -> str:
    shown: str = office.last(ASKER, "preview")["text"]
    return shown


def level(office: Office, number: int, chosen: str) -> None:
    confiding.choose_level(office.session, ASKER, number, chosen, now=NOW)


def share(office: Office, number: int, sentence: str) -> None:
    confiding.share(office.session, ASKER, number, key_of(sentence), now=NOW)
    confiding.show_preview(office.session, ASKER, number, now=NOW)


def seen_by_others(office: Office) -> str:
    """All that is owed to anybody but the asker, as one text."""
    query = select(Delivery).where(Delivery.chat_id != ASKER).order_by(col(Delivery.id))
    return json.dumps([one.values for one in office.session.exec(query)], ensure_ascii=False)


def test_a_preview_marks_what_gives_the_asker_away(office: Office, number: int) -> None:
    assert list(marks(office)) == ["宏达", "张伟", "13812345678", "35万元"]
    pieces = office.last(ASKER, "preview")["pieces"]
    assert "".join(piece["text"] for piece in pieces) == TELLING


def test_what_is_redacted_leaves_as_a_label(office: Office, number: int) -> None:
    confiding.redact(office.session, ASKER, number, marks(office)["13812345678"], now=NOW)
    assert text(office) == TELLING.replace("13812345678", "[电话]")
    assert "13812345678" not in marks(office)
    office.confirm(number)
    assert "13812345678" not in seen_by_others(office)


def test_redact_all_takes_all_but_what_is_kept(office: Office, number: int) -> None:
    confiding.keep(office.session, ASKER, number, marks(office)["35万元"], now=NOW)
    assert "35万元" not in marks(office)
    confiding.redact_all(office.session, ASKER, number, now=NOW)
    told = "我们[本企业]的铝压铸件有气孔。联系人：[姓名]，电话[电话]。报价35万元。怎么办？"
    assert text(office) == told
    assert marks(office) == {}


def test_the_same_words_are_redacted_wherever_they_stand(office: Office) -> None:
    number = office.ask(text="宏达的压铸件有气孔，宏达用ADC12")
    office.choose(number)
    assert len(marks(office)) == 1
    confiding.redact(office.session, ASKER, number, marks(office)["宏达"], now=NOW)
    assert text(office) == "[本企业]的压铸件有气孔，[本企业]用ADC12"


def test_what_is_kept_stays_kept_and_what_is_typed_later_is_marked(
    office: Office, number: int
) -> None:
    confiding.keep(office.session, ASKER, number, marks(office)["宏达"], now=NOW)
    choosing.edit(office.session, ASKER, number, now=NOW)
    choosing.rewrite(office.session, ASKER, "宏达的压铸件，邮箱 a@hongda.cn", now=NOW)
    assert list(marks(office)) == ["a@hongda.cn"]


def test_a_tap_changes_the_preview_where_it_stands(office: Office, number: int) -> None:
    first = office.owed(ASKER)[-1].slot
    confiding.redact_all(office.session, ASKER, number, now=NOW)
    assert office.owed(ASKER)[-1].slot == first
    office.session.flush()
    choosing.choose_nobody(office.session, ASKER, number, now=NOW + DAY)
    assert office.owed(ASKER)[-1].slot not in ("", first)


def test_a_mark_of_an_earlier_text_changes_nothing(office: Office, number: int) -> None:
    old = marks(office)["宏达"]
    choosing.edit(office.session, ASKER, number, now=NOW)
    choosing.rewrite(office.session, ASKER, "压铸件有气孔怎么办", now=NOW)
    for use_case in (confiding.redact, confiding.keep):
        with office.refuses("preview_old", consultation=number):
            use_case(office.session, ASKER, number, old, now=NOW)
    with office.refuses("preview_old"):
        confiding.share(office.session, ASKER, number, key_of(FIRST), now=NOW)


def test_a_text_of_labels_alone_is_not_sent(office: Office) -> None:
    number = office.ask(text="13812345678 13912345678")
    office.choose(number)
    confiding.redact_all(office.session, ASKER, number, now=NOW)
    assert text(office) == "[电话] [电话]"


@pytest.mark.parametrize("act", ["level", "redact_all", "sharing", "undertaking", "preview"])
def test_only_the_asker_of_a_draft_may_change_it(office: Office, number: int, act: str) -> None:
    use_cases = {
        "level": lambda chat: confiding.choose_level(office.session, chat, number, "nda", now=NOW),
        "redact_all": lambda chat: confiding.redact_all(office.session, chat, number, now=NOW),
        "sharing": lambda chat: confiding.show_sharing(office.session, chat, number, now=NOW),
        "undertaking": lambda chat: confiding.show_undertaking(
            office.session, chat, number, now=NOW
        ),
        "preview": lambda chat: confiding.show_preview(office.session, chat, number, now=NOW),
    }
    with office.refuses("not_yours"):
        use_cases[act](MENTORS[0])
    office.confirm(number)
    with office.refuses("wrong_stage"):
        use_cases[act](ASKER)


def test_a_level_that_there_is_not_is_refused(office: Office, number: int) -> None:
    with office.refuses("stale_button"):
        level(office, number, "secret")


@pytest.mark.parametrize("chosen", ["match_only", "nda"])
def test_before_anybody_accepts_they_read_only_what_is_shared(
    office: Office, number: int, chosen: str
) -> None:
    level(office, number, chosen)
    assert office.last(ASKER, "preview")["before"] == ""
    share(office, number, LAST)
    assert office.last(ASKER, "preview")["before"] == LAST
    office.confirm(number)
    offer = office.last(MENTORS[0], "offer")
    assert (offer["text"], offer["level"]) == (LAST, chosen)
    assert offer["context"]["industry"] == "C"
    assert "气孔" not in seen_by_others(office)


def test_a_sentence_is_shown_and_hidden_again_by_the_same_tap(office: Office, number: int) -> None:
    level(office, number, "match_only")
    share(office, number, LAST)
    share(office, number, LAST)
    assert office.last(ASKER, "preview")["before"] == ""
    assert [line["shared"] for line in office.last(ASKER, "sharing")["lines"]] == [False] * 4


def test_a_shared_sentence_that_was_changed_is_hidden_again(office: Office, number: int) -> None:
    level(office, number, "match_only")
    share(office, number, FIRST)
    confiding.redact(office.session, ASKER, number, marks(office)["宏达"], now=NOW)
    assert office.last(ASKER, "preview")["before"] == ""


def test_whoever_accepts_reads_all_of_it(office: Office, number: int) -> None:
    level(office, number, "match_only")
    office.confirm(number)
    accepting.accept(office.session, MENTORS[0], office.offer(number).id or 0, now=NOW)
    assert office.last(MENTORS[0], "accepted_mentor")["question"] == TELLING


def test_a_public_question_is_read_whole_by_whom_it_is_offered_to(
    office: Office, number: int
) -> None:
    assert office.consultation(number).level is Level.PUBLIC
    office.confirm(number)
    assert office.last(MENTORS[0], "offer")["text"] == TELLING


@pytest.mark.parametrize("then", ["level", "share"])
def test_the_send_button_of_another_level_sends_nothing(
    office: Office, number: int, then: str
) -> None:
    level(office, number, "match_only")
    seen = office.last(ASKER, "preview")["seen"]
    if then == "level":
        level(office, number, "public")
    else:
        share(office, number, FIRST)
    with office.refuses("preview_old"):
        offering.confirm(office.session, ASKER, number, seen, DAY, now=NOW)
    assert office.consultation(number).stage is Stage.DRAFT


@pytest.mark.parametrize("chosen", list(Level))
def test_nobody_learns_who_asks_before_they_accept_whichever_way_it_goes(
    office: Office, number: int, chosen: Level
) -> None:
    """Declined, expired, back and forth, unreachable, the liaison, the admins: every card of it."""
    office.dispatch()
    office.appoint(mentor=2)
    office.block(MENTORS[1])
    confiding.redact_all(office.session, ASKER, number, now=NOW)
    level(office, number, chosen)
    office.confirm(number)
    for step in range(6):
        offer = office.offer(number)
        chat = next(chat for chat, person in office.people.items() if person == offer.person_id)
        accepting.ask_reason(office.session, chat, offer.id or 0, now=NOW)
        accepting.keep_open(office.session, chat, offer.id or 0, now=NOW)
        if chat == ADMIN:
            break
        if step % 2:
            accepting.decline(office.session, chat, offer.id or 0, "no_time", DAY, now=NOW)
        else:
            offering.pass_on(office.session, offer, OfferState.EXPIRED, DAY, NOW)
    assert office.cards(LIAISON)
    assert office.cards(ADMIN)
    told = seen_by_others(office)
    for name in ("宏达", "王老板", "-en"):
        assert name not in told.replace("导师1-en", "")
    assert ("铝压铸件有气孔" in told) is (chosen is Level.PUBLIC)
