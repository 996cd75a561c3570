"""SIGKILL in the middle of a relay storm: nothing lost, at most what was in flight repeated."""

from collections import Counter

from tests.end_to_end.conftest import MakeDesk

STORM, KILLS = 120, 3


async def test_a_killed_desk_loses_nothing_and_repeats_at_most_what_was_in_flight(
    make_desk: MakeDesk,
) -> None:
    desk = await make_desk(
        MESSAGES_PER_SECOND="1000",
        CHAT_MESSAGES_PER_SECOND="1000",
        PERSON_MESSAGES_PER_MINUTE="100000",
    )
    asker = desk.person("asker", "（")
    mentor = await desk.talk(asker)

    def carried() -> list[str]:
        return [m.text for m in mentor.chat.messages if m.text and m.text.startswith("第")]

    for kill in range(KILLS):
        for number in range(kill * STORM, (kill + 1) * STORM):
            asker.send_text(f"第{number:04}条")
        goal = kill * STORM + STORM // 3
        await desk.until(lambda goal=goal: len(set(carried())) >= goal)
        await desk.kill()
        await desk.start()
    every = [f"第{number:04}条" for number in range(KILLS * STORM)]
    await desk.until(lambda: set(carried()) == set(every))

    counted = Counter(carried())
    assert sum(counted.values()) - len(every) <= KILLS
    firsts = list(dict.fromkeys(carried()))
    assert firsts == every
