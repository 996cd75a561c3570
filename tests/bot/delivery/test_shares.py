"""What a worker owns, what of it is under way, and whom it tells of the rest."""

import asyncio
from collections.abc import Collection

from bot.delivery.limits import Limits, Rates
from bot.delivery.outgoing import Outgoing
from bot.delivery.shares import ALL, LEADING, Box, Shares, share_of
from bot.delivery.tables import Priority
from bot.delivery.turns import Turns
from tests.bot.delivery.test_outgoing import LIFTED, ids, owed

MINE, THEIRS = 64 + 5, 64 + 6


def half() -> Shares:
    return Shares({5}, alone=False)


def test_alone_everything_is_owned_and_nobody_is_told() -> None:
    shares = Shares()
    assert shares.owns(MINE)
    assert shares.owns(-THEIRS)
    assert shares.part([MINE, THEIRS], Box.INBOX) == [MINE, THEIRS]
    assert shares.leads
    assert shares.part_of_all == 1.0


def test_the_owners_of_other_chats_are_told_of_theirs() -> None:
    shares = half()
    rung: list[tuple[Box, Collection[int]]] = []
    shares.ring = lambda box, chats: rung.append((box, chats))
    assert shares.part([MINE, THEIRS], Box.MESSAGES) == [MINE]
    assert rung == [(Box.MESSAGES, [THEIRS])]


def test_every_chat_has_a_share() -> None:
    assert {share_of(chat) for chat in range(-1000, 1000)} == ALL


async def test_a_share_is_settled_when_all_of_it_has_ended() -> None:
    shares = half()
    shares.begin(MINE)
    shares.begin(MINE + 64)
    shares.begin(THEIRS)
    waiting = asyncio.create_task(shares.settled({5}))
    for chat in (MINE, THEIRS):
        shares.end(chat)
        await asyncio.sleep(0)
        assert not waiting.done()
    shares.end(MINE + 64)
    await waiting


async def test_whoever_gets_the_leading_share_leads() -> None:
    shares = half()
    led = asyncio.create_task(shares.leading())
    await asyncio.sleep(0)
    assert not led.done()
    shares.take({LEADING})
    await led
    assert shares.leads
    shares.leave({LEADING})
    assert not shares.leads


async def test_in_doubt_of_its_lease_a_worker_waits_until_that_is_renewed() -> None:
    seconds = [0.0]
    shares = Shares({5}, alone=False, clock=lambda: seconds[0])
    shares.renew(10.0)
    await shares.sure()
    seconds[0] = 10.0
    sure = asyncio.create_task(shares.sure())
    await asyncio.sleep(0)
    assert not sure.done()
    shares.renew(10.0)  # no later than before: nothing is surer
    await asyncio.sleep(0)
    assert not sure.done()
    shares.renew(20.0)
    await sure


def test_a_limit_over_all_is_parted_and_made_whole_again() -> None:
    limits = Limits(Rates(overall=30.0), 0.0)

    def a_second(begin: float) -> int:
        sent = 0
        for step in range(1000):
            if limits.wait_overall(begin + step / 1000) == 0:
                limits.take(7, begin + step / 1000)
                sent += 1
        return sent

    limits.part(0.5, 0.0)
    assert 15 <= a_second(10.0) <= 17
    limits.part(1.0, 20.0)
    assert 30 <= a_second(30.0) <= 33


def test_what_is_more_urgent_than_what_is_held_is_looked_for_first() -> None:
    queue = Outgoing(Limits(LIFTED, 0.0))
    queue.offer([owed(1, 7), owed(2, 7)])
    queue.look_again(7, Priority.NOTICE)
    assert queue.hungry(9) == []
    queue.look_again(7, Priority.MESSAGE)
    assert queue.held == 0
    assert queue.hungry(9) == [7]
    queue.loaded(7, [owed(3, 7, Priority.MESSAGE), owed(1, 7), owed(2, 7)], 16)
    assert ids(queue.pick(0, 9)) == [3]


def test_what_is_held_for_chats_of_others_is_forgotten_in_peace() -> None:
    queue = Outgoing(Limits(LIFTED, 0.0))
    queue.offer([owed(1, 7), owed(2, 7), owed(3, 8), owed(4, 9)])
    queue.fall_behind([10])
    assert ids(queue.pick(0, 2)) == [1, 3]
    queue.back(owed(3, 8), until=5.0)
    queue.leave(lambda chat: chat != 9)
    assert ids(queue.pick(0, 9)) == [4]
    assert queue.hungry(9) == []
    queue.free(7)
    assert queue.pick(6.0, 9) == []
    assert queue.held == 0


async def test_a_lane_that_is_dropped_is_out_of_line_after_its_turn() -> None:
    turns = Turns()
    turns.fall_behind(7)
    assert turns.lanes == [7]
    turns.drop(7)
    turns.done(await turns.next() or 0)
    assert turns.lanes == []
