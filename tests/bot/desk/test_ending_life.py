"""Talks that end, fall silent, are reopened, handed over and made public, in any order."""

from datetime import timedelta

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule
from sqlmodel import col, select

from bot.desk import (
    accepting,
    approving,
    closing,
    holding,
    offering,
    reopening,
    silence,
    talking,
    undelivered,
)
from bot.desk.silence import Patience
from bot.desk.tables import (
    CLOSED,
    TALKING,
    Answer,
    AnswerState,
    Closing,
    Message,
    Offer,
    OfferState,
    Stage,
)
from knowledge.tables import Entry, EntryKind
from tests.bot.desk.conftest import ASKER, DAY, MENTORS
from tests.bot.desk.life import World

# Explaining a failure runs it again and again, line by line; it is not worth the minutes.
PHASES = (Phase.explicit, Phase.generate, Phase.shrink)
PATIENCE = Patience(quiet=timedelta(days=7), warned=timedelta(days=3))
SAID = "先查排气槽，再把浇口速度提到45 m/s，保压加3秒"
sides, some = st.booleans(), st.integers(0, 5)
people = st.sampled_from((ASKER, *MENTORS))


class Ending(World):
    """Two consultations of one asker; each rule may be refused, and then changes nothing."""

    @initialize()
    def begin(self) -> None:
        for _ in range(2):
            self.office.send(self.office.ask())
        for found in self.all():
            self.accept(found.id or 0)

    @rule(which=some, by_asker=sides)
    def write(self, which: int, by_asker: bool) -> None:
        found = self.one(which)
        assert found is not None
        writer = found.asker_id if by_asker else found.mentor_id
        if writer is None:
            return
        heard = self.office.heard(self.chat_of(writer), SAID)
        refused = self.act(talking.relay, heard, found.id)
        assert (refused == "closed") is (found.stage in CLOSED)

    @rule(which=some, solved=sides)
    def settle(self, which: int, solved: bool) -> None:
        found = self.one(which)
        assert found is not None
        may = found.stage in (*TALKING, Stage.SILENT)
        assert (self.act(closing.settle, ASKER, found.id, solved) == "") is may

    @rule(which=some)
    def say_answered(self, which: int) -> None:
        found = self.one(which, Stage.ACTIVE)
        if found is not None and found.mentor_id is not None:
            self.act(closing.say_answered, self.chat_of(found.mentor_id), found.id)

    @rule(which=some, chat=people)
    def reopen(self, which: int, chat: int) -> None:
        found = self.one(which)
        assert found is not None
        may = found.stage in CLOSED and chat == ASKER
        assert (self.act(reopening.reopen, chat, found.id, DAY) == "") is may

    @rule(which=some, chat=people)
    def hand_over(self, which: int, chat: int) -> None:
        found = self.one(which)
        assert found is not None
        self.act(reopening.hand_over, chat, found.id, DAY)

    @rule(which=some)
    def somebody_accepts(self, which: int) -> None:
        found = self.one(which, Stage.OFFERED)
        if found is not None:
            self.accept(found.id or 0)

    @rule(days=st.sampled_from([1, 3, 7, 14]))
    def wait(self, days: int) -> None:
        before = {found.id: self.owed_by_mentor(found.id or 0) for found in self.all(*TALKING)}
        self.now += timedelta(days=days)
        self.act(offering.expire_due, DAY)
        self.act(silence.end_silences, PATIENCE)
        self.act(holding.follow_up, timedelta(days=14))
        for found in self.all(Stage.SILENT):
            assert before.get(found.id) is not True

    @rule(which=some)
    def keep_open(self, which: int) -> None:
        found = self.one(which)
        assert found is not None
        self.act(silence.keep_open, ASKER, found.id)

    @rule(chat=people, which=some, act=st.sampled_from(["yes", "no", "back"]))
    def decide(self, chat: int, which: int, act: str) -> None:
        """Any answer card still in the chat, old ones too."""
        shown = [one.values for one in self.office.owed(chat) if one.card == "answer"]
        if not shown:
            return
        card = shown[which % len(shown)]
        if act == "yes":
            self.act(approving.approve, chat, card["answer"], card["version"])
        else:
            use_case = approving.decline if act == "no" else approving.withdraw
            self.act(use_case, chat, card["answer"])

    @rule(chat=st.sampled_from(MENTORS), here=sides)
    def come_and_go(self, chat: int, here: bool) -> None:
        if here:
            self.act(undelivered.chat_back, chat)
        else:
            self.act(undelivered.chat_lost, chat, "blocked", DAY)

    def accept(self, number: int) -> None:
        offer = self.open_offer(number)
        if offer is not None:
            self.act(accepting.accept, self.chat_of(offer.person_id), offer.id)

    def owed_by_mentor(self, number: int) -> bool:
        of_it = select(Message).where(Message.consultation_id == number)
        last = self.office.session.exec(of_it.order_by(col(Message.id).desc())).first()
        return self.stage(number) is Stage.ACTIVE and (last is None or last.by_asker)

    @invariant()
    def somebody_owns_whatever_is_open(self) -> None:
        for found in self.all():
            if found.stage is Stage.OFFERED:
                assert found.mentor_id is None
                number = found.id or 0
                assert self.is_held_or_nobody_is_there(number) or self.admins_came_back(number)
            else:
                assert found.mentor_id is not None
                assert (found.ended_at is not None) is (found.stage in CLOSED)

    @invariant()
    def only_its_mentor_has_it_in_hand(self) -> None:
        accepted = select(Offer).where(Offer.state == OfferState.ACCEPTED)
        held = {one.consultation_id: one.person_id for one in self.office.session.exec(accepted)}
        for found in self.all():
            assert held.get(found.id or 0) == found.mentor_id

    @invariant()
    def every_closing_is_on_record_and_open_ones_are_reopened(self) -> None:
        for found in self.all():
            rows = self.office.session.exec(
                select(Closing).where(Closing.consultation_id == found.id).order_by(col(Closing.id))
            ).all()
            still = [row for row in rows if row.reopened_at is None]
            assert len(still) == (found.stage in CLOSED)

    @invariant()
    def nothing_is_silent_without_a_warning(self) -> None:
        """The asker is here throughout, so that what they are told is owed to them."""
        owed = self.office.owed(ASKER)
        for found in self.all(Stage.SILENT):
            about = [one.card for one in owed if one.values.get("consultation") == found.id]
            assert "quiet" in about[: len(about) - about[::-1].index("fell_silent")]

    @invariant()
    def only_what_both_approved_is_public(self) -> None:
        entries = self.office.session.exec(
            select(Entry).where(Entry.kind == EntryKind.ANSWER, col(Entry.removed_at).is_(None))
        ).all()
        answers = self.office.session.exec(select(Answer)).all()
        public = [one for one in answers if one.state is AnswerState.PUBLIC]
        assert {one.key for one in entries} == {one.entry_key for one in public}
        for answer in public:
            assert answer.asker_approved
            assert answer.mentor_approved


Ending.TestCase.settings = settings(
    max_examples=10, stateful_step_count=25, deadline=None, derandomize=True, phases=PHASES
)
TestEnding = Ending.TestCase
