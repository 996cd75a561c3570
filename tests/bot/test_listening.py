"""A start in bad weather waits for better."""

from datetime import UTC, datetime

import pytest
from telegram.error import RetryAfter

from bot import listening
from bot.delivery.api import RefusedCallError

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize("refusal", [RetryAfter(7), RefusedCallError(429, "Too Many Requests", 7)])
async def test_a_start_that_telegram_asks_to_wait_waits_as_long_and_goes_on(
    refusal: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers: list[Exception | None] = [refusal, None]
    waited: list[float] = []

    async def connect() -> None:
        answer = answers.pop(0)
        if answer is not None:
            raise answer

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr("bot.listening.asyncio.sleep", sleep)
    await listening.patiently(connect, lambda: NOON)
    assert answers == []
    assert waited == [7.0]
