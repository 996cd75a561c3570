"""Written, edited, taken back, refused, lost and sent again in any order: the copy comes out right.

The sender is the real ledger over a Telegram of a few lines.
"""

from dataclasses import dataclass, replace
from itertools import count
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlmodel import col, select

from bot.delivery import ledger
from bot.delivery.ledger import Claimed
from bot.delivery.tables import Delivery, DeliveryState
from bot.desk import correcting, failing, reacting, receipts, removing, talking
from bot.desk.errors import RefusedError
from bot.desk.reacting import Reacted
from bot.desk.views import Heard
from tests.bot.desk.conftest import ASKER, MENTORS, NOW, Office, opened
from tests.bot.desk.life import tables

MENTOR = MENTORS[0]
OTHER = {ASKER: MENTOR, MENTOR: ASKER}
FATES = ("taken", "refused", "lost", "unheard")
some = st.integers(0, 2)
# Few messages meet more of what can happen to one.
MOST = 2


@dataclass
class Written:
    """What a person wrote, as they have it. `doubtful`: a copy may stand of which nobody knows."""

    heard: Heard
    removed: bool = False
    doubtful: bool = False
    left: bool = False


class Talk:
    """One talk of two people, begun."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.number = self.office.talk()
        self.written: list[Written] = []
        self.standing: dict[tuple[int, int], str] = {}
        self.numbers = count(70_000)
        self.drain()
        self.write(by_asker=True)

    # What people do.

    def write(self, by_asker: bool) -> None:
        if len(self.written) == MOST:
            return
        heard = self.office.heard(ASKER if by_asker else MENTOR, f"第{len(self.written)}条")
        talking.relay(self.office.session, heard, self.number, now=NOW)
        self.written.append(Written(heard))

    def edit(self, which: int) -> None:
        one = self.pick(which)
        if one is None or one.removed:
            return
        one.heard = replace(one.heard, text=f"{one.heard.text}改")
        correcting.correct(self.office.session, one.heard, now=NOW)

    def edit_in_vain(self, which: int) -> None:
        """An edit that Telegram refuses, where its message was sent before."""
        self.drain()
        self.edit(which)
        self.send_one("refused")

    def take_back(self, which: int) -> None:
        one = self.pick(which)
        if one is None or one.removed:
            return
        removing.remove(self.office.session, *self.of(one), now=NOW)
        one.removed = True

    def react(self, which: int, emoji: str) -> None:
        if (one := self.pick(which)) is not None:
            reacting.react(self.office.session, Reacted(*self.of(one), emoji), now=NOW)

    def decide(self, which: int, again: bool) -> None:
        cards = [
            owed
            for chat in (ASKER, MENTOR)
            for owed in self.office.owed(chat)
            if owed.card in ("undelivered", "uncertain")
        ]
        if not cards:
            return
        card = cards[which % len(cards)]
        act = failing.retry if again else failing.leave
        try:
            act(self.office.session, card.chat_id, card.values["delivery"], now=NOW)
        except RefusedError:  # decided upon before, or taken back
            return
        self.at((card.reply_chat or 0, card.reply_message or 0)).left = not again

    def mark(self) -> None:
        marks = receipts.due(self.office.session, 20, NOW)
        receipts.shown(self.office.session, marks, now=NOW)

    def send_one(self, fate: str) -> None:
        for chat in (ASKER, MENTOR):
            self.step(chat, fate)

    def drain(self) -> None:
        for chat in (ASKER, MENTOR):
            while self.step(chat, "taken"):
                pass

    # What must hold.

    def nothing_was_sent_to_a_third(self) -> None:
        query = select(Delivery).where(col(Delivery.method) == "copyMessage")
        for owed in self.office.session.exec(query):
            assert owed.chat_id == OTHER[owed.source_chat or 0]

    def check(self) -> None:
        """Everything was sent: each copy says what its writer last said, or a card asks them."""
        for one in self.written:
            copy = self.copy_of(one)
            if one.removed:
                assert copy is None or one.doubtful, one
            elif not one.left and not self.asks(one):
                assert copy == one.heard.text, one

    def copy_of(self, one: Written) -> str | None:
        """What stands of it on the other side, the newest copy."""
        source, reader = self.of(one), OTHER[one.heard.chat_id]
        found = [
            text
            for (chat, _), text in sorted(self.standing.items())
            if chat == reader and text.startswith(f"{source}:")
        ]
        return found[-1].removeprefix(f"{source}:") if found else None

    def asks(self, one: Written) -> bool:
        """Whether a card of it still waits for an answer."""
        for owed in self.office.session.exec(select(Delivery)):
            undecided = owed.state in (DeliveryState.FAILED, DeliveryState.UNCERTAIN)
            if undecided and (owed.source_chat, owed.source_message) == self.of(one):
                return True
        return False

    # How Telegram and the sender go on.

    def step(self, chat: int, fate: str) -> bool:
        """Send the chat's next; False where there is none."""
        session = self.office.session
        session.flush()
        session.expire_all()
        owed = ledger.load(session, [chat], 1)[chat]
        if not owed:
            return False
        for claimed in ledger.claim(session, owed, NOW).claimed:
            self.call(claimed, fate)
        session.expire_all()
        return True

    def call(self, claimed: Claimed, fate: str) -> None:
        owed, session = claimed.owed, self.office.session
        if owed.card or owed.method == "setMessageReaction":
            ledger.record_sent(session, [(owed, next(self.numbers))], NOW)
        elif owed.method != "copyMessage":
            self.change(claimed, fate)
        elif fate == "refused":
            self.end(claimed, "Bad Request: something")
        else:
            self.copy(claimed, fate)

    def copy(self, claimed: Claimed, fate: str) -> None:
        owed, made = claimed.owed, next(self.numbers)
        source = (owed.source_chat or 0, owed.source_message or 0)
        if fate != "unheard":
            self.standing[owed.chat_id, made] = f"{source}:{self.at(source).heard.text}"
        if fate == "taken":
            ledger.record_sent(self.office.session, [(owed, made)], NOW)
            return
        self.at(source).doubtful = True
        delivery = ledger.end(self.office.session, owed, DeliveryState.UNCERTAIN, "no_answer")
        failing.uncertain(self.office.session, delivery, "no_answer", now=NOW)

    def change(self, claimed: Claimed, fate: str) -> None:
        """What changes a message is made again where no answer came, so that it is made once."""
        owed, where = claimed.owed, (claimed.owed.chat_id, claimed.reply_to or 0)
        source = (owed.reply_chat or 0, owed.reply_message or 0)
        if claimed.reply_to is not None and fate == "refused" and owed.method != "deleteMessage":
            self.end(claimed, "Bad Request: message can't be edited")
            return
        if claimed.reply_to is not None and owed.method == "deleteMessage":
            self.standing.pop(where, None)
        elif where in self.standing:
            self.standing[where] = f"{source}:{owed.values['text']}"
        ledger.record_sent(self.office.session, [(owed, claimed.reply_to)], NOW)

    def end(self, claimed: Claimed, reason: str) -> None:
        session = self.office.session
        delivery = ledger.end(session, claimed.owed, DeliveryState.FAILED, reason)
        failing.failed(session, delivery, reason, now=NOW)

    def pick(self, which: int) -> Written | None:
        return self.written[which % len(self.written)] if self.written else None

    def at(self, source: tuple[int, int]) -> Written:
        return next(one for one in self.written if self.of(one) == source)

    def of(self, one: Written) -> tuple[int, int]:
        return one.heard.chat_id, one.heard.message_id


acts = st.one_of(
    st.tuples(st.just("write"), st.booleans()),
    st.tuples(st.just("edit"), some),
    st.tuples(st.just("edit_in_vain"), some),
    st.tuples(st.just("take_back"), some),
    st.tuples(st.just("react"), some, st.sampled_from(["👍", "🔥", ""])),
    st.tuples(st.just("decide"), some, st.booleans()),
    st.tuples(st.just("mark")),
    st.tuples(st.just("send_one"), st.sampled_from(FATES)),
    st.tuples(st.just("drain")),
)


# Not shrunk: each try is a talk of its own, and what was done is printed as it is.
@settings(max_examples=60, deadline=None, derandomize=True, phases=[Phase.generate])
@given(st.lists(acts, min_size=12, max_size=30))
def test_in_any_order_a_copy_says_what_was_last_said_or_its_writer_is_asked(
    done: list[tuple[Any, ...]],
) -> None:
    with opened(tables()) as office:
        talk = Talk(office)
        for name, *given_to_it in done:
            getattr(talk, name)(*given_to_it)
        talk.drain()
        talk.check()
        talk.nothing_was_sent_to_a_third()
