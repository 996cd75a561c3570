"""A vague question by the real process: a choice is tapped, and the answer takes its place."""

from bot.desk.tables import Consultation
from bot.simulator.messages import SimulatedMessage
from tests.end_to_end.conftest import SHORTLIST, MakeDesk, look

CLARIFYING = "可能涉及几个方面"


def labels(message: SimulatedMessage) -> list[str]:
    return [button["text"] for button in message.inline_buttons]


async def test_a_tapped_choice_narrows_the_question_in_place(make_desk: MakeDesk) -> None:
    desk = await make_desk()
    asker = desk.person("asker", "（")
    asker.send_text("想找材料方面的专家")
    card = await desk.see(asker, CLARIFYING)
    *choices, none = labels(card)
    assert 2 <= len(choices) <= 4
    assert none == "都不是"

    await desk.press(asker, card, choices[0])
    await desk.see(asker, SHORTLIST, after=card.id)
    settled = await desk.see(asker, f"问题已补充“{choices[0]}”")
    assert settled is card
    assert labels(card) == []
    with look(desk) as session:
        asked = session.get_one(Consultation, 1)
        assert asked.question == asked.forwarded == f"想找材料方面的专家\n{choices[0]}"
