"""All that is done with offers, in any order: somebody always has the question, nothing leaks."""

from collections import Counter
from datetime import timedelta
from typing import Any

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule
from sqlmodel import select

from bot.desk import (
    accepting,
    asking,
    choosing,
    confiding,
    detailing,
    escalating,
    offering,
    specifying,
    using,
)
from bot.desk.tables import (
    TALKING,
    AnswerUse,
    Detail,
    DetailState,
    Level,
    Offer,
    OfferedAs,
    OfferState,
    Stage,
)
from bot.desk.views import Found
from knowledge.tables import Entry
from tests.bot.desk.conftest import ADMIN, ASKER, DAY, LIAISON, MENTORS
from tests.bot.desk.life import World

PHASES = (Phase.explicit, Phase.generate, Phase.shrink)
OTHER_ADMIN = 402
OTHERS = (*MENTORS, LIAISON, ADMIN, OTHER_ADMIN)
# Mostly whoever an offer is open to; now and then somebody with a button of long ago.
others, some = st.sampled_from((*[None] * 12, *OTHERS)), st.integers(0, 5)


class Offers(World):
    """Any button of any offer that was ever shown, by whoever it was shown to, or another."""

    @initialize(level=st.sampled_from(Level), dispatched=st.booleans())
    def begin(self, level: Level, dispatched: bool) -> None:
        office = self.office
        office.join(OTHER_ADMIN, "管理员二", "admin")
        if dispatched:
            office.dispatch()
        office.entry("answer-1", "answer", office.people[MENTORS[2]], summary_zh="先抽真空")
        self.typed = 0
        for nobody, asked in ((False, Level.PUBLIC), (False, level), (True, level)):
            hits = [Found(f"expert-{n}", 0.9 - n / 10, "strong", "证据") for n in range(3)]
            hits.append(Found("answer-1", 0.5, "strong", "证据"))
            heard = office.heard(ASKER, "压铸件有气孔怎么办")
            number = asking.ask(office.session, heard, hits, now=self.now)
            if nobody:
                choosing.choose_nobody(office.session, ASKER, number, now=self.now)
            else:
                office.choose(number)
            self.act(confiding.choose_level, ASKER, number, asked.value)
            office.confirm(number, self.now)

    # What those who are asked do.

    @rule(chat=others, which=some)
    def accept(self, chat: int | None, which: int) -> None:
        self.act(accepting.undertake, *self.pick(chat, which), 1)

    @rule(chat=others, which=some, conflict=st.booleans())
    def decline(self, chat: int | None, which: int, conflict: bool) -> None:
        reason = "conflict" if conflict else "no_time"
        self.act(accepting.decline, *self.pick(chat, which), reason, DAY)

    @rule(chat=others, which=some, to=st.sampled_from((*OTHERS, ASKER)))
    def pass_on(self, chat: int | None, which: int, to: int) -> None:
        given = self.office.people[to], DAY, "请您看看"
        self.act(escalating.escalate, *self.pick(chat, which), *given)

    @rule(chat=others, which=some)
    def ask_first(self, chat: int | None, which: int) -> None:
        who, offer = self.pick(chat, which)
        if self.act(detailing.ask, who, offer) == "":
            self.act(detailing.put, who, "什么合金？", DAY)

    @rule(chat=others, which=some)
    def use(self, chat: int | None, which: int) -> None:
        entry = self.office.session.exec(select(Entry.id).where(Entry.key == "answer-1")).one()
        used = select(AnswerUse.id)
        again = self.office.session.exec(used).first() is not None and which > 2
        offers = select(Offer).where(Offer.state == OfferState.ACCEPTED)
        taken = self.office.session.exec(offers).first() if again else None
        who, offer = self.pick(chat, which)
        if taken is not None:  # what was sent already, once more
            who, offer = self.chat_of(taken.person_id), taken.id or 0
        self.act(using.use, who, offer, entry)

    def pick(self, chat: int | None, which: int) -> tuple[int, int]:
        """Somebody, and an offer that they were shown."""
        open_ = self.open_offers()
        if chat is None and open_:
            offer = open_[which % len(open_)]
            return self.chat_of(offer.person_id), offer.id or 0
        who = chat or ADMIN
        return who, self.offer_shown(who, which)

    # What the asker does.

    @rule(which=some)
    def answer(self, which: int) -> None:
        """Typed and previewed, and not sent."""
        wanted = self.details(DetailState.ASKED)
        if wanted:
            self.typed += 1
            detail = wanted[which % len(wanted)].id
            self.act(specifying.write, ASKER, detail, f"回答第{self.typed}号")

    @rule(which=some, shared=st.integers(0, 1))
    def send(self, which: int, shared: int) -> None:
        shown = [owed.values for owed in self.office.owed(ASKER) if owed.card == "detail_preview"]
        if shown:
            view = shown[-1 - which // 3 % len(shown)]  # mostly the newest
            self.act(specifying.send, ASKER, view["detail"], view["seen"], shared)

    @rule(which=some)
    def would_rather_not(self, which: int) -> None:
        wanted = self.details()
        if wanted:
            self.act(specifying.refuse, ASKER, wanted[which % len(wanted)].id)

    @rule(which=some)
    def withdraw(self, which: int) -> None:
        found = self.one(which)
        assert found is not None
        self.act(offering.withdraw, ASKER, found.id)

    @rule(which=some, solved=st.integers(0, 1))
    def say_if_it_helped(self, which: int, solved: int) -> None:
        uses = self.office.session.exec(select(AnswerUse)).all()
        if uses:
            self.act(using.settle, ASKER, uses[which % len(uses)].id, solved)

    @rule(hours=st.sampled_from([1, 25]))
    def wait(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        self.act(offering.expire_due, DAY)

    def details(self, *states: DetailState) -> list[Detail]:
        rows = self.office.session.exec(select(Detail)).all()
        return [row for row in rows if not states or row.state in states]

    def open_offers(self) -> list[Offer]:
        query = select(Offer).where(Offer.state == OfferState.OPEN)
        return list(self.office.session.exec(query))

    # What must always hold.

    @invariant()
    def every_question_is_with_somebody_and_with_one_alone_but_for_the_admins(self) -> None:
        held = Counter(one.consultation_id for one in self.open_offers())
        assert set(held) <= set(self.offered())
        for number in self.offered():  # unless all have a conflict of interest
            assert self.is_held_or_nobody_is_there(number)
        for one in self.open_offers():
            office = one.offered_as is OfferedAs.ADMIN
            assert office or held[one.consultation_id] == 1
            assert office is (one.expires_at is None)
        for found in self.all(*TALKING, Stage.RESOLVED):
            assert found.mentor_id not in (None, found.asker_id)

    @invariant()
    def nobody_is_asked_twice_but_an_admin_at_the_end_of_the_line(self) -> None:
        query = select(Offer).where(Offer.offered_as != OfferedAs.ADMIN)
        asked = Counter((o.consultation_id, o.person_id) for o in self.office.session.exec(query))
        assert set(asked.values()) <= {1}

    @invariant()
    def who_asks_is_told_to_nobody_who_has_not_accepted(self) -> None:
        for owed in self.fresh("names"):
            if owed.chat_id != ASKER and (
                "王老板" in str(owed.values) or "宏达" in str(owed.values)
            ):
                assert self.has_accepted(owed.chat_id, ASKER), owed

    @invariant()
    def what_was_not_sent_is_read_by_nobody(self) -> None:
        read = str([owed.values for owed in self.deliveries() if owed.chat_id != ASKER])
        for row in self.details():
            assert row.state is DetailState.ANSWERED or not row.answer or row.answer not in read

    @invariant()
    def what_was_sent_stands_on_the_offer_or_with_its_mentor(self) -> None:
        for row in self.details():
            if row.state is not DetailState.ANSWERED:
                continue
            found = self.office.consultation(row.consultation_id)
            public = found.level is Level.PUBLIC or row.shared
            if found.mentor_id is not None:
                assert row.answer in str(self.told(found.mentor_id, "details"))
            for offer in self.open_offers():
                if offer.consultation_id == found.id:
                    told = [
                        one
                        for one in self.told(offer.person_id, "offer")
                        if one["offer"] == offer.id
                    ]
                    shown = row.answer in str(told)
                    room = len(told[-1]["details"]["lines"]) < 2
                    assert shown or not (public and room)
                    assert public or not shown

    def told(self, person: int, card: str) -> list[dict[str, Any]]:
        chat = self.chat_of(person)
        return [owed.values for owed in self.office.owed(chat) if owed.card == card]

    @invariant()
    def an_earlier_answer_is_sent_once_by_the_mentor_who_has_the_question(self) -> None:
        uses = self.office.session.exec(select(AnswerUse)).all()
        assert len(uses) == self.office.cards(ASKER).count("used")
        for use in uses:
            assert self.office.consultation(use.consultation_id).mentor_id == use.mentor_id


Offers.TestCase.settings = settings(
    max_examples=15, stateful_step_count=30, deadline=None, derandomize=True, phases=PHASES
)
TestOffers = Offers.TestCase
