"""Topics, a lab's group and the switch, in any order: everybody is heard, by their other side."""

from contextlib import ExitStack, suppress

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlmodel import col, select

from bot.delivery import topics
from bot.delivery.owed import NAMES, Owed
from bot.delivery.tables import Delivery, Topic, TopicState
from bot.desk import binding, closing, lab_talk, opening, routing, switching, talking
from bot.desk.errors import RefusedError
from bot.desk.tables import TALKING, Consultation, LabState, Message
from bot.desk.views import Heard
from tests.bot.desk.conftest import ADMIN, ASKER, MENTORS, NOW, Office, opened
from tests.bot.desk.life import tables
from tests.bot.desk.rooms import GROUP, OWNER, with_topics

SECOND, STUDENT = 101, 555
ASKERS = (ASKER, SECOND)
WRITERS = (*ASKERS, *MENTORS[:2])
which = st.integers(0, 5)


class Places(RuleBasedStateMachine):
    """Private chats have topics; the first mentor may have a lab's group."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.office: Office = with_topics(self.stack.enter_context(opened(tables())))
        self.office.join(SECOND, "钱老板", "asker", self.office.enterprise)
        self.deleted: dict[tuple[int, int], int] = {}
        self.typed: dict[tuple[int, int], int | None] = {}

    def teardown(self) -> None:
        self.stack.close()

    @initialize(lab=st.booleans())
    def begin(self, lab: bool) -> None:
        """Each of them talks in two, but the second asker and mentor in one."""
        if lab:
            self.bind()
        for mentor, asker in ((0, ASKER), (1, ASKER), (0, SECOND)):
            self.office.talk(mentor, asker)
        self.deliver()

    @rule(mentor=st.integers(0, 1), asker=st.sampled_from(ASKERS))
    def talk(self, mentor: int, asker: int) -> None:
        if len(self.talks()) < 5:
            self.office.talk(mentor, asker)

    @rule(chat=st.sampled_from(WRITERS), topic=st.none() | which, reply=st.none() | which)
    def write(self, chat: int, topic: int | None, reply: int | None) -> None:
        place = self.pick([one.number for one in self.open_topics(chat)], topic)
        shown = [owed.sent_message for owed in self.office.owed(chat) if owed.source_chat]
        answered = self.pick([number for number in shown if number], reply)
        heard = self.office.heard(chat, topic=place, reply_to=answered)
        found = routing.route(self.office.session, heard)
        if found.to == "talk" and found.consultation is not None:
            self.note(heard)
            self.act(talking.relay, heard, found.consultation)
        elif found.to == "choice":
            self.act(talking.park, heard)

    @rule(writer=st.sampled_from((STUDENT, MENTORS[0])), topic=st.none() | which)
    def write_in_the_lab(self, writer: int, topic: int | None) -> None:
        place = self.pick([one.number for one in self.open_topics(GROUP)], topic)
        heard = self.office.heard(GROUP, topic=place)
        self.note(heard)
        self.act(lab_talk.hear, heard, writer, "李博士")

    @rule()
    def bind(self) -> None:
        self.act(binding.ask, GROUP, "课题组", MENTORS[0], OWNER)
        asked = binding.labs_in(self.office.session, GROUP)
        if asked and asked[0].state is LabState.ASKED:
            self.act(binding.approve, ADMIN, asked[0].id or 0, OWNER)

    @rule()
    def unbind(self) -> None:
        self.act(binding.unbind, GROUP, MENTORS[0], OWNER)

    @rule()
    def deliver(self) -> None:
        """Everything owed arrives; topics are there."""
        self.office.deliver()
        for topic in self.topics():
            if topic.state is TopicState.OPENING:
                topic.state, topic.number = (
                    TopicState.OPEN,
                    70_000 + self.office.messages.__next__(),
                )
        self.office.session.flush()

    @rule(chat=st.sampled_from((*WRITERS, GROUP)), number=which)
    def delete_topic(self, chat: int, number: int) -> None:
        """Somebody deletes it, and the next that is sent there finds it gone."""
        gone = next(iter(self.open_topics(chat)[number:]), None)
        sent = [owed for owed in self.office.owed(chat) if gone and owed.thread == gone.thread]
        if gone is None or not sent or gone.number is None:
            return
        owed = Owed(**{name: getattr(sent[-1], name) for name in NAMES})
        lost = topics.lose(self.office.session, owed, gone.number)
        if lost:
            place = chat, gone.thread
            self.deleted[place] = self.deleted.get(place, 0) + 1
            self.act(opening.open_again, chat, gone.thread)
        self.office.session.expire_all()

    @rule(chat=st.sampled_from(WRITERS), number=which)
    def switch(self, chat: int, number: int) -> None:
        self.act(switching.talk_in, chat, self.pick(self.talks(), number) or 0)

    @precondition(lambda self: len(self.talks()) > 2)
    @rule(asker=st.sampled_from(ASKERS), number=which)
    def close(self, asker: int, number: int) -> None:
        self.act(closing.settle, asker, self.pick(self.talks(), number) or 0, True)

    @invariant()
    def every_message_is_owed_to_the_other_side_and_to_nobody_else(self) -> None:
        copies: dict[tuple[int, int], list[Delivery]] = {}
        for owed in self.deliveries():
            if owed.method == "copyMessage":
                source = owed.source_chat or 0, owed.source_message or 0
                copies.setdefault(source, []).append(owed)
        for message in self.office.session.exec(select(Message)):
            sent = copies.pop((message.chat_id, message.message_id), [])
            assert sent, "a message that nobody is owed"
            assert {owed.thread for owed in sent} == {message.consultation_id}
            assert {owed.chat_id for owed in sent} <= self.other_side(message)
        assert not copies, "a copy of what was never heard"

    @invariant()
    def what_is_typed_in_a_topic_goes_to_its_consultation(self) -> None:
        for message in self.office.session.exec(select(Message)):
            meant = self.typed[message.chat_id, message.message_id]
            assert meant in (None, message.consultation_id)

    @invariant()
    def a_topic_is_opened_once_and_once_more_for_each_deletion(self) -> None:
        opens: dict[tuple[int, int], int] = {}
        for owed in self.deliveries():
            if owed.method == topics.OPENS and owed.chat_id != GROUP:
                place = owed.chat_id, owed.thread or 0
                opens[place] = opens.get(place, 0) + 1
        for place, count in opens.items():
            assert count == 1 + self.deleted.get(place, 0)

    @invariant()
    def in_the_group_nothing_of_a_consultation_is_said_without_a_topic(self) -> None:
        known = {topic.thread for topic in self.topics() if topic.chat_id == GROUP}
        for owed in self.deliveries():
            assert owed.chat_id != GROUP or owed.thread is None or owed.thread in known

    def other_side(self, message: Message) -> set[int]:
        """Where a message may be read."""
        talk = self.office.consultation(message.consultation_id)
        chats = {person: chat for chat, person in self.office.people.items()}
        mentor = chats[talk.mentor_id or 0]
        lab = {GROUP} if mentor == MENTORS[0] else set()
        if message.by_asker:
            return {mentor} | lab
        return {chats[talk.asker_id]} | (lab if message.chat_id == mentor else set())

    def note(self, heard: Heard) -> None:
        """Of what is typed in a topic, and answers nothing, it is known where it must go."""
        place = heard.topic if heard.reply_to is None else None
        found = topics.thread_in(self.office.session, heard.chat_id, place) if place else None
        self.typed[heard.chat_id, heard.message_id] = found

    def act(self, use_case: object, *args: object) -> None:
        """What is refused is rolled back, as its transaction is."""
        assert callable(use_case)
        self.office.session.flush()
        with self.office.session.begin_nested() as savepoint, suppress(RefusedError):
            try:
                use_case(self.office.session, *args, now=NOW)
                self.office.session.flush()
            except RefusedError:
                savepoint.rollback()
                raise

    def pick(self, found: list[int | None] | list[int], number: int | None) -> int | None:
        return found[number % len(found)] if found and number is not None else None

    def talks(self) -> list[int]:
        query = select(Consultation.id).where(col(Consultation.stage).in_(TALKING))
        return [number or 0 for number in self.office.session.exec(query)]

    def topics(self) -> list[Topic]:
        query = select(Topic).order_by(col(Topic.id))
        return list(self.office.session.exec(query.execution_options(populate_existing=True)))

    def open_topics(self, chat: int) -> list[Topic]:
        return [one for one in self.topics() if one.chat_id == chat and one.number is not None]

    def deliveries(self) -> list[Delivery]:
        return list(self.office.session.exec(select(Delivery).order_by(col(Delivery.id))))


Places.TestCase.settings = settings(
    max_examples=10, stateful_step_count=15, deadline=None, derandomize=True
)
TestPlaces = Places.TestCase
