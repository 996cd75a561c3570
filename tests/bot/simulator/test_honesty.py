"""The same story, played by two clients in two ways, every call of it held to the Bot API."""

import aiohttp
import pytest

from bot.simulator.server import Simulator
from bot.simulator.world import TOKEN
from tests.bot.simulator.clients import CLIENTS, Running
from tests.bot.simulator.honesty import Honesty
from tests.bot.simulator.story import play

ASKER_SEES = [
    "Li <Wen> text '/start from_a_poster' marks=bot_command@0+6",
    "bot text 'What is the trouble?' edited=yes",
    "Li <Wen> text 'Pores in castings' edited=yes",
    "bot document 'Passed on to Chen' answers=Pores in castings edited=yes",
    "bot text 'Seen the change'",
    "Li <Wen> photo '' album=yes",
    "Li <Wen> video '' album=yes",
    "bot photo 'again' album=yes",
    "bot photo '' album=yes",
    "Li <Wen> text '/board' marks=bot_command@0+6",
    "bot text 'Choose'",
    "Li <Wen> contact ''",
    "Li <Wen> text '/errors' marks=bot_command@0+7",
    "bot text 'Same'",
    "bot text '5 refused'",
]
MENTOR_SEES = [
    "bot text 'Pores in 铝合金 castings 🧪, see https://example.org/a' marks=url@30+21",
    "bot photo '' forwarded=user",
]
FORUM_SEES = [
    "Chen text '/topic' marks=bot_command@0+6",
    "bot service '' thread=yes",
    "bot text 'In its topic' thread=yes",
    "bot service '' thread=yes",
    "bot text '🧪 creator and 1 more' marks=bold@3+11,italic@11+3,code@15+1",
]
REFUSED = [
    ("editMessageText", 400),
    ("sendMessage", 400),
    ("deleteMessage", 400),
    ("sendMessage", 400),
    ("answerCallbackQuery", 400),
]


@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.__name__)
async def test_the_story_is_the_same_for_every_client(
    honest_simulator: Simulator, honesty: Honesty, client: Running
) -> None:
    assert await play(honest_simulator, client) == ASKER_SEES + MENTOR_SEES + FORUM_SEES
    refusals = [call for call in honesty.calls if _refused(call.body)]
    refused = [(call.method, call.body["error_code"]) for call in refusals]
    assert refused == REFUSED
    pushed = [call for call in honesty.calls if call.method == "webhook"]
    assert bool(pushed) is client.__name__.endswith("webhook")


def _refused(body: dict[str, object]) -> bool:
    # 409 is how the simulator ends a poll when its bot stops and polls once more.
    return body.get("ok") is False and body["error_code"] != 409


async def test_a_method_that_is_not_simulated_is_noted(
    honest_simulator: Simulator, honesty: Honesty
) -> None:
    url = f"{honest_simulator.url}/bot{TOKEN}/sendTelepathy"
    async with aiohttp.ClientSession() as session, session.post(url) as answer:
        assert answer.status == 404
    assert len(honest_simulator.refused) == 1
    honest_simulator.refused.clear()
