"""Whatever askers, mentors, admins and time do, in any order: nothing is lost, nothing mixed."""

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, run_state_machine_as_test

from bot.desk.tables import Level, OfferedAs, OfferState, Stage
from tests.bot.desk.life.asked import Asked
from tests.bot.desk.life.cast import ASKERS, BOTH, SECOND_ADMIN, SECOND_ASKER
from tests.bot.desk.life.confided import Confided
from tests.bot.desk.life.happening import Happening
from tests.bot.desk.life.holding_always import HoldingAlways
from tests.bot.desk.life.on_offer import OnOffer
from tests.bot.desk.life.talked import Talked

# Explaining a failure runs it again and again, line by line; it is not worth the minutes.
PHASES = (Phase.generate, Phase.shrink)
# What must have been done at least once, or the machine has become shallow. What is rare in it is
# left out: parked messages settled, transfers called off, mentors who do not go on.
ACTS = {
    *("asking.ask", "choosing.choose", "choosing.rewrite", "confiding.choose_level"),
    *("confiding.share", "breaking_glass.look", "breaking_glass.end_due"),
    *("offering.confirm", "offering.withdraw", "offering.expire_due", "reminding.remind_due"),
    *("accepting.accept", "accepting.decline", "accepting.undertake", "escalating.escalate"),
    *("detailing.put", "specifying.send", "specifying.refuse", "using.use", "using.settle"),
    *("talking.relay", "talking.park", "correcting.correct", "removing.remove"),
    *("giving_up.choose", "transferring.answer", "transferring.take", "transferring.decline"),
    *("noting.leave", "closing.settle"),
    *("closing.say_answered", "closing.rate", "reopening.reopen"),
    *("silence.end_silences", "undelivered.chat_lost", "undelivered.chat_back"),
    *("resting.leave_for", "resting.come_back", "resting.limit", "banning.ban", "banning.lift"),
}
STATES = {
    *(f"stage {stage.value}" for stage in Stage),
    *(f"offer {state.value}" for state in OfferState),
    *(f"offered as {offered.value}" for offered in OfferedAs),
}


class Life(Asked, Confided, OnOffer, Talked, Happening, HoldingAlways):
    """The rules are what may happen, the invariants what must always hold.

    `appointed`, `dispatched`: whether the enterprise has a mentor and a liaison of its own. `line`:
    what its askers choose from the first shortlist, 4 for nobody of it.
    """

    appointed = dispatched = False
    level, line = Level.PUBLIC, 1

    @initialize(talks=st.integers(0, 2))
    def open(self, talks: int) -> None:
        office = self.office
        home = office.enterprise_named("恒泰", industry="I", region="江苏")
        office.join(SECOND_ASKER, "李老板", "asker", home)
        office.join(SECOND_ADMIN, "管理员二", "admin")
        office.give_role(BOTH, "asker")
        office.entry("answer-1", "answer", office.people[BOTH], summary_zh="先抽真空")
        if self.appointed:
            office.appoint(1)
        if self.dispatched:
            office.dispatch()
        for asker in ASKERS:
            self.ask(asker, 3)
            self.choose(-1, self.line)
            self.confide(-1, self.level)
            self.send(asker, -1, twice=False)
        for _ in range(talks):
            self.somebody_accepts(-1)


class AtHome(Life):
    """With a mentor and a liaison of their own."""

    appointed = dispatched = True


class WithLiaison(Life):
    dispatched = True
    level, line = Level.MATCH_ONLY, 4


class InConfidence(Life):
    appointed = True
    level = Level.NDA


WORLDS = (Life, AtHome, WithLiaison, InConfidence)


# A minute on a quiet machine.
@pytest.mark.timeout(600)
def test_in_any_order_nothing_is_lost_nothing_is_mixed_and_every_act_was_tried() -> None:
    Life.done.clear()
    how = settings(
        max_examples=14,
        stateful_step_count=40,
        deadline=None,
        derandomize=True,
        phases=PHASES,
    )
    for world in WORLDS:
        run_state_machine_as_test(world, settings=how)
    assert Life.done.keys() >= ACTS | STATES, (ACTS | STATES) - Life.done.keys()
