"""Lanes take turns, keep their order, and memory stays bounded."""

import asyncio
from collections import defaultdict, deque

from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.inbox import Received
from bot.delivery.turns import Turns


def update(number: int, lane: int) -> Received:
    return Received(number, lane, {})


class Inbox:
    """What the database holds, as the turns see it: lane -> updates not done, in order."""

    def __init__(self) -> None:
        self.waiting: defaultdict[int, deque[Received]] = defaultdict(deque)

    def first(self, lane: int, most: int) -> list[Received]:
        return list(self.waiting[lane])[:most]


async def take_turn(turns: Turns, inbox: Inbox) -> Received | None:
    lane = await turns.next()
    assert lane is not None
    taken = turns.take(lane)
    if taken is None:
        asked = turns.begin_loading(lane)
        turns.loaded(lane, inbox.first(lane, asked), asked)
        taken = turns.take(lane)
    if taken is not None:
        assert inbox.waiting[lane].popleft() == taken
    turns.done(lane)
    return taken


@given(
    arrivals=st.lists(st.lists(st.integers(1, 4), max_size=12), max_size=12),
    turns_between=st.lists(st.integers(0, 6), max_size=12),
    held_in_lane=st.integers(1, 4),
    held=st.integers(1, 8),
)
def test_every_update_gets_its_turn_in_its_lanes_order(
    arrivals: list[list[int]], turns_between: list[int], held_in_lane: int, held: int
) -> None:
    async def play() -> None:
        turns, inbox, number = Turns(held_in_lane, held), Inbox(), 0
        seen: list[Received] = []
        for batch, pause in zip(arrivals, turns_between + [0] * len(arrivals), strict=False):
            offered = [update(number + place, lane) for place, lane in enumerate(batch)]
            number += len(batch)
            for one in offered:
                inbox.waiting[one.lane].append(one)
            turns.offer(offered)
            # One turn more than `held` may be loaded for a lane that would else stand still.
            assert turns.held <= held
            for _ in range(pause):
                if any(inbox.waiting.values()):
                    seen += filter(None, [await take_turn(turns, inbox)])
        while any(inbox.waiting.values()):
            seen += filter(None, [await take_turn(turns, inbox)])
        assert len(seen) == number
        for lane in inbox.waiting:
            numbers = [one.update_id for one in seen if one.lane == lane]
            assert numbers == sorted(numbers)

    asyncio.run(play())


async def test_a_busy_lane_waits_for_the_others_between_its_updates() -> None:
    turns, inbox = Turns(), Inbox()
    offered = [update(number, 1) for number in range(5)] + [update(9, 2)]
    for one in offered:
        inbox.waiting[one.lane].append(one)
    turns.offer(offered)
    taken = [await take_turn(turns, inbox) for _ in range(3)]
    assert [one.update_id for one in taken if one] == [0, 9, 1]


async def test_what_is_offered_while_a_lane_is_loaded_comes_after_what_is_loaded() -> None:
    turns = Turns(held_in_lane=2)
    turns.fall_behind(1)
    lane = await turns.next()
    assert lane == 1
    assert turns.take(lane) is None
    asked = turns.begin_loading(lane)
    turns.offer([update(7, 1)])
    turns.loaded(lane, [update(1, 1), update(2, 1)], asked)
    first = turns.take(lane)
    assert first is not None
    assert first.update_id == 1
    turns.done(lane)
    assert await turns.next() == 1


async def test_at_the_end_everybody_who_waits_is_sent_home() -> None:
    turns = Turns()
    turns.offer([update(1, 1)])
    turns.end(2)
    assert [await turns.next(), await turns.next()] == [None, None]


async def test_a_lane_that_rests_is_not_in_line_until_it_wakes_and_keeps_its_order() -> None:
    turns, inbox = Turns(), Inbox()
    offered = [update(number, lane=1) for number in range(3)]
    inbox.waiting[1].extend(offered)
    turns.offer(offered)
    assert await turns.next() == 1
    assert turns.take(1) == offered[0]
    turns.rest(1)
    turns.done(1)
    late = update(3, lane=1)
    inbox.waiting[1].append(late)
    turns.offer([late])
    turns.fall_behind(1)
    other = update(9, lane=2)
    inbox.waiting[2].append(other)
    turns.offer([other])
    assert turns.held == 1
    assert await take_turn(turns, inbox) == other
    turns.wake(1)
    assert [await take_turn(turns, inbox) for _ in range(4)] == [*offered, late]
    assert turns.held == 0
