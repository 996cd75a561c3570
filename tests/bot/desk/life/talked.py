"""Rules of a talk: written, edited, taken back, given to another, closed and taken up again."""

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import rule
from sqlmodel import col, select

from bot.desk import (
    closing,
    correcting,
    giving_up,
    noting,
    removing,
    reopening,
    silence,
    talking,
    transferring,
    undertaking,
)
from bot.desk.silence import Patience
from bot.desk.tables import (
    CLOSED,
    TALKING,
    UNDER_WAY,
    Message,
    Parked,
    Stage,
    Transfer,
    TransferState,
)
from bot.desk.views import Heard
from tests.bot.desk.conftest import ADMIN, DAY
from tests.bot.desk.life.cast import CHATS, OTHERS, some
from tests.bot.desk.life.world import Fate, World, when

PATIENCE = Patience(quiet=timedelta(days=7), warned=timedelta(days=3))
# What may come of a proposal at once.
COURSES: tuple[tuple[str, ...], ...] = (
    (),
    ("agree",),
    ("agree", "take"),
    ("agree", "take"),
    ("agree", "decline"),
    ("call_off",),
    ("refuse",),
)
NOTE = "内部备注：只给接手的人看"


class Talked(World):
    @rule(reply=st.integers(-3, 5), kind=st.sampled_from(["text", "photo"]))
    def everybody_writes(self, reply: int, kind: str) -> None:
        for chat in CHATS:
            self.write(chat, reply, kind)

    def write(self, chat: int, reply: int, kind: str) -> None:
        heard = self.office.heard(chat, "一句话" if kind == "text" else "", kind=kind)
        if reply >= 0:
            heard = Heard(chat, heard.message_id, kind, heard.text, self.message_in(chat, reply))
        self.route(heard)

    @when(*TALKING, Stage.OFFERED)
    @rule(by_asker=st.booleans())
    def talk(self, by_asker: bool) -> None:
        """In every talk one side writes."""
        for found in self.all(*TALKING, Stage.OFFERED):
            writer = found.asker_id if by_asker else found.mentor_id
            if writer is not None:
                heard = self.office.heard(self.chat_of(writer), "一句话")
                self.carry(heard, found.id or 0, talking.relay, heard, found.id)

    @when(Parked)
    @rule(which=some, choice=some)
    def settle(self, which: int, choice: int) -> None:
        kept = self.office.session.exec(select(Parked).order_by(col(Parked.id).desc())).all()
        parked = kept[which % len(kept)]
        person = self.person_in(parked.chat_id)
        open_ = talking.open_consultations(self.office.session, person)
        if open_:
            number = open_[choice % len(open_)].id or 0
            heard = Heard(parked.chat_id, parked.message_id, parked.kind)
            self.carry(heard, number, talking.settle, parked.chat_id, parked.id, number)

    @when(Message)
    @rule(which=some)
    def change_what_was_written(self, which: int) -> None:
        if one := self.written_one(which):
            heard = Heard(one.chat_id, one.message_id, one.kind, f"{one.text}，改")
            self.act(correcting.correct, heard)

    @when(Message)
    @rule(which=some)
    def take_back(self, which: int) -> None:
        if one := self.written_one(which):
            source, number = (one.chat_id, one.message_id), one.consultation_id
            if not self.act(removing.remove, *source):
                self.written[source] = number, Fate.REMOVED

    @when(*TALKING)
    @rule(
        which=some,
        by_admin=st.booleans(),
        to=st.sampled_from(OTHERS),
        then=st.sampled_from(COURSES),
    )
    def propose_another(self, which: int, by_admin: bool, to: int, then: tuple[str, ...]) -> None:
        """By its mentor or an admin; now and then it is decided on at once."""
        found = self.one(which, *TALKING)
        if found is None or found.mentor_id is None:
            return
        chat = ADMIN if by_admin else self.chat_of(found.mentor_id)
        if by_admin:
            self.act(giving_up.begin_by_admin, chat, found.id, "他更懂")
        self.act(giving_up.choose, chat, found.id, self.person_in(to), DAY)
        for how in then:
            self.decide_transfer(-1, how)

    @when(*UNDER_WAY)
    @rule(which=some, how=st.sampled_from(["agree", "refuse", "take", "decline", "call_off"]))
    def decide_transfer(self, which: int, how: str) -> None:
        going = (
            select(Transfer).where(col(Transfer.state).in_(UNDER_WAY)).order_by(col(Transfer.id))
        )
        rows = self.office.session.exec(going).all()
        if not rows:
            return
        row = rows[which % len(rows)]
        asker = self.chat_of(self.office.consultation(row.consultation_id).asker_id)
        new, old = self.chat_of(row.to_id), self.chat_of(row.from_id)
        if how in ("agree", "refuse"):
            self.act(transferring.answer, asker, row.id, int(how == "agree"), DAY)
        elif how == "take":
            self.act(transferring.take, new, row.id)
            if row.state is TransferState.OFFERED:
                self.act(transferring.pledge_take, new, row.id, undertaking.VERSION)
        else:
            chat, use_case = (
                (new, transferring.decline)
                if how == "decline"
                else (
                    old,
                    transferring.call_off,
                )
            )
            self.act(use_case, chat, row.id)

    @when(*TALKING)
    @rule(which=some)
    def leave_a_note(self, which: int) -> None:
        found = self.one(which, *TALKING)
        if found is not None and found.mentor_id is not None:
            chat = self.chat_of(found.mentor_id)
            self.act(noting.leave, self.office.heard(chat, f" #{found.id} {NOTE}"))

    @when(Stage.ACTIVE)
    @rule(which=some)
    def say_answered(self, which: int) -> None:
        found = self.one(which, Stage.ACTIVE)
        if found is not None and found.mentor_id is not None:
            self.act(closing.say_answered, self.chat_of(found.mentor_id), found.id)

    @when(*TALKING)
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

    @when(*CLOSED)
    @rule(which=some, on=st.sampled_from([True, False, False]))
    def take_up_again(self, which: int, on: bool) -> None:
        """And often its mentor does not go on with it."""
        found = self.one(which, *CLOSED)
        if found is None:
            return
        mentor = found.mentor_id
        reopened = not self.act(reopening.reopen, self.chat_of(found.asker_id), found.id, DAY)
        if reopened and not on and mentor is not None:
            self.act(reopening.hand_over, self.chat_of(mentor), found.id, DAY)

    @rule(days=st.sampled_from([4, 8]))
    def fall_silent(self, days: int) -> None:
        self.now += timedelta(days=days)
        self.act(silence.end_silences, PATIENCE)
        self.act(transferring.end_due)

    def written_one(self, which: int) -> Message | None:
        known = self.office.session.exec(select(Message).order_by(col(Message.id).desc())).all()
        return known[which % len(known)] if known else None
