"""The schema itself, and the simulator's own list of methods against it."""

from datetime import datetime, timedelta
from types import NoneType
from typing import Any, get_origin

import pytest
from aiogram.client.default import Default
from aiogram.types import ChatMemberUnion, InputFile, Message, ReplyMarkupUnion

from bot.simulator.methods import METHODS
from tests.bot.simulator.honesty import Call, flaws_of_call
from tests.bot.simulator.schema import alternatives, fields_of, flaws_of, method_of

USER = {"id": 5, "is_bot": False, "first_name": "Li"}
MESSAGE: dict[str, Any] = {
    "message_id": 1,
    "from": USER,
    "chat": {"id": 5, "type": "private", "first_name": "Li"},
    "date": 1_800_000_000,
    "text": "hello",
    "entities": [{"type": "bold", "offset": 0, "length": 5}],
}


def test_a_true_message_has_no_flaw() -> None:
    assert flaws_of(Message, MESSAGE) == []


@pytest.mark.parametrize(
    ("change", "flaw"),
    [
        ({"date": "1800000000"}, "result.date: '1800000000' is no time"),
        ({"date": True}, "result.date: True is no time"),
        ({"message_id": 1.0}, "result.message_id: 1.0 is no int"),
        ({"text": None}, "result.text: None is no str"),
        ({"tetx": "hello"}, "result.tetx: Message has no such field"),
        ({"from_user": USER}, "result.from_user: Message has no such field"),
        ({"from": {"id": 5}}, "result.from.is_bot: missing, and User requires it"),
        ({"chat": {"id": 5, "type": "public"}}, "result.chat.type: 'public' is no ChatType"),
        ({"photo": {}}, "result.photo: {} is no list"),
        ({"sender_business_bot": []}, "result.sender_business_bot: [] is no User"),
    ],
)
def test_each_kind_of_flaw_is_named_with_its_place(change: dict[str, Any], flaw: str) -> None:
    assert flaw in flaws_of(Message, MESSAGE | change)


def test_a_union_is_judged_by_the_type_that_is_meant() -> None:
    assert flaws_of(ChatMemberUnion, {"status": "left", "user": USER}) == []
    flaws = flaws_of(ChatMemberUnion, {"status": "kicked", "user": USER})
    assert flaws == ["result.until_date: missing, and ChatMemberBanned requires it"]
    button = {"text": "a", "callback_dat": "b"}
    flaws = flaws_of(ReplyMarkupUnion, {"inline_keyboard": [[button]]})
    assert flaws == [
        "result.inline_keyboard[0][0].callback_dat: InlineKeyboardButton has no such field"
    ]


def test_what_came_after_bot_api_10_0_is_unknown() -> None:
    send_message = method_of("sendMessage")
    assert send_message is not None
    parameters = fields_of(send_message)
    assert "receiver_user_id" in send_message.model_fields  # aiogram is ahead
    assert "receiver_user_id" not in parameters
    assert "disable_web_page_preview" not in parameters  # and keeps what is gone
    assert {name for name, field in parameters.items() if field.required} == {"chat_id", "text"}


def test_a_method_that_does_not_exist_must_be_answered_404() -> None:
    refusal = {"ok": False, "error_code": 404, "description": "Not Found"}
    assert flaws_of_call(Call("sendTelepathy", {}, refusal)) == []
    assert flaws_of_call(Call("sendTelepathy", {}, {"ok": True, "result": True})) != []


def test_a_call_is_held_to_the_parameters_of_its_method() -> None:
    done = {"ok": True, "result": MESSAGE}
    assert flaws_of_call(Call("sendMessage", {"chat_id": 5, "text": "hello"}, done)) == []
    for wrong in ({"chat_id": 5}, {"chat_id": 5, "text": 1}, {"chat_id": 5, "text": "a", "x": 1}):
        assert flaws_of_call(Call("sendMessage", wrong, done)) != []


KINDS: dict[str, Any] = {
    "int": {int, datetime, timedelta},
    "float": {float},
    "bool": {bool},
    "text": {str},
    "chat": {int, str},
    "file": {InputFile, str},
}


@pytest.mark.parametrize("name", sorted(METHODS))
def test_every_method_takes_what_the_bot_api_says_and_nothing_else(name: str) -> None:
    method = METHODS[name]
    model = method_of(method.name)
    assert model is not None
    fields = fields_of(model)
    assert method.signature.kinds.keys() <= fields.keys()
    required = {field.name for field in fields.values() if field.required}
    assert method.signature.required <= required
    for parameter, kind in method.signature.kinds.items():
        named = set(alternatives(fields[parameter].kind)) - {NoneType, Default}
        if kind == "json":
            assert all(get_origin(one) is list or hasattr(one, "model_fields") for one in named)
        else:
            assert named <= KINDS[kind], (parameter, kind, named)
