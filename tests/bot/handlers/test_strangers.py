"""Every button there is, with the numbers of what is others': it opens and changes nothing.

The signature of a button keeps others from pressing it; this holds where it does not.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace

import pytest
from sqlmodel import col, select

from bot.cards.buttons import ForgedButtonError, Press
from bot.delivery.tables import Delivery
from bot.desk import closing, detailing, giving_up, noting, reopening, talking
from bot.desk.errors import RefusedError, WrongStageError
from bot.desk.tables import Ban, Consultation, Invite, Message, Offer, Reload, Transfer
from bot.desk.views import Found
from bot.handlers.calling import Action
from bot.handlers.pressing import ACTIONS
from knowledge.tables import Appointment, Role
from tests.bot.desk.conftest import ASKER, DAY, MENTORS, NOW, Office, empty_tables, opened
from tests.bot.handlers.conftest import parts_with
from tests.bot.handlers.test_pressing import OneSession

SECRET, NOTE, QUESTION = "机密配方甲七", "内部备注乙九", "某某产线的机密提问"
STRANGER, OTHER_MENTOR = 900, MENTORS[2]
TELLING = (SECRET, NOTE, QUESTION, "王老板", "宏达")
NUMBERS = range(1, 7)
WORDS = ("1", "yes")


async def nothing_found(*_: object) -> Sequence[Found]:
    return []


async def unlike(*_: object) -> float:
    return -1.0


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    """A talk, a question on offer, a closed one taken up again, a transfer, a detail, a note."""
    engine = empty_tables()
    with opened(engine) as made:
        made.join(STRANGER, "外人", "asker")
        first, offered, closed = made.talk(), made.ask(text=QUESTION), made.talk(mentor=1)
        talking.relay(made.session, made.heard(ASKER, SECRET), first, now=NOW)
        noting.leave(made.session, made.heard(MENTORS[0], f" #{first} {NOTE}"), now=NOW)
        made.send(offered, mentor=1)
        offer = made.offer(offered).id or 0
        detailing.ask(made.session, MENTORS[1], offer, now=NOW)
        detailing.put(made.session, MENTORS[1], "什么合金？", DAY, now=NOW)
        to = made.people[MENTORS[1]]
        giving_up.choose(made.session, MENTORS[0], first, to, DAY, now=NOW)
        closing.settle(made.session, ASKER, closed, True, now=NOW)
        reopening.reopen(made.session, ASKER, closed, DAY, now=NOW)
        made.deliver()
        yield made
    engine.dispose()


def standing(office: Office) -> list[object]:
    """All of the others' doing that a press could have changed."""
    session = office.session
    session.flush()
    session.expire_all()
    return [
        [
            (one.stage, one.mentor_id, one.forwarded, one.level, one.asker_id)
            for one in session.exec(select(Consultation).order_by(col(Consultation.id)))
            if one.asker_id == office.people[ASKER]
        ],
        [(one.state, one.person_id) for one in session.exec(select(Offer).order_by(col(Offer.id)))],
        [one.state for one in session.exec(select(Transfer).order_by(col(Transfer.id)))],
        [(one.text, one.removed_at) for one in session.exec(select(Message))],
        # What admins alone may do.
        [len(session.exec(select(table)).all()) for table in (Invite, Ban, Role, Appointment)],
        [one.state for one in session.exec(select(Reload))],
    ]


@pytest.mark.parametrize("chat", [STRANGER, OTHER_MENTOR])
async def test_no_button_opens_or_changes_what_is_others(office: Office, chat: int) -> None:
    parts = parts_with(OneSession(office), nothing_found, unlike)
    before, pressed = standing(office), 0
    for name, action in ACTIONS.items():
        for number in NUMBERS:
            for word in WORDS:
                args = (str(number), word, str(number), word)
                pressed += await press(office, action, replace(Press(name, args)), parts, chat)
                assert standing(office) == before, (name, args)
    assert pressed > 50  # what is nobody else's: their language, their profile


async def press(office: Office, action: Action, made: Press, parts: object, chat: int) -> bool:
    """Whether anything was done; whatever it was is undone, once it was looked at."""
    session = office.session
    session.flush()
    last = max(session.exec(select(Delivery.id)).all(), default=0) or 0
    done = False
    with session.begin_nested() as savepoint:
        with suppress(RefusedError, WrongStageError, ForgedButtonError):
            await action(parts, chat, made)  # type: ignore[arg-type]
            done = True
        session.flush()
        owed = session.exec(select(Delivery).where(col(Delivery.id) > last)).all()
        told = [one for one in owed if one.chat_id == chat]
        assert not any(word in str(one.values) for one in told for word in TELLING), made
        changed = standing(office)
        savepoint.rollback()
    assert changed == standing(office), made
    return done
