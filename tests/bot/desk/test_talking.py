"""Every message reaches the other side; none reaches anybody else."""

import pytest

from bot.desk import accepting, closing, routing, talking
from bot.desk.errors import RefusedError
from bot.desk.tables import Chat, ChatState, Parked
from tests.bot.desk.conftest import ADMIN, ASKER, MENTORS, NOW, Office


def test_a_mentor_reply_reaches_the_asker(office: Office) -> None:
    number = office.talk()
    heard = office.heard(MENTORS[0], "先看模温")
    assert routing.route(office.session, heard).to == "talk"
    assert talking.relay(office.session, heard, number, now=NOW)
    assert office.copies(ASKER) == [heard.message_id]
    assert office.owed(ASKER)[-1].thread == number


@pytest.mark.parametrize(
    "kind",
    ["text", "photo", "document", "voice", "video", "sticker", "location", "contact"],
)
def test_every_kind_of_message_is_carried_as_a_copy(office: Office, kind: str) -> None:
    number = office.talk()
    heard = office.heard(ASKER, "", kind=kind)
    assert routing.route(office.session, heard).consultation == number
    talking.relay(office.session, heard, number, now=NOW)
    assert office.copies(MENTORS[0]) == [heard.message_id]


def test_a_reply_stays_a_reply(office: Office) -> None:
    number = office.talk()
    heard = office.heard(ASKER, "第二条", reply_to=777)
    talking.relay(office.session, heard, number, now=NOW)
    owed = office.owed(MENTORS[0])[-1]
    assert (owed.reply_chat, owed.reply_message) == (ASKER, 777)


def test_two_consultations_never_mix_and_the_bot_asks(office: Office) -> None:
    first, second = office.talk(0), office.talk(1)
    heard = office.heard(ASKER, "是哪种合金？")
    assert routing.route(office.session, heard).to == "choice"
    talking.park(office.session, heard, now=NOW)
    assert office.copies(MENTORS[0]) == office.copies(MENTORS[1]) == []
    view = office.last(ASKER, "which")
    assert [option["consultation"] for option in view["options"]] == [first, second]
    talking.settle(office.session, ASKER, view["parked"], second, now=NOW)
    assert office.copies(MENTORS[0]) == []
    assert office.copies(MENTORS[1]) == [heard.message_id]


def test_a_kept_message_goes_only_once(office: Office) -> None:
    first, _ = office.talk(0), office.talk(1)
    talking.park(office.session, office.heard(ASKER), now=NOW)
    parked = office.last(ASKER, "which")["parked"]
    talking.settle(office.session, ASKER, parked, first, now=NOW)
    with pytest.raises(RefusedError, match="settled"):
        talking.settle(office.session, ASKER, parked, first, now=NOW)
    assert office.session.get_one(Parked, parked).text == ""


def test_a_reply_finds_its_consultation_from_both_sides(office: Office) -> None:
    first, second = office.talk(0), office.talk(1)
    asked = office.heard(ASKER, "这条给第二位")
    talking.relay(office.session, asked, second, now=NOW)
    office.deliver()
    own = office.heard(ASKER, "补充", reply_to=asked.message_id)
    assert routing.route(office.session, own).consultation == second
    card = next(owed for owed in office.owed(ASKER) if owed.card == "accepted_asker")
    to_card = office.heard(ASKER, "补充", reply_to=card.sent_message)
    assert routing.route(office.session, to_card).consultation == first
    copy = office.owed(MENTORS[1])[-1].sent_message
    answer = office.heard(MENTORS[1], "好", reply_to=copy)
    assert routing.route(office.session, answer).consultation == second


def test_a_mentor_with_two_askers_is_told_who_is_speaking(office: Office) -> None:
    office.join(101, "李老板", "asker")
    first, second = office.talk(0), office.talk(0, chat_id=101)
    talking.relay(office.session, office.heard(ASKER, "一"), first, now=NOW)
    talking.relay(office.session, office.heard(ASKER, "二"), first, now=NOW)
    talking.relay(office.session, office.heard(101, "三"), second, now=NOW)
    tail = office.cards(MENTORS[0])[-5:]
    assert tail == ["switched", "copyMessage", "copyMessage", "switched", "copyMessage"]
    assert office.last(MENTORS[0], "switched")["consultation"] == second


def test_nobody_writes_into_a_consultation_of_others(office: Office) -> None:
    number = office.talk()
    with pytest.raises(RefusedError, match="not_yours"):
        talking.relay(office.session, office.heard(MENTORS[1]), number, now=NOW)
    with pytest.raises(RefusedError, match="not_yours"):
        talking.relay(office.session, office.heard(ADMIN), number, now=NOW)


def test_what_is_added_before_acceptance_arrives_with_it_in_order(office: Office) -> None:
    number = office.ask()
    office.send(number)
    added = [office.heard(ASKER, "补充一"), office.heard(ASKER, "", kind="photo")]
    assert routing.route(office.session, added[0]).to == "choice"
    for heard in added:
        talking.park(office.session, heard, now=NOW)
        parked = office.last(ASKER, "which")["parked"]
        talking.settle(office.session, ASKER, parked, number, now=NOW)
    assert office.copies(MENTORS[0]) == []
    accepting.accept(office.session, MENTORS[0], office.offer(number).id or 0, now=NOW)
    assert office.copies(MENTORS[0]) == [heard.message_id for heard in added]
    owed = {d.card or d.method: (d.priority, d.id or 0) for d in office.owed(MENTORS[0])}
    assert owed["accepted_mentor"] < owed["copyMessage"]


def test_the_writer_is_told_when_the_other_side_is_away(office: Office) -> None:
    number = office.talk()
    office.session.get_one(Chat, MENTORS[0]).state = ChatState.BLOCKED
    talking.relay(office.session, office.heard(ASKER), number, now=NOW)
    assert office.last(ASKER, "notice")["code"] == "kept_until_back"


def test_a_message_to_a_closed_consultation_is_refused_in_words(office: Office) -> None:
    number = office.talk()
    office.deliver()
    closing.settle(office.session, ASKER, number, True, now=NOW)
    card = next(owed for owed in office.owed(MENTORS[0]) if owed.card == "accepted_mentor")
    late = office.heard(MENTORS[0], "还有一点", reply_to=card.sent_message)
    assert routing.route(office.session, late).to == "closed"
    with pytest.raises(RefusedError, match="closed"):
        talking.relay(office.session, late, number, now=NOW)


def test_a_mentor_with_nothing_open_is_told_so(office: Office) -> None:
    assert routing.route(office.session, office.heard(MENTORS[0])).to == "nothing"


def test_a_notice_between_two_messages_does_not_hide_who_is_speaking(office: Office) -> None:
    """Messages overtake notices, so a notice may stand below the message it was owed before."""
    office.join(101, "李老板", "asker")
    first, second = office.talk(0), office.talk(0, chat_id=101)
    talking.relay(office.session, office.heard(ASKER), first, now=NOW)
    closing.say_answered(office.session, MENTORS[0], second, now=NOW)
    talking.relay(office.session, office.heard(101), second, now=NOW)
    assert office.cards(MENTORS[0])[-3:] == ["asked_asker", "switched", "copyMessage"]
