"""Which delivery is next: each chat's in its order, people's messages first."""

from collections import defaultdict
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.limits import Limits, Rates
from bot.delivery.outgoing import Outgoing
from bot.delivery.owed import NAMES, Owed
from bot.delivery.tables import Priority
from tests.bot.delivery.conftest import Clock

LIFTED = Rates(1e6, 1e6, 1e6)


def owed(number: int, chat: int, priority: int = Priority.NOTICE, **given: Any) -> Owed:
    values: dict[str, Any] = dict.fromkeys(NAMES)
    return Owed(**values | {"id": number, "chat_id": chat, "priority": priority, **given})


def outgoing(rates: Rates = LIFTED, **options: int) -> Outgoing:
    return Outgoing(Limits(rates, 0.0), **options)


def ids(picked: list[Owed]) -> list[int]:
    return [one.id for one in picked]


def test_a_chat_has_one_under_way_at_a_time() -> None:
    queue = outgoing()
    queue.offer([owed(1, 7), owed(2, 7), owed(3, 8)])
    assert ids(queue.pick(0, 9)) == [1, 3]
    assert queue.pick(0, 9) == []
    queue.free(7)
    assert ids(queue.pick(0, 9)) == [2]


def test_peoples_messages_go_before_notices_and_notices_before_broadcasts() -> None:
    queue = outgoing()
    queue.offer(
        [
            owed(1, 1, Priority.BROADCAST),
            owed(2, 2, Priority.NOTICE),
            owed(3, 3, Priority.MESSAGE),
            owed(4, 1, Priority.MESSAGE),
        ]
    )
    assert ids(queue.pick(0, 2)) == [3, 4]
    queue.free(1)
    assert ids(queue.pick(0, 9)) == [2, 1]


def test_a_chat_told_to_slow_down_waits_alone() -> None:
    queue = outgoing()
    queue.offer([owed(1, 7), owed(2, 8)])
    first = queue.pick(0, 9)[0]
    queue.slow_down(first, 5, 0)
    queue.free(8)
    queue.offer([owed(3, 8), owed(4, 9)])
    assert ids(queue.pick(0, 9)) == [3, 4]
    assert queue.due(0) == 5
    assert ids(queue.pick(5, 9)) == [first.id]


def test_where_several_chats_are_slowed_at_once_everybody_waits() -> None:
    queue = outgoing()
    queue.offer([owed(number, number) for number in range(1, 5)])
    for one in queue.pick(0, 3):
        queue.slow_down(one, 5, 0.1)
    assert queue.pick(1, 9) == []
    assert queue.due(1) == 5.1
    assert len(queue.pick(6, 9)) == 4


def test_chats_slowed_long_after_one_another_say_nothing_about_the_others() -> None:
    queue = outgoing()
    queue.offer([owed(number, number) for number in range(1, 5)])
    for place, one in enumerate(queue.pick(0, 3)):
        queue.slow_down(one, 50, place * 2.0)
    assert ids(queue.pick(7, 9)) == [4]


def test_what_did_not_go_keeps_its_place_before_later_ones() -> None:
    queue = outgoing()
    queue.offer([owed(1, 7), owed(2, 7)])
    (first,) = queue.pick(0, 9)
    queue.back(first, 3.0)
    assert queue.pick(2, 9) == []
    assert ids(queue.pick(3, 9)) == [1]


def test_what_may_not_go_yet_is_waited_for(clock: Clock) -> None:
    queue, now = outgoing(), clock.now.timestamp()
    clock.advance(60)
    queue.offer([owed(1, 7, not_before=clock.now)])
    assert queue.pick(now, 9) == []
    assert queue.due(now) == now + 60
    assert ids(queue.pick(now + 60, 9)) == [1]


def test_a_chat_beyond_its_limit_waits_and_others_go() -> None:
    queue = outgoing(Rates(overall=1e6, chat_burst=1))
    queue.offer([owed(1, 7), owed(2, 7), owed(3, 8)])
    queue.pick(0, 9)
    queue.free(7)
    assert queue.pick(0.5, 9) == []
    assert queue.due(0.5) == pytest.approx(1)
    assert ids(queue.pick(1, 9)) == [2]


