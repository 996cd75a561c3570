"""A desk that is stopped as a service manager stops it: nothing is lost, nothing said twice."""

import pytest

from bot.simulator.people import SimulatedPerson
from tests.end_to_end.conftest import Desk, MakeDesk
from tests.end_to_end.test_story import free_port

STORM, RESTARTS = 60, 2


def carried(reader: SimulatedPerson) -> list[str]:
    """What the bot brought them of the other's, in its order."""
    return [
        m.text for m in reader.chat.messages if m.from_bot and m.text and m.text.startswith("第")
    ]


@pytest.fixture(params=["polling", "webhook"])
async def desk(make_desk: MakeDesk, request: pytest.FixtureRequest) -> Desk:
    rates = {
        "MESSAGES_PER_SECOND": "1000",
        "CHAT_MESSAGES_PER_SECOND": "1000",
        "PERSON_MESSAGES_PER_MINUTE": "100000",
    }
    if request.param == "polling":
        return await make_desk(**rates)
    port = free_port()
    url = f"http://127.0.0.1:{port}/telegram"
    return await make_desk(WEBHOOK_URL=url, WEBHOOK_PORT=str(port), **rates)


async def test_a_restart_in_the_middle_of_a_talk_loses_nothing_and_doubles_nothing(
    desk: Desk,
) -> None:
    asker = desk.person("asker", "（")
    mentor = await desk.talk(asker)
    for restart in range(RESTARTS):
        for number in range(restart * STORM, (restart + 1) * STORM):
            asker.send_text(f"第{number:04}条")
        goal = restart * STORM + STORM // 3
        await desk.until(lambda goal=goal: len(carried(mentor)) >= goal)
        await desk.stop()
        assert desk.process is not None
        assert desk.process.returncode == 0
        mentor.send_text(f"第{restart}句答复")  # while nobody is there
        await desk.start()
    sent = [f"第{number:04}条" for number in range(RESTARTS * STORM)]
    await desk.until(lambda: len(carried(mentor)) >= len(sent))
    answers = [f"第{restart}句答复" for restart in range(RESTARTS)]
    await desk.until(lambda: len(carried(asker)) >= len(answers))
    assert carried(mentor) == sent
    assert carried(asker) == answers
