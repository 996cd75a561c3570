"""A storm of random updates over a desk where two people talk, and what must hold after it."""

import asyncio
import json
from dataclasses import dataclass, field
from random import Random

from sqlmodel import col, func, select

from bot.delivery.tables import Delivery, InboxUpdate
from bot.desk.tables import Chat, Consultation, Stage
from bot.simulator.people import SimulatedPerson
from tests.end_to_end.conftest import Desk, look
from tests.fuzzing.updates import Maker

# Words that stand in the one talk and nowhere else.
SECRETS = ("机密配方甲七", "机密图纸乙九")
# So many wait at once, so that an end is in sight when something goes wrong.
TOGETHER = 250
# Each is tried four times before it is set aside, one after the other where they have no chat.
BROKEN = 0.05
# A broken update holds up its person's others: so many people that the rest go on.
OUTSIDERS = 60


@dataclass
class Report:
    """`failed`: of the odd updates, those that could not be treated; `set_aside`: of the broken."""

    odd: int = 0
    broken: int = 0
    failed: list[str] = field(default_factory=list)
    set_aside: int = 0
    leaks: list[str] = field(default_factory=list)
    misdirected: int = 0
    deliveries: int = 0


async def storm(desk: Desk, updates: int, seed: int) -> Report:
    """`updates` of them from people who are no part of the talk, quoting what they can't know."""
    asker = desk.person("asker", "（")
    mentor = await desk.talk(asker)
    for speaker, reader, secret in zip((asker, mentor), (mentor, asker), SECRETS, strict=True):
        speaker.send_text(secret)
        await desk.see(reader, secret)
    before = len(asker.chat.messages)
    report = await _rage(desk, asker, mentor, updates, seed)
    assert desk.process is not None
    assert desk.process.returncode is None, "the desk has ended"
    _judge(desk, asker, mentor, report)
    assert len(asker.chat.messages) == before, [m.text for m in asker.chat.messages[before:]]
    asker.send_text("还在吗")
    await desk.see(mentor, "还在吗")
    return report


async def _rage(
    desk: Desk, asker: SimulatedPerson, mentor: SimulatedPerson, updates: int, seed: int
) -> Report:
    random, report = Random(seed), Report()
    talking = {asker.id, mentor.id}
    known = [
        person.id
        for person in desk.world.people.values()
        if person.role in ("asker", "mentor") and person.id not in talking
    ]
    strangers = [desk.world.add_person(f"外人{n}", started=True).id for n in range(OUTSIDERS)]
    maker = Maker(random, [*known, *strangers], sorted(talking))
    odd: dict[int, str] = {}
    for start in range(0, updates, TOGETHER):
        _look_around(desk, maker)
        for _ in range(min(TOGETHER, updates - start)):
            is_broken = random.random() < BROKEN
            kind, payload = maker.broken() if is_broken else maker.odd()
            put = desk.world.updates.put(kind, payload, random.choice(maker.people))
            assert put is not None
            report.broken += is_broken
            report.odd += not is_broken
            if not is_broken:
                odd[put.id] = json.dumps(payload)
        await _treated(desk)
    _count(desk, report, odd)
    return report


def _look_around(desk: Desk, maker: Maker) -> None:
    """The newest messages anywhere, and every button still shown: those of the two among them."""
    maker.messages, maker.data, maker.shown = [1], [], {}
    for person in desk.world.people.values():
        newest = person.chat.messages[-30:]
        maker.messages += [message.id for message in newest]
        buttons = [
            (message.id, button["callback_data"])
            for message in newest
            for button in message.inline_buttons
            if "callback_data" in button
        ]
        maker.data += [data for _, data in buttons]
        maker.shown[person.id] = buttons


async def _treated(desk: Desk) -> None:
    """Until every update is taken and done, or the process is gone."""
    assert desk.process is not None
    waiting = select(func.count()).where(col(InboxUpdate.done_at).is_(None))
    while desk.process.returncode is None:
        with look(desk) as session:
            if not len(desk.world.updates) and not session.exec(waiting).one():
                return
        await asyncio.sleep(0.1)


def _count(desk: Desk, report: Report, odd: dict[int, str]) -> None:
    with look(desk) as session:
        for aside in session.exec(select(InboxUpdate).where(InboxUpdate.quarantined)):
            if aside.update_id in odd:
                report.failed.append(f"{aside.error}: {odd[aside.update_id]}")
            else:
                report.set_aside += 1


def _judge(desk: Desk, asker: SimulatedPerson, mentor: SimulatedPerson, report: Report) -> None:
    for person in desk.world.people.values():
        if person not in (asker, mentor):
            report.leaks += [
                f"{person.first_name}: {secret}"
                for message in person.chat.messages
                for secret in SECRETS
                if message.from_bot and secret in str(message.content)
            ]
    with look(desk) as session:
        sides = {row.id: row for row in session.exec(select(Consultation))}
        people = {chat.chat_id: chat.person_id for chat in session.exec(select(Chat))}
        copies = select(Delivery).where(Delivery.method == "copyMessage")
        for owed in session.exec(copies):
            talk = sides[owed.thread or 0]
            both = {people.get(owed.source_chat or 0), people.get(owed.chat_id)}
            report.misdirected += both != {talk.asker_id, talk.mentor_id}
        report.deliveries = session.exec(select(func.count()).select_from(Delivery)).one()
        talk = next(row for row in sides.values() if row.asker_id == people[asker.id])
        assert talk.stage in (Stage.ACTIVE, Stage.ANSWERED)
        assert talk.mentor_id == people[mentor.id]
