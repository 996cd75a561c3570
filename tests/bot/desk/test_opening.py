"""Each consultation has a topic of its own on each side, where the chat has topics."""

import pytest

from bot.delivery.tables import Priority, TopicState
from bot.delivery.topics import close_topics, fitted
from bot.desk import accepting, asking, following, opening, routing, talking
from bot.desk.views import Found
from tests.bot.desk.conftest import ASKER, MENTORS, NOW, Office
from tests.bot.desk.rooms import opened, topics, with_topics

MENTOR = MENTORS[0]


@pytest.fixture
def topical(office: Office) -> Office:
    return with_topics(office)


def names(office: Office, chat_id: int) -> list[str]:
    return [topic.name for topic in topics(office, chat_id)]


def calls(office: Office, chat_id: int) -> list[str]:
    """The topics owed to a chat."""
    return [owed.method for owed in office.owed(chat_id) if "ForumTopic" in owed.method]


def test_each_side_gets_a_topic_named_after_number_and_other_side(topical: Office) -> None:
    number = topical.talk()
    assert names(topical, ASKER) == [f"#{number} 导师0"]
    assert names(topical, MENTOR) == [f"#{number} 王老板 · 宏达"]
    for chat_id in (ASKER, MENTOR):
        (opens,) = [owed for owed in topical.owed(chat_id) if owed.method == "createForumTopic"]
        assert opens.thread == number
        assert opens.priority == Priority.TOPIC
        assert opens.values == {"name": names(topical, chat_id)[0]}


def test_before_somebody_accepts_nobody_has_a_topic(topical: Office) -> None:
    topical.send(topical.ask())
    assert not topics(topical, ASKER)
    assert not topics(topical, MENTOR)


def test_where_chats_have_no_topics_none_is_opened(office: Office) -> None:
    office.talk()
    assert not calls(office, ASKER)
    assert not calls(office, MENTOR)


def test_a_topic_is_opened_once_however_much_is_said(topical: Office) -> None:
    number = topical.talk()
    for _ in range(3):
        talking.relay(topical.session, topical.heard(ASKER), number, now=NOW)
        talking.relay(topical.session, topical.heard(MENTOR), number, now=NOW)
    assert calls(topical, ASKER) == calls(topical, MENTOR) == ["createForumTopic"]


def test_a_talk_from_before_there_were_topics_gets_them_with_its_next_message(
    office: Office,
) -> None:
    number = office.talk()
    talking.relay(with_topics(office).session, office.heard(ASKER), number, now=NOW)
    assert names(office, MENTOR) == [f"#{number} 王老板 · 宏达"]
    assert not topics(office, ASKER)


def test_everything_told_of_a_consultation_belongs_to_its_topic(topical: Office) -> None:
    number = topical.talk()
    talking.relay(topical.session, topical.heard(MENTOR), number, now=NOW)
    told = [
        owed for owed in topical.owed(ASKER) if owed.card == "accepted_asker" or owed.source_chat
    ]
    assert [owed.thread for owed in told] == [number, number]


def test_a_topic_says_who_speaks_so_no_line_does(topical: Office) -> None:
    first, second = topical.talk(0), topical.talk(1)
    for mentor, number in ((0, first), (1, second), (0, first)):
        heard = topical.heard(MENTORS[mentor])
        talking.relay(topical.session, heard, number, now=NOW)
    assert "switched" not in topical.cards(ASKER)


def test_what_is_typed_in_a_topic_goes_to_its_consultation(topical: Office) -> None:
    first, second = topical.talk(0), topical.talk(1)
    for number in (first, second):
        heard = topical.heard(ASKER, topic=opened(topical, ASKER, number))
        found = routing.route(topical.session, heard)
        assert (found.to, found.consultation) == ("talk", number)


def test_beside_the_only_talks_topic_it_is_asked_what_is_meant(topical: Office) -> None:
    number = topical.talk()
    opened(topical, ASKER, number)
    assert routing.route(topical.session, topical.heard(ASKER)).to == "choice"


def test_a_mentor_who_asks_nothing_means_the_only_talk_there_is(topical: Office) -> None:
    number = topical.talk()
    opened(topical, MENTORS[0], number)
    found = routing.route(topical.session, topical.heard(MENTORS[0]))
    assert (found.to, found.consultation) == ("talk", number)


