"""Whatever the Bot API's types allow, and what they don't: nobody is let in, nothing is told."""

from benchmarks.desk import UNLIMITED
from tests.end_to_end.conftest import MakeDesk
from tests.fuzzing.storm import storm


async def test_random_updates_of_others_reach_no_talk_and_stop_nothing(
    make_desk: MakeDesk,
) -> None:
    report = await storm(await make_desk(honest=False, **UNLIMITED), updates=1000, seed=7)
    assert report.failed == []
    assert report.leaks == []
    assert report.misdirected == 0
    assert report.odd > 900
    assert report.broken > 30
