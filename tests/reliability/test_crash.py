"""SIGKILL at seeded instants, both databases, both ways of listening: nothing is lost."""

from pathlib import Path
from random import Random

import pytest

from bot.demo import database_url
from tests.reliability.checks import report
from tests.reliability.driver import INSTANTS, ground

TALKS, KILLS = 24, 3


@pytest.mark.timeout(240)
@pytest.mark.parametrize(
    ("database", "webhook"), [("sqlite", False), ("postgres", True)], ids=["polling", "webhook"]
)
async def test_a_desk_killed_at_any_instant_loses_nothing_and_marks_what_it_repeats(
    database: str, webhook: bool, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    sqlite = database == "sqlite"
    url = database_url(tmp_path) if sqlite else request.getfixturevalue("postgres_url")
    random = Random(20261123)
    async with ground(url, tmp_path, talks=TALKS, webhook=webhook) as desk:
        for kill in range(KILLS):
            desk.storm(2)
            await desk.live_and_die(INSTANTS[kill % len(INSTANTS)], random)
        await desk.drained()
        found = report(desk)
        await desk.stop()

    assert found.kills == KILLS
    assert (found.lost, found.out_of_order, found.wrong_recipient, found.undone) == (0, 0, 0, 0)
    assert found.unmarked == 0
    # At most the one delivery that each chat had in flight.
    assert found.repeated <= KILLS * TALKS * 2