def test_beyond_the_limit_over_all_the_most_urgent_goes_first() -> None:
    queue = outgoing(Rates(overall=10))
    queue.offer([owed(number, number, Priority.BROADCAST) for number in range(1, 50)])
    assert len(queue.pick(0, 99)) == 1
    queue.offer([owed(99, 99, Priority.MESSAGE)])
    assert queue.due(0) == pytest.approx(0.1)
    assert ids(queue.pick(0.1, 99)) == [99]


def test_what_a_loaded_chat_is_told_of_late_goes_once_and_stops_nobody() -> None:
    queue = outgoing()
    queue.fall_behind([7])
    assert queue.hungry(9) == [7]
    twice = owed(1, 7, values={}, not_before=None)
    queue.loaded(7, [twice, owed(2, 7)], 16)
    queue.offer([owed(1, 7, values={}, not_before=None)])
    assert ids(queue.pick(0, 9)) == [1]
    queue.free(7)
    assert ids(queue.pick(0, 9)) == [2]
    queue.free(7)
    assert queue.pick(0, 9) == []
    assert queue.held == 0


def test_a_paused_queue_gives_nothing_until_then() -> None:
    queue = outgoing()
    queue.offer([owed(1, 7)])
    queue.pause(9)
    assert queue.pick(8, 9) == []
    assert queue.due(8) == 9
    assert ids(queue.pick(9, 9)) == [1]


def test_nothing_owed_is_due_never() -> None:
    queue = outgoing()
    assert queue.due(0) is None
    queue.offer([owed(1, 7)])
    queue.pick(0, 9)
    queue.free(7)
    assert queue.due(0) is None


def test_a_chat_whose_rows_changed_is_forgotten() -> None:
    queue = outgoing()
    queue.offer([owed(1, 7), owed(2, 7)])
    queue.pick(0, 9)
    queue.drop(7)
    assert queue.pick(0, 9) == []
    assert queue.held == 0


OFFERS = st.lists(st.tuples(st.integers(1, 3), st.sampled_from(list(Priority))), max_size=10)


@given(
    rounds=st.lists(st.tuples(OFFERS, st.integers(0, 4), st.booleans()), max_size=10),
    held_in_chat=st.integers(1, 4),
    held=st.integers(1, 8),
)
def test_each_pick_is_the_first_of_its_chat_and_all_are_picked_once(
    rounds: list[tuple[list[tuple[int, Priority]], int, bool]], held_in_chat: int, held: int
) -> None:
    """Against a model of the database: what waits in each chat, in its order."""
    queue = outgoing(held_in_chat=held_in_chat, held=held)
    waiting: defaultdict[int, list[Owed]] = defaultdict(list)
    busy: list[int] = []
    picked: list[int] = []
    number = 0

    def work(most: int) -> None:
        for chat in queue.hungry(9):
            found = sorted(waiting[chat], key=lambda one: one.key)[:held_in_chat]
            queue.loaded(chat, found, held_in_chat)
        for one in queue.pick(0, most):
            assert one.chat_id not in busy
            assert one.key == min(other.key for other in waiting[one.chat_id])
            waiting[one.chat_id].remove(one)
            busy.append(one.chat_id)
            picked.append(one.id)

    for offers, most, swept in rounds:
        offered = []
        for chat, priority in offers:
            number += 1
            offered.append(owed(number, chat, priority))
            waiting[chat].append(offered[-1])
        queue.offer(offered)
        if swept:
            queue.fall_behind(chat for chat, rows in waiting.items() if rows)
        work(most)
        for chat in busy[:2]:
            busy.remove(chat)
            queue.free(chat)
    while any(waiting.values()):
        for chat in busy:
            queue.free(chat)
        busy.clear()
        before = len(picked)
        work(9)
        work(9)
        assert len(picked) > before
    assert sorted(picked) == list(range(1, number + 1))