def test_a_reply_goes_where_it_belongs_whatever_topic_it_stands_in(topical: Office) -> None:
    first, second = topical.talk(0), topical.talk(1)
    talking.relay(topical.session, topical.heard(MENTORS[0]), first, now=NOW)
    topical.deliver()
    copy = next(owed.sent_message for owed in topical.owed(ASKER) if owed.source_chat)
    heard = topical.heard(ASKER, reply_to=copy, topic=opened(topical, ASKER, second))
    assert routing.route(topical.session, heard).consultation == first


def test_where_a_form_is_open_the_topic_is_not_guessed_to_be_meant(topical: Office) -> None:
    number = topical.talk()
    asking.invite_question(topical.session, ASKER, now=NOW)
    heard = topical.heard(ASKER, "还有一个问题：模具寿命", topic=opened(topical, ASKER, number))
    assert routing.route(topical.session, heard).to == "choice"
    talking.park(topical.session, heard, now=NOW)
    assert not topical.copies(MENTOR)


def test_a_topic_of_ones_own_holds_a_question_and_keeps_it(topical: Office) -> None:
    heard = topical.heard(ASKER, "铝压铸件加工后有气孔怎么办", topic=66)
    assert routing.route(topical.session, heard).to == "question"
    hits = [Found("expert-0", 0.9, "strong", "证据")]
    number = asking.ask(topical.session, heard, hits, now=NOW)
    (topic,) = topics(topical, ASKER)
    assert (topic.number, topic.thread, topic.state) == (66, number, TopicState.OPEN)
    topical.send(number)
    accepting.accept(topical.session, MENTOR, topical.offer(number).id or 0, now=NOW)
    assert calls(topical, ASKER) == ["editForumTopic"]
    assert names(topical, ASKER) == [f"#{number} 导师0"]


def test_what_is_typed_in_a_drafts_topic_goes_on_with_that_draft(topical: Office) -> None:
    hits = [Found("expert-0", 0.9, "strong", "证据")]
    mine = topical.heard(ASKER, "铝压铸件加工后有气孔怎么办", topic=66)
    number = asking.ask(topical.session, mine, hits, now=NOW)
    topical.ask(text="不锈钢焊口发黄怎么办")
    more = topical.heard(ASKER, "是380吨机", topic=66)
    assert routing.route(topical.session, more).to == "question"
    draft = following.draft_of(topical.session, more)
    assert draft is not None
    assert (draft.consultation, draft.sure) == (number, True)


def test_in_a_topic_of_nobodys_a_mentor_is_asked_what_is_meant(topical: Office) -> None:
    topical.talk()
    heard = topical.heard(MENTOR, topic=66)
    assert routing.route(topical.session, heard).to == "choice"


def test_a_topic_of_what_is_closed_carries_nothing_and_says_so(topical: Office) -> None:
    number = topical.talk()
    place = opened(topical, ASKER, number)
    topical.consultation(number).resolve(True, NOW)
    assert routing.route(topical.session, topical.heard(ASKER, topic=place)).to == "closed"


def test_a_deleted_topic_is_opened_again_with_what_it_was_about(topical: Office) -> None:
    number = topical.talk()
    opened(topical, ASKER, number)
    talking.relay(topical.session, topical.heard(ASKER), number, now=NOW)
    for _ in range(2):
        talking.relay(topical.session, topical.heard(MENTOR), number, now=NOW)
    opening.open_again(topical.session, ASKER, number, now=NOW)
    assert calls(topical, ASKER) == ["createForumTopic"] * 2
    again = topical.owed(ASKER)[-2:]
    assert [owed.priority for owed in again] == [Priority.TOPIC, Priority.TOPIC]
    view = topical.last(ASKER, "topic_again")
    assert (view["consultation"], view["ours"], view["theirs"]) == (number, 1, 2)
    assert view["name"]["zh"] == "导师0"
    assert view["question"] == topical.consultation(number).forwarded


def test_a_topic_that_could_not_be_opened_leaves_the_talk_outside_topics(topical: Office) -> None:
    number = topical.talk()
    close_topics(topical.session, ASKER, [number])
    heard = topical.heard(ASKER)
    assert routing.route(topical.session, heard).consultation == number
    talking.relay(topical.session, topical.heard(MENTOR), number, now=NOW)
    assert calls(topical, ASKER) == ["createForumTopic"]


def test_a_name_fits_telegram_whatever_people_are_called() -> None:
    long = fitted("#12 " + "𝒜" * 200)
    assert len(long.encode("utf-16-le")) // 2 <= 128
    assert long.startswith("#12 𝒜")
    assert fitted(" \n ") == "#"
    assert fitted("#1 a\nb") == "#1 a b"
