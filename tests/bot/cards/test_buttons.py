"""Button data is ours, and meant for this chat."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards.buttons import Button, ForgedButtonError, Press, pack, unpack
from bot.cards.keyboards import shortlist

KEY = b"a key"


def test_a_button_comes_back_as_it_was_packed() -> None:
    data = pack(Button("Decline", "reason", (12, "no_time")), 5, KEY)
    assert unpack(data, 5, KEY) == Press("reason", ("12", "no_time"))
    assert unpack(data, 5, KEY).number(0) == 12


def test_a_button_of_another_chat_is_refused() -> None:
    with pytest.raises(ForgedButtonError):
        unpack(pack(Button("Accept", "accept", (1,)), 5, KEY), 6, KEY)


@given(st.text(max_size=64))
def test_what_we_did_not_make_is_refused(data: str) -> None:
    with pytest.raises(ForgedButtonError):
        unpack(data, 5, KEY)


def test_a_changed_argument_is_refused() -> None:
    data = pack(Button("Accept", "accept", (1,)), 5, KEY).replace("accept:1", "accept:2")
    with pytest.raises(ForgedButtonError):
        unpack(data, 5, KEY)


def test_data_over_telegrams_limit_is_our_mistake() -> None:
    with pytest.raises(ValueError, match="64 bytes"):
        pack(Button("x", "region", ("x" * 60,)), 5, KEY)


def test_a_missing_or_wrong_argument_is_a_forged_button() -> None:
    press = Press("choose", ("x",))
    with pytest.raises(ForgedButtonError):
        press.number(0)
    with pytest.raises(ForgedButtonError):
        press.word(1)


@pytest.mark.parametrize(("own", "asked"), [("石砚樵", ["choose"]), ("邬志遥", ["own", "choose"])])
def test_nobody_has_two_buttons_on_a_shortlist(own: str, asked: list[str]) -> None:
    line = {"id": 1, "kind": "expert", "person": {"zh": "石砚樵", "en": ""}, "entry": 1}
    values = {"consultation": 7, "own": {"zh": own, "en": ""}, "candidates": [line]}
    actions = [button.action for row in shortlist(values, "zh") for button in row]
    assert [action for action in actions if action in ("own", "choose")] == asked
