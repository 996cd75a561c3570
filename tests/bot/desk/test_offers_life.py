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
from tests.bot.desk.conftest import ADMIN, ASKER, DAY, LIAISON, MENTORS
from tests.bot.desk.life import World

PHASES = (Phase.explicit, Phase.generate, Phase.shrink)
OTHER_ADMIN = 402
OTHERS = (*MENTORS, LIAISON, ADMIN, OTHER_ADMIN)
others, some = st.sampled_from(OTHERS), st.integers(0, 5)


class Offers(World):
    """Any button of any offer that was ever shown, by whoever it was shown to, or another."""

    @initialize(levels=st.lists(st.sampled_from(Level), min_size=2, max_size=3))
    def begin(self, levels: list[Level]) -> None:
        office = self.office
        office.join(OTHER_ADMIN, "管理员二", "admin")
        office.dispatch()
        office.entry("answer-1", "answer", office.people[MENTORS[2]], summary_zh="先抽真空")
        self.typed = 0
        for level in levels:
            hits = [Found(f"expert-{n}", 0.9 - n / 10, "strong", "证据") for n in range(3)]
            hits.append(Found("answer-1", 0.5, "strong", "证据"))
            heard = office.heard(ASKER, "压铸件有气孔怎么办")
            number = asking.ask(office.session, heard, hits, now=self.now)
            office.choose(number)
            self.act(confiding.choose_level, ASKER, number, level.value)
            office.confirm(number, self.now)

    # What those who are asked do.

    @rule(chat=others, which=some)
    def accept(self, chat: int, which: int) -> None:
        offer = self.offer_shown(chat, which)
        self.act(accepting.undertake, chat, offer, 1)

    @rule(chat=others, which=some, conflict=st.booleans())
    def decline(self, chat: int, which: int, conflict: bool) -> None:
        reason = "conflict" if conflict else "no_time"
        self.act(accepting.decline, chat, self.offer_shown(chat, which), reason, DAY)

    @rule(chat=others, which=some, to=st.sampled_from((*OTHERS, ASKER)))
    def pass_on(self, chat: int, which: int, to: int) -> None:
        offer, person = self.offer_shown(chat, which), self.office.people[to]
        self.act(escalating.escalate, chat, offer, person, DAY, "请您看看")

    @rule(chat=others, which=some)
    def ask_first(self, chat: int, which: int) -> None:
        if self.act(detailing.ask, chat, self.offer_shown(chat, which)) == "":
            self.act(detailing.put, chat, "什么合金？", DAY)

    @rule(chat=others, which=some)
    def use(self, chat: int, which: int) -> None:
        listed = [
            one["entry"]
            for owed in self.office.owed(chat)
            for one in owed.values.get("similar", ())
        ]
        if listed:
            self.act(using.use, chat, self.offer_shown(chat, which), listed[-1])

    # What the asker does.

    @rule(which=some)
    def answer(self, which: int) -> None:
        """Typed and previewed, and not sent."""
        wanted = self.details()
        if wanted:
            self.typed += 1
            detail = wanted[which % len(wanted)].id
            self.act(specifying.write, ASKER, detail, f"回答第{self.typed}号")

    @rule(which=some, shared=st.integers(0, 1))
    def send(self, which: int, shared: int) -> None:
        shown = [owed.values for owed in self.office.owed(ASKER) if owed.card == "detail_preview"]
        if shown:
            view = shown[which % len(shown)]
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

    def details(self) -> list[Detail]:
        return list(self.office.session.exec(select(Detail)))

    def open_offers(self) -> list[Offer]:
        query = select(Offer).where(Offer.state == OfferState.OPEN)
        return list(self.office.session.exec(query))

    # What must always hold.

    @invariant()
    def every_question_is_with_somebody_and_with_one_alone_but_for_the_admins(self) -> None:
        held = Counter(one.consultation_id for one in self.open_offers())
        assert set(held) == set(self.offered())
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
        fresh = [one for one in self.deliveries() if (one.id or 0) > self.seen]
        for owed in fresh:
            if owed.chat_id != ASKER and (
                "王老板" in str(owed.values) or "宏达" in str(owed.values)
            ):
                assert self.has_accepted(owed.chat_id, ASKER), owed
        self.seen = max((one.id or 0 for one in fresh), default=self.seen)

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
    max_examples=15, stateful_step_count=25, deadline=None, derandomize=True, phases=PHASES
)
TestOffers = Offers.TestCase
