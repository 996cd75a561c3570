"""Whatever askers, mentors, admins and time do, in any order: nothing is lost, nothing mixed."""

from collections import Counter
from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule
from sqlmodel import select

from bot.delivery.tables import DeliveryState
from bot.desk import accepting, asking, choosing, closing, offering, talking, undelivered
from bot.desk.tables import (
    TALKING,
    ChatState,
    Consultation,
    DeclineReason,
    Offer,
    OfferedAs,
    OfferState,
    Parked,
    Stage,
)
from bot.desk.views import Found, Heard
from tests.bot.desk.conftest import ADMIN, ASKER, DAY, LIAISON, MENTORS
from tests.bot.desk.life import Fate, World

SECOND_ASKER, SECOND_ADMIN, BOTH = 101, 402, MENTORS[2]
ASKERS = (ASKER, SECOND_ASKER, BOTH)
OTHERS = (*MENTORS, LIAISON, ADMIN, SECOND_ADMIN)
CHATS = (ASKER, SECOND_ASKER, *OTHERS)
# Names that nobody may read who has not accepted their consultation.
HIDDEN = {ASKER: ("王老板", "宏达"), SECOND_ASKER: ("李老板", "恒泰")}
chats, askers, others = st.sampled_from(CHATS), st.sampled_from(ASKERS), st.sampled_from(OTHERS)
some = st.integers(0, 5)


