"""Answers corrupted in ten ways: nearly all of them are caught, or the checks are worth little."""

import copy
from collections import Counter
from random import Random
from typing import Any

import pytest
from aiogram.types import Update

from bot.simulator.server import Simulator
from tests.bot.simulator.clients import telegram_by_polling
from tests.bot.simulator.honesty import Call, Honesty, flaws_of_call
from tests.bot.simulator.mutations import MUTATIONS, spoilt_envelopes, spots
from tests.bot.simulator.schema import returned_by
from tests.bot.simulator.story import play

CAUGHT_AT_LEAST = 0.95
ROUNDS = 8  # of every mutation on every answer of the story


@pytest.fixture
async def calls(honest_simulator: Simulator, honesty: Honesty) -> list[Call]:
    """Every call of the story once, true as it was."""
    await play(honest_simulator, telegram_by_polling)
    return list(honesty.calls)


async def test_corrupted_answers_are_caught(calls: list[Call]) -> None:
    random, tried, caught = Random(20_260), Counter[str](), Counter[str]()
    missed: list[str] = []
    for call in calls * ROUNDS:
        for mutation in MUTATIONS:
            spoilt = corrupted(call, mutation, random)
            if spoilt is None:
                continue
            tried[mutation.__name__] += 1
            if flaws_of_call(spoilt):
                caught[mutation.__name__] += 1
            else:
                missed.append(f"{mutation.__name__}: {call.body} became {spoilt.body}")
    shares = {name: caught[name] / tried[name] for name in tried}
    share = caught.total() / tried.total()
    print(f"{share:.2%} of {tried.total()} corruptions caught; {shares}")
    assert tried.total() > 1_000
    assert tried.keys() == {mutation.__name__ for mutation in MUTATIONS}
    assert share >= CAUGHT_AT_LEAST, missed[:20]
    assert min(shares.values()) >= CAUGHT_AT_LEAST, (shares, missed[:20])


def corrupted(call: Call, mutation: Any, random: Random) -> Call | None:
    """The call with one key of its answer corrupted; None where the mutation finds no place."""
    spoilt = copy.deepcopy(call)
    if not spoilt.body["ok"]:
        return None
    found = list(spots(returned_by(call.method), spoilt.body["result"]))
    random.shuffle(found)
    return spoilt if any(mutation(spot, random) for spot in found) else None


async def test_a_spoilt_envelope_is_always_caught(calls: list[Call]) -> None:
    tried = 0
    for call in calls:
        for body in spoilt_envelopes(call.body):
            tried += 1
            assert flaws_of_call(call._replace(body=body)), body
    assert tried > 200


async def test_corrupted_parameters_are_caught(calls: list[Call]) -> None:
    for call in calls:
        if call.body["ok"]:
            assert flaws_of_call(call._replace(params=call.params | {"extra": 1}))
            for name in call.params:
                wrong = call.params | {name: object()}
                assert flaws_of_call(call._replace(params=wrong)), (call.method, name)


async def test_a_pushed_update_is_held_to_the_bot_api_too(calls: list[Call]) -> None:
    answers = [call.body for call in calls if call.method == "getUpdates" and call.body["ok"]]
    updates = [update for body in answers for update in body["result"]]
    kinds = {key for update in updates for key in update}
    assert {"message", "edited_message", "callback_query"} <= kinds
    for update in updates:
        pushed = Call("webhook", update, {"status": 200, "body": ""})
        assert flaws_of_call(pushed) == []
        spoilt = copy.deepcopy(pushed)
        del next(spots(Update, spoilt.params)).holder["update_id"]
        assert flaws_of_call(spoilt)
