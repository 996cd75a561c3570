"""Keys: the newest seals, each opens what it sealed, and nothing ever comes out as garbage."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sealing.ring import KeyRing, SealError, head_of, is_sealed, key_from, name_of, new_key

OLD, NEW = b"o" * 32, b"n" * 32
WORDS = "铝压铸件有气孔，客户是宏达"


@given(st.text())
def test_whatever_is_sealed_is_opened_as_it_was(text: str) -> None:
    ring = KeyRing([NEW])
    assert ring.open(ring.seal(text)) == text


def test_nothing_of_a_text_stands_in_what_is_kept() -> None:
    sealed = KeyRing([NEW]).seal(WORDS)
    assert is_sealed(sealed)
    assert sealed.isascii()


def test_the_same_words_are_sealed_differently_each_time() -> None:
    ring = KeyRing([NEW])
    assert ring.seal(WORDS) != ring.seal(WORDS)


def test_an_older_key_still_opens_and_the_newest_seals() -> None:
    sealed = KeyRing([OLD]).seal(WORDS)
    both = KeyRing([NEW, OLD])
    assert both.open(sealed) == WORDS
    assert both.seal(WORDS).startswith(head_of(NEW))


def test_a_missing_key_is_named_with_what_to_do_and_without_the_text() -> None:
    sealed = KeyRing([OLD]).seal(WORDS)
    with pytest.raises(SealError) as raised:
        KeyRing([NEW]).open(sealed)
    told = str(raised.value)
    assert name_of(head_of(OLD)) in told
    assert "MESSAGE_KEYS" in told
    assert sealed not in told


@pytest.mark.parametrize("place", [len(head_of(OLD)) + 3, -2])
def test_a_changed_text_is_refused_and_never_read_as_another(place: int) -> None:
    sealed = KeyRing([OLD]).seal(WORDS)
    other = "A" if sealed[place] != "A" else "B"
    changed = f"{sealed[:place]}{other}{sealed[place + 1 :] if place != -1 else ''}"
    with pytest.raises(SealError, match="changed or cut short"):
        KeyRing([OLD]).open(changed)


def test_a_text_of_one_key_does_not_open_under_the_number_of_another() -> None:
    ring = KeyRing([NEW, OLD])
    sealed = KeyRing([OLD]).seal(WORDS)
    with pytest.raises(SealError):
        ring.open(head_of(NEW) + sealed[len(head_of(OLD)) :])


def test_what_was_kept_before_anything_was_sealed_is_read_as_it_is() -> None:
    assert KeyRing([NEW]).open(WORDS) == WORDS
    assert KeyRing([NEW]).open("xq1.is how a plain text may begin") == (
        "xq1.is how a plain text may begin"
    )


def test_a_new_key_is_one_that_is_taken() -> None:
    written = new_key()
    assert len(key_from(written)) == 32
    assert written != new_key()


@pytest.mark.parametrize("written", ["", "short", "####", new_key()[:-8]], ids=range(4))
def test_what_is_no_key_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"bytes|base64"):
        key_from(written)


@pytest.mark.parametrize("keys", [[], [b"short"]])
def test_a_ring_has_keys_of_the_right_length(keys: list[bytes]) -> None:
    with pytest.raises(ValueError, match="key ring"):
        KeyRing(keys)
