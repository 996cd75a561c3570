"""Rules of what is on offer: accepted, declined, passed on, asked back about, or withdrawn."""

from hypothesis import strategies as st
from hypothesis.stateful import rule
from sqlmodel import col, select

from bot.desk import accepting, detailing, escalating, offering, specifying, undertaking, using
from bot.desk.tables import (
    Consultation,
    DeclineReason,
    Detail,
    DetailState,
    Level,
    Offer,
    OfferedAs,
    OfferState,
    Stage,
)
from knowledge.tables import Entry
from tests.bot.desk.conftest import DAY
from tests.bot.desk.life.cast import CHATS, OTHERS, some
from tests.bot.desk.life.world import World, when


class OnOffer(World):
    @when(Stage.OFFERED)
    @rule(which=some)
    def somebody_accepts(self, which: int) -> None:
        if offer := self.offered_one(which):
            chat = self.chat_of(offer.person_id)
            self.act(accepting.accept, chat, offer.id)
            found = self.office.consultation(offer.consultation_id)
            if found.stage is Stage.OFFERED and found.level is Level.NDA:
                self.act(accepting.undertake, chat, offer.id, undertaking.VERSION)

    @when(Stage.OFFERED)
    @rule(which=some, reason=st.sampled_from(list(DeclineReason)))
    def somebody_declines(self, which: int, reason: str) -> None:
        if offer := self.offered_one(which):
            self.act(accepting.decline, self.chat_of(offer.person_id), offer.id, reason, DAY)

    @when(Stage.OFFERED)
    @rule(chat=st.sampled_from(OTHERS), which=some, twice=st.booleans())
    def accept(self, chat: int, which: int, twice: bool) -> None:
        """Any card still in the chat, pressed once or twice."""
        offer = self.offer_shown(chat, which)
        for _ in range(1 + twice):
            self.act(accepting.accept, chat, offer)

    @rule(chat=st.sampled_from(CHATS), which=some)
    def press_what_is_somebody_elses(self, chat: int, which: int) -> None:
        offers = self.office.session.exec(select(Offer)).all()
        if offers:
            offer = offers[which % len(offers)]
            if self.chat_of(offer.person_id) != chat:
                assert self.act(accepting.accept, chat, offer.id) == "not_yours"
                assert self.act(detailing.ask, chat, offer.id) == "not_yours"
                assert self.act(escalating.ask_whom, chat, offer.id) == "not_yours"

    @when(Stage.OFFERED)
    @rule(which=some)
    def withdraw(self, which: int) -> None:
        found = self.one(which)
        if found is not None:
            self.act(offering.withdraw, self.chat_of(found.asker_id), found.id)

    @when(Stage.OFFERED)
    @rule(which=some, to=st.sampled_from(OTHERS))
    def pass_on(self, which: int, to: int) -> None:
        """To a colleague whom they name: to each once, and never to who may not have it."""
        if offer := self.offered_one(which):
            asked = select(Offer.person_id).where(Offer.consultation_id == offer.consultation_id)
            before = set(self.office.session.exec(asked))
            person = self.person_in(to)
            refused = self.act(
                escalating.escalate, self.chat_of(offer.person_id), offer.id, person, DAY, "请看"
            )
            assert not (refused == "" and person in before)

    @when(OfferedAs.LIAISON)
    @rule(to=st.sampled_from(OTHERS))
    def escalate(self, to: int) -> None:
        """The liaison gives a question to a mentor."""
        theirs = select(Offer).where(
            Offer.state == OfferState.OPEN, Offer.offered_as == OfferedAs.LIAISON
        )
        offer = self.office.session.exec(theirs.order_by(col(Offer.id))).first()
        assert offer is not None
        chat, person = self.chat_of(offer.person_id), self.person_in(to)
        self.act(escalating.escalate, chat, offer.id, person, DAY, "请看")

    @when(Stage.OFFERED)
    @rule(which=some, answer=st.sampled_from(["send", "keep", "refuse", "wait"]))
    def ask_back(self, which: int, answer: str) -> None:
        if offer := self.offered_one(which):
            chat = self.chat_of(offer.person_id)
            if not self.act(detailing.ask, chat, offer.id):
                self.act(detailing.put, chat, "什么合金？", DAY)
            self.answer_back(-1, answer)

    @when(DetailState.ASKED)
    @rule(which=some, answer=st.sampled_from(["send", "keep", "refuse", "wait"]))
    def answer_back(self, which: int, answer: str) -> None:
        """Whatever became of the question meanwhile."""
        asked = select(Detail).where(Detail.state == DetailState.ASKED).order_by(col(Detail.id))
        rows = self.office.session.exec(asked).all()
        if not rows or answer == "wait":
            return
        row = rows[which % len(rows)]
        chat = self.chat_of(row.asker_id)
        if answer == "refuse":
            self.act(specifying.refuse, chat, row.id)
            return
        self.act(specifying.answer, chat, row.id)
        if self.act(specifying.write, chat, row.id, "ADC12"):
            return
        previews = [one for one in self.office.owed(chat) if one.card == "detail_preview"]
        if previews:
            seen = previews[-1].values["seen"]
            self.act(specifying.send, chat, row.id, seen, int(answer == "send"))

    @when(Stage.OFFERED)
    @rule(which=some, solved=st.sampled_from([0, 1, None]))
    def use_an_answer(self, which: int, solved: int | None) -> None:
        offer = self.offered_one(which)
        entry = self.office.session.exec(select(Entry.id).where(Entry.key == "answer-1")).first()
        if offer is None or self.act(using.use, self.chat_of(offer.person_id), offer.id, entry):
            return
        asker = self.chat_of(self.office.consultation(offer.consultation_id).asker_id)
        shown = [one.values["use"] for one in self.office.owed(asker) if one.card == "used"]
        if shown and solved is not None:
            self.act(using.settle, asker, shown[-1], solved)

    def offered_one(self, which: int) -> Offer | None:
        """The open offer of one of those on offer."""
        found: Consultation | None = self.one(which, Stage.OFFERED)
        return self.open_offer(found.id or 0) if found is not None else None
