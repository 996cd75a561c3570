"""Nobody is sent more than Telegram takes."""

from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.limits import Limits, Rates

CHAT, OTHER, GROUP = 1, 2, -1


def send(limits: Limits, chat: int, now: float) -> float:
    """Send as soon as the limits allow; when that was."""
    now += max(limits.wait(chat, now), limits.wait_overall(now))
    # The wait for one may have let the other's time pass; it is never longer than that.
    assert limits.wait(chat, now) == 0
    assert limits.wait_overall(now) == 0
    limits.take(chat, now)
    return now


def times(rates: Rates, chats: list[int]) -> list[float]:
    limits, now, sent = Limits(rates, 0.0), 0.0, []
    for chat in chats:
        now = send(limits, chat, now)
        sent.append(now)
    return sent


def test_a_chat_takes_a_small_burst_and_then_one_a_second() -> None:
    sent = times(Rates(chat_burst=3), [CHAT] * 6)
    assert [round(at, 6) for at in sent] == [0, 0, 0, 1, 2, 3]


def test_a_chat_that_waits_keeps_no_other_waiting() -> None:
    limits = Limits(Rates(), 0.0)
    for _ in range(3):
        send(limits, CHAT, 0.0)
    assert limits.wait(CHAT, 0.0) == 1.0
    assert limits.wait(OTHER, 0.0) == 0.0


def test_a_group_takes_twenty_in_a_minute_beyond_its_burst() -> None:
    sent = times(Rates(chat_burst=2), [GROUP] * 42)
    assert round(sent[1], 6) == 0
    assert round(sent[2], 6) == 3
    assert round(sent[41], 6) == 120


def test_all_chats_together_take_thirty_a_second() -> None:
    sent = times(Rates(), list(range(1, 200)))
    assert max(sum(begin <= at < begin + 1 for at in sent) for begin in sent) <= 33


def test_lifted_limits_do_not_limit() -> None:
    assert max(times(Rates(1e6, 1e6, 1e9), [CHAT] * 500 + [GROUP] * 500)) < 0.01


def test_a_clock_set_back_stops_nobody_for_longer() -> None:
    limits = Limits(Rates(chat_burst=1), 1000.0)
    send(limits, CHAT, 1000.0)
    assert limits.wait(CHAT, 900.0) == 1.0
    assert limits.wait(CHAT, 901.0) == 0.0


def test_chats_that_were_quiet_are_forgotten() -> None:
    limits = Limits(Rates(), 0.0)
    for chat in range(1, 100):
        limits.take(chat, 0.0)
    limits.forget_idle(0.5)
    assert len(limits._chats) == 99
    limits.forget_idle(5.0)
    assert len(limits._chats) == 0


@given(
    gaps=st.lists(st.floats(0, 5), min_size=1, max_size=60),
    rate=st.floats(0.2, 50),
    burst=st.floats(1, 10),
)
def test_in_no_stretch_of_time_more_passes_than_the_burst_and_the_rate_allow(
    gaps: list[float], rate: float, burst: float
) -> None:
    limits = Limits(Rates(overall=1e6, chat=rate, chat_burst=burst), 0.0)
    now, sent = 0.0, []
    for gap in gaps:
        now = send(limits, CHAT, now + gap)
        sent.append(now)
    allowed = max(burst, rate / 10)
    for first, begin in enumerate(sent):
        for last in range(first, len(sent)):
            assert last - first + 1 <= allowed + rate * (sent[last] - begin) + 1e-3
