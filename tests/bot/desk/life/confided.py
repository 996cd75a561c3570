"""Rules and invariants of what is asked in confidence, and of admins who look at it."""

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule
from sqlmodel import select

from bot.desk import accepting, auditing, breaking_glass, confiding, undertaking
from bot.desk.tables import TALKING, Agreement, Audit, Consultation, Level, Look, LookState, Stage
from bot.desk.veiling import key_of, sentences
from tests.bot.desk.conftest import ADMIN
from tests.bot.desk.life.cast import ADMINS, CHATS, OTHERS, some
from tests.bot.desk.life.world import World, when

# What every question of this life says somewhere, and no evidence does.
TELLING = ("气孔", "改过", "再改")


class Confided(World):
    @when(Stage.DRAFT)
    @rule(which=some, all_of_it=st.booleans())
    def redact(self, which: int, all_of_it: bool) -> None:
        draft = self.one(which, Stage.DRAFT)
        if draft is None:
            return
        chat = self.chat_of(draft.asker_id)
        if all_of_it:
            self.act(confiding.redact_all, chat, draft.id)
        else:
            self.act(confiding.show_sharing, chat, draft.id)

    @when(Stage.DRAFT)
    @rule(which=some, line=some)
    def share_and_hide_again(self, which: int, line: int) -> None:
        draft = self.one(which, Stage.DRAFT)
        lines = sentences(draft.forwarded) if draft is not None else []
        if draft is not None and lines:
            key, chat = key_of(lines[line % len(lines)]), self.chat_of(draft.asker_id)
            for _ in range(2):
                self.act(confiding.share, chat, draft.id, key)

    @rule(chat=st.sampled_from(OTHERS), which=some, version=st.integers(0, 2))
    def undertake(self, chat: int, which: int, version: int) -> None:
        """Any offer still in the chat, agreed to in words of now, of before or of the future."""
        self.act(accepting.undertake, chat, self.offer_shown(chat, which), version)

    @when(Stage.OFFERED, *TALKING)
    @rule(
        chat=st.sampled_from([ADMIN, ADMIN, *CHATS]),
        which=some,
        then=st.sampled_from(["look", "leave", ""]),
    )
    def look(self, chat: int, which: int, then: str) -> None:
        found = self.one(which, Stage.OFFERED, *TALKING)
        if found is None:
            return
        refused = self.act(breaking_glass.ask, chat, f"{found.id} 提问者投诉答复态度不好")
        assert refused or chat in ADMINS
        if not refused and then:
            asked = self.office.last(chat, "look_ask")["look"]
            self.act(breaking_glass.look if then == "look" else breaking_glass.leave, chat, asked)

    @rule()
    def looks_end(self) -> None:
        self.now += breaking_glass.LOOK_FOR
        self.act(breaking_glass.end_due)

    @invariant()
    def a_veiled_question_is_read_by_nobody_but_its_asker_and_who_had_it(self) -> None:
        veiled = [one for one in self.all(Stage.DRAFT, Stage.OFFERED) if one.masked]
        for found in veiled:
            may_read = {found.asker_id, *self.taken_by(found.id or 0)}
            for owed in self.deliveries():
                if owed.thread == found.id and self.person_in(owed.chat_id) not in may_read:
                    assert not any(word in str(owed.values) for word in TELLING), owed

    @invariant()
    def who_has_a_confidential_question_has_agreed(self) -> None:
        session = self.office.session
        for found in session.exec(select(Consultation).where(Consultation.level == Level.NDA)):
            if found.mentor_id is not None:
                agreed = select(Agreement).where(Agreement.person_id == found.mentor_id)
                assert session.exec(agreed).one().version == undertaking.VERSION

    @invariant()
    def every_look_is_in_the_account_and_told_to_the_asker(self) -> None:
        session = self.office.session
        begun = session.exec(
            select(Look).where(Look.state.in_([LookState.OPEN, LookState.OVER]))  # type: ignore[attr-defined]
        ).all()
        assert len(session.exec(select(Audit.id).where(Audit.act == "look")).all()) == len(begun)
        assert auditing.broken_at(session) is None
        for look in begun:
            asker = self.chat_of(self.office.consultation(look.consultation_id).asker_id)
            told = [owed.values for owed in self.office.owed(asker) if owed.card == "looked"]
            assert look.consultation_id in [view["consultation"] for view in told]
