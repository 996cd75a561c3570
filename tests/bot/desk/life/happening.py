"""Rules of what befalls people, and of time."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st
from hypothesis.stateful import rule
from sqlmodel import col, select

from bot.desk import banning, offering, reminding, resting, transferring, undelivered
from bot.desk.banning import ban_of
from bot.desk.tables import Ban, ChatState
from tests.bot.desk.conftest import ADMIN, DAY, MENTORS
from tests.bot.desk.life.cast import CHATS
from tests.bot.desk.life.world import World

ZONE = ZoneInfo("Asia/Shanghai")
chats, mentors = st.sampled_from(CHATS), st.sampled_from(MENTORS)


class Happening(World):
    @rule(chat=chats)
    def block_or_unblock(self, chat: int) -> None:
        if self.office.chat(chat).state is ChatState.ACTIVE:
            self.act(undelivered.chat_lost, chat, "blocked", DAY)
        else:
            self.act(undelivered.chat_back, chat)

    @rule(chat=mentors, how=st.sampled_from(["away", "away", "back", "few", "many"]))
    def rest(self, chat: int, how: str) -> None:
        if how == "away":
            self.act(resting.leave_for, chat, 2, ZONE, DAY)
        elif how == "back":
            self.act(resting.come_back, chat, zone=ZONE)
        else:
            self.act(resting.limit, chat, "1" if how == "few" else "0", ZONE)

    @rule(chat=st.sampled_from([chat for chat in CHATS if chat != ADMIN]), seldom=st.integers(0, 3))
    def ban_for_a_while(self, chat: int, seldom: int) -> None:
        person = self.person_in(chat)
        if seldom == 1:
            banned = self.office.session.exec(select(Ban).where(col(Ban.lifted_at).is_(None)))
            person = next((one.person_id for one in banned), person)
        elif seldom:
            return
        if ban_of(self.office.session, person) is not None:
            self.act(banning.lift, ADMIN, person)
        elif not self.act(banning.ask_reason, ADMIN, person, 0):
            self.act(banning.ban, ADMIN, "谩骂他人", DAY)

    @rule(hours=st.sampled_from([1, 13, 25, 80]))
    def wait(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        self.act(reminding.remind_due)
        self.act(offering.expire_due, DAY)
        self.act(transferring.end_due)
        for number in self.offered():
            assert self.is_held_or_nobody_is_there(number)
        again = len(self.deliveries())
        self.act(offering.expire_due, DAY)
        self.act(reminding.remind_due)
        assert len(self.deliveries()) == again

    @rule()
    def deliver(self) -> None:
        self.office.deliver()