class Life(World):
    """The rules are what may happen, the invariants what must always hold."""

    @initialize(appointed=st.booleans(), dispatched=st.booleans(), talks=st.integers(0, 3))
    def open(self, appointed: bool, dispatched: bool, talks: int) -> None:
        office = self.office
        home = office.enterprise_named("恒泰", industry="I", region="江苏")
        office.join(SECOND_ASKER, "李老板", "asker", home)
        office.join(SECOND_ADMIN, "管理员二", "admin")
        office.give_role(BOTH, "asker")
        if appointed:
            office.appoint(1)
        if dispatched:
            office.dispatch()
        for asker in ASKERS:
            self.ask_and_send(asker, 1)
        for _ in range(talks):
            self.somebody_accepts(0)

    # What people do.

    @rule(chat=askers, found=st.integers(0, 3))
    def ask(self, chat: int, found: int) -> None:
        hits = [Found(f"expert-{n}", 0.9 - n / 10, "strong", "证据") for n in range(found)]
        heard = self.office.heard(chat, "铝压铸件有气孔")
        self.act(asking.ask, heard, hits)

    @rule(which=some, line=st.integers(0, 4))
    def choose(self, which: int, line: int) -> None:
        draft = self.one(which, Stage.DRAFT)
        if draft is None:
            return
        lines = asking.candidates_of(self.office.session, draft.id or 0)
        chat = self.chat_of(draft.asker_id)
        if line < len(lines):
            self.act(choosing.choose, chat, lines[line].id)
        else:
            choice = choosing.choose_own if line == 4 else choosing.choose_nobody
            self.act(choice, chat, draft.id)

    @rule(which=some, text=st.sampled_from(["改过的问题", "", "再改"]))
    def edit(self, which: int, text: str) -> None:
        draft = self.one(which, Stage.DRAFT)
        if draft is not None:
            chat = self.chat_of(draft.asker_id)
            self.act(choosing.edit, chat, draft.id)
            self.act(choosing.rewrite, chat, text)

    @rule(chat=askers, which=some, twice=st.booleans())
    def send(self, chat: int, which: int, twice: bool) -> None:
        """Any preview still in the chat, pressed once or twice."""
        previews = [owed.values for owed in self.office.owed(chat) if owed.card == "preview"]
        if previews:
            shown = previews[which % len(previews)]
            for _ in range(1 + twice):
                before = self.stage(shown["consultation"])
                self.act(offering.confirm, chat, shown["consultation"], shown["seen"], DAY)
                if before is Stage.DRAFT and self.stage(shown["consultation"]) is Stage.OFFERED:
                    sent = self.office.consultation(shown["consultation"])
                    assert sent.forwarded == shown["text"]

    @rule(chat=askers, line=st.integers(0, 4))
    def ask_and_send(self, chat: int, line: int) -> None:
        """The straight way there, so that more of the life is lived."""
        self.ask(chat, 3)
        self.choose(-1, line)
        self.send(chat, -1, twice=False)

    @rule(which=some)
    def somebody_accepts(self, which: int) -> None:
        found = self.one(which, Stage.OFFERED)
        offer = found and self.open_offer(found.id or 0)
        if offer:
            self.act(accepting.accept, self.chat_of(offer.person_id), offer.id)

    @rule(which=some, reason=st.sampled_from(list(DeclineReason)))
    def somebody_declines(self, which: int, reason: str) -> None:
        found = self.one(which, Stage.OFFERED)
        offer = found and self.open_offer(found.id or 0)
        if offer:
            self.act(accepting.decline, self.chat_of(offer.person_id), offer.id, reason, DAY)

    @rule(chat=others, which=some, twice=st.booleans())
    def accept(self, chat: int, which: int, twice: bool) -> None:
        offer = self.offer_shown(chat, which)
        for _ in range(1 + twice):
            self.act(accepting.accept, chat, offer)

    @rule(chat=chats, which=some)
    def press_what_is_somebody_elses(self, chat: int, which: int) -> None:
        offers = self.office.session.exec(select(Offer)).all()
        if offers:
            offer = offers[which % len(offers)]
            if self.chat_of(offer.person_id) != chat:
                assert self.act(accepting.accept, chat, offer.id) == "not_yours"

    @rule(which=some)
    def withdraw(self, which: int) -> None:
        found = self.one(which)
        if found is not None:
            self.act(offering.withdraw, self.chat_of(found.asker_id), found.id)

    @rule(reply=st.integers(-3, 5), kind=st.sampled_from(["text", "photo"]))
    def everybody_writes(self, reply: int, kind: str) -> None:
        for chat in CHATS:
            self.write(chat, reply, kind)

    def write(self, chat: int, reply: int, kind: str) -> None:
        heard = self.office.heard(chat, "一句话" if kind == "text" else "", kind=kind)
        if reply >= 0:
            heard = Heard(chat, heard.message_id, kind, heard.text, self.message_in(chat, reply))
        self.route(heard)

    @rule(by_asker=st.booleans(), away=st.sampled_from([None, *CHATS]))
    def talk(self, by_asker: bool, away: int | None) -> None:
        """In every talk one side writes, now and then while somebody has blocked the bot."""
        if away:
            self.block(away)
        for found in self.all(*TALKING, Stage.OFFERED):
            writer = found.asker_id if by_asker else found.mentor_id
            if writer is not None:
                heard = self.office.heard(self.chat_of(writer), "一句话")
                self.carry(heard, found.id or 0, talking.relay, heard, found.id)

    @rule(which=some, choice=some)
    def settle(self, which: int, choice: int) -> None:
        kept = self.office.session.exec(select(Parked)).all()
        numbers = self.office.session.exec(select(Consultation.id)).all()
        if kept and numbers:
            parked, number = kept[which % len(kept)], numbers[choice % len(numbers)] or 0
            heard = Heard(parked.chat_id, parked.message_id, parked.kind)
            self.carry(heard, number, talking.settle, parked.chat_id, parked.id, number)

    @rule(which=some)
    def say_answered(self, which: int) -> None:
        found = self.one(which, Stage.ACTIVE)
        if found is not None and found.mentor_id is not None:
            self.act(closing.say_answered, self.chat_of(found.mentor_id), found.id)

    @rule(which=some, said=st.sampled_from(["yes", "no", "later"]), stars=st.integers(0, 6))
    def close(self, which: int, said: str, stars: int) -> None:
        found = self.one(which, *TALKING)
        if found is None:
            return
        chat = self.chat_of(found.asker_id)
        if said == "later":
            self.act(closing.continue_, chat, found.id)
        else:
            self.act(closing.settle, chat, found.id, said == "yes")
            self.act(closing.rate, chat, found.id, stars)

    # What happens to them.

    @rule(chat=chats)
    def block(self, chat: int) -> None:
        self.act(undelivered.chat_lost, chat, "blocked", DAY)

    @rule(chat=chats)
    def unblock(self, chat: int) -> None:
        self.act(undelivered.chat_back, chat)

    @rule(hours=st.sampled_from([1, 23, 25]))
    def wait(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        self.act(offering.expire_due, DAY)
        for number in self.offered():
            assert self.is_held_or_nobody_is_there(number)
        again = len(self.deliveries())
        self.act(offering.expire_due, DAY)
        assert len(self.deliveries()) == again

    @rule()
    def deliver(self) -> None:
        self.office.deliver()

    # What must always hold.

    @invariant()
    def what_is_written_reaches_the_other_side_alone(self) -> None:
        for owed in self.copies():
            found = self.office.consultation(owed.thread or 0)
            writer = self.person_in(owed.source_chat or 0)
            reader = self.person_in(owed.chat_id)
            assert {writer, reader} == {found.asker_id, found.mentor_id}
            assert writer != reader

    @invariant()
    def what_was_written_between_two_who_are_here_is_owed_once(self) -> None:
        owed = Counter((one.source_chat, one.source_message) for one in self.copies())
        assert set(owed.values()) <= {1}
        for written, (number, fate) in self.written.items():
            accepted = self.office.consultation(number).mentor_id is not None
            carried = fate is Fate.CARRIED or (fate is Fate.KEPT and accepted)
            assert (written in owed) is carried

    @invariant()
    def what_is_held_is_held_for_who_is_away(self) -> None:
        for owed in self.deliveries():
            here = self.office.chat(owed.chat_id).state is ChatState.ACTIVE
            assert not (here and owed.state is DeliveryState.HELD)

    @invariant()
    def an_askers_identity_is_owed_to_nobody_who_has_not_accepted(self) -> None:
        fresh = [one for one in self.deliveries() if (one.id or 0) > self.seen]
        for owed in fresh:
            for asker, names in HIDDEN.items():
                if owed.chat_id != asker and any(name in str(owed.values) for name in names):
                    assert self.has_accepted(owed.chat_id, asker), owed
        self.seen = max((one.id or 0 for one in fresh), default=self.seen)

    @invariant()
    def offers_are_open_where_a_question_is_on_offer_and_nowhere_else(self) -> None:
        still_open = self.office.session.exec(
            select(Offer).where(Offer.state == OfferState.OPEN)
        ).all()
        assert {offer.consultation_id for offer in still_open} <= set(self.offered())
        assert set(
            Counter((one.consultation_id, one.person_id) for one in still_open).values()
        ) <= {1}
        alone = Counter(one.consultation_id for one in still_open if one.expires_at is not None)
        assert set(alone.values()) <= {1}
        for offer in still_open:
            assert (offer.offered_as is OfferedAs.ADMIN) is (offer.expires_at is None)
            asker = self.office.consultation(offer.consultation_id).asker_id
            assert offer.person_id != asker

    @invariant()
    def a_question_on_offer_is_held_or_waits_for_an_admin(self) -> None:
        for number in self.offered():
            assert self.is_held_or_nobody_is_there(number) or self.admins_came_back(number)

    @invariant()
    def nobody_is_asked_twice_but_an_admin_at_the_end_of_the_line(self) -> None:
        offers = self.office.session.exec(
            select(Offer).where(Offer.offered_as != OfferedAs.ADMIN)
        ).all()
        asked = Counter((offer.consultation_id, offer.person_id) for offer in offers)
        assert set(asked.values()) <= {1}

    @invariant()
    def a_mentor_is_known_once_accepted(self) -> None:
        for found in self.office.session.exec(select(Consultation)):
            spoken = found.stage in (*TALKING, Stage.RESOLVED, Stage.UNRESOLVED)
            assert (found.mentor_id is not None) is spoken
            assert found.mentor_id != found.asker_id
            assert found.rating is None or found.rating in closing.STARS


Life.TestCase.settings = settings(
    max_examples=25, stateful_step_count=40, deadline=None, derandomize=True
)
TestLife = Life.TestCase
