"""A missing or malformed setting is named, with what to do."""

import re
from pathlib import Path

import pytest

from bot.settings import Settings, SettingsError, load_settings

TOKEN = "123456789:AAF4kESimulatedTokenOfXiaoqi0123456"
EXAMPLE = Path(__file__).parents[2] / ".env.example"


@pytest.mark.parametrize("token", ["", "changeme", "123:abc", "your-token-here", TOKEN + " x"])
def test_a_missing_or_malformed_token_is_refused_with_what_to_do(token: str) -> None:
    settings = load_settings(_env_file=None, telegram_token=token)
    with pytest.raises(SettingsError, match="@BotFather"):
        settings.require_telegram()


def test_a_good_token_is_enough() -> None:
    settings = load_settings(_env_file=None, telegram_token=TOKEN)
    settings.require_telegram()
    assert len(settings.signing_key()) >= 32
    assert re.fullmatch(r"[A-Za-z0-9_-]{16,256}", settings.webhook_password())
    assert settings.signing_key().decode() != settings.webhook_password()


def test_a_secret_of_ones_own_is_taken_and_a_short_one_refused() -> None:
    settings = load_settings(_env_file=None, telegram_token=TOKEN, secret_key="k" * 32)
    assert settings.signing_key() == b"k" * 32
    short = load_settings(_env_file=None, telegram_token=TOKEN, webhook_secret="short")
    with pytest.raises(SettingsError, match="WEBHOOK_SECRET"):
        short.require_telegram()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("offer_hours", "soon"),
        ("offer_hours", "0"),
        ("offer_hours", "99999"),
        ("working_hours", "nine to five"),
        ("working_hours", "Mon-Fri 18:00-09:00"),
        ("working_hours", ""),
        ("public_holidays", "China"),
        ("webhook_port", "99999"),
        ("admins", "me"),
        ("time_zone", "Mars/Olympus"),
        ("webhook_url", "http://desk.example.cn"),
        ("messages_per_second", "0"),
    ],
)
def test_a_wrong_value_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name.upper()):
        load_settings(_env_file=None, **{name: value})


def test_wrong_hours_are_refused_with_how_to_write_them() -> None:
    with pytest.raises(SettingsError, match="WORKING_HOURS: write it as Mon-Fri 09:00-18:00"):
        load_settings(_env_file=None, working_hours="9-5")
    assert load_settings(_env_file=None, working_hours="any time", public_holidays="")


def test_admins_are_read_from_a_list() -> None:
    assert load_settings(_env_file=None, admins="7, 8,").admins == {7, 8}


def test_the_example_holds_every_setting_once_with_its_default() -> None:
    lines = [line for line in EXAMPLE.read_text("utf-8").splitlines() if "=" in line]
    named = [line.split("=")[0].lower() for line in lines if not line.startswith("#")]
    assert sorted(named) == sorted(Settings.model_fields)
    assert load_settings(_env_file=EXAMPLE) == load_settings(_env_file=None)


def test_no_secret_shows_when_settings_are_printed() -> None:
    assert TOKEN not in repr(load_settings(_env_file=None, telegram_token=TOKEN))


def test_an_index_in_postgresql_needs_a_postgresql_database() -> None:
    with pytest.raises(SettingsError, match="name its server in DATABASE_URL"):
        load_settings(_env_file=None, vector_store="pgvector")
    url = "postgresql://me:secret@localhost/desk"
    taken = load_settings(_env_file=None, vector_store="pgvector", database_url=url)
    assert taken.vector_store == "pgvector"
    with pytest.raises(SettingsError, match="VECTOR_STORE"):
        load_settings(_env_file=None, vector_store="chroma")
