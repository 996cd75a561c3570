"""Settings from the environment and .env; what is malformed is refused in words."""

import hmac
import re
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.worktime import Week, is_country

_TOKEN = re.compile(r"\d{5,}:[A-Za-z0-9_-]{30,}")
_SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}")


class SettingsError(Exception):
    """A setting is missing or wrong; the text says which one and what to do."""


class Settings(BaseSettings):
    """Every setting, described in .env.example."""

    model_config = SettingsConfigDict(env_file=".env", env_file_encoding="utf-8", extra="ignore")

    telegram_token: SecretStr = SecretStr("")
    telegram_api_url: str = "https://api.telegram.org"
    telegram_proxy: str = ""
    webhook_url: str = ""
    webhook_secret: SecretStr = SecretStr("")
    webhook_host: str = "127.0.0.1"
    webhook_port: int = Field(default=8443, ge=0, le=65535)
    watch_host: str = "127.0.0.1"
    watch_port: int = Field(default=8444, ge=0, le=65535)
    secret_key: SecretStr = SecretStr("")
    message_keys: SecretStr = SecretStr("")
    admins: Annotated[frozenset[int], NoDecode] = frozenset()
    database_url: str = "sqlite:///var/xiaoqi.db"
    var_folder: Path = Path("var")
    vector_store: Literal["faiss", "pgvector"] = "faiss"
    embedding_model: str = "embedded"
    reranking_model: str = ""
    time_zone: str = "Asia/Shanghai"
    working_hours: str = "Mon-Fri 09:00-18:00"
    public_holidays: str = "CN"
    offer_hours: float = Field(default=8.0, gt=0, le=1000)
    invite_days: float = Field(default=7.0, gt=0)
    quiet_days: float = Field(default=7.0, gt=0)
    quiet_warning_days: float = Field(default=3.0, gt=0)
    follow_up_days: float = Field(default=14.0, gt=0)
    messages_per_second: float = Field(default=30.0, gt=0)
    chat_messages_per_second: float = Field(default=1.0, gt=0)
    group_messages_per_minute: float = Field(default=20.0, gt=0)
    worker_lease_seconds: float = Field(default=15.0, ge=1)
    keep_undelivered_days: float = Field(default=7.0, gt=0)
    keep_consultations_days: float = Field(default=365.0, gt=0)
    keep_deliveries_days: float = Field(default=90.0, gt=0)
    keep_inbox_days: float = Field(default=2.0, ge=1)
    person_messages_per_minute: float = Field(default=30.0, gt=0)
    person_presses_per_minute: float = Field(default=40.0, gt=0)
    person_questions_per_day: int = Field(default=20, gt=0)
    alert_inbox_seconds: float = Field(default=120.0, gt=0)
    alert_outbox_seconds: float = Field(default=300.0, gt=0)
    alert_set_aside: int = Field(default=5, gt=0)
    alert_disk_megabytes: int = Field(default=1024, ge=0)
    log_level: str = "INFO"
    log_format: Literal["text", "json"] = "text"

    @field_validator("admins", mode="before")
    @classmethod
    def _ids(cls, value: object) -> object:
        if isinstance(value, str):
            return frozenset(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError("no such time zone: write it as Asia/Shanghai") from error
        return value

    @field_validator("working_hours")
    @classmethod
    def _known_hours(cls, value: str) -> str:
        Week.of(value)
        return value

    @field_validator("public_holidays")
    @classmethod
    def _known_country(cls, value: str) -> str:
        if value and not is_country(value):
            raise ValueError("no such country: write it as CN, or leave it empty for none")
        return value

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.webhook_url and not self.webhook_url.startswith("https://"):
            local = self.webhook_url.startswith("http://127.0.0.1")
            if not local:
                raise ValueError("WEBHOOK_URL must begin with https://")
        if self.vector_store == "pgvector" and not self.database_url.startswith("postgres"):
            raise ValueError(
                "VECTOR_STORE=pgvector keeps the index in PostgreSQL: name its server in"
                " DATABASE_URL (postgresql://user:password@host/name), or set VECTOR_STORE=faiss"
            )
        return self

    def require_telegram(self) -> None:
        """Raises SettingsError unless the bot can be run with these settings."""
        if not _TOKEN.fullmatch(self.telegram_token.get_secret_value()):
            raise SettingsError(
                "TELEGRAM_TOKEN is missing or malformed. Ask @BotFather for a token (it looks like"
                " 123456789:AA...) and write it to .env; `xiaoqi demo` needs none."
            )
        for name in ("secret_key", "webhook_secret"):
            value = getattr(self, name).get_secret_value()
            if value and not _SECRET.fullmatch(value):
                raise SettingsError(
                    f"{name.upper()} must be 16 to 256 of A-Z a-z 0-9 _ - (or empty: then it is"
                    " derived from the token)"
                )

    def signing_key(self) -> bytes:
        """What signs buttons and invites: SECRET_KEY, or else derived from the token."""
        return self._secret(self.secret_key, "sign").encode()

    def webhook_password(self) -> str:
        """What Telegram sends with each webhook call: WEBHOOK_SECRET, or else derived."""
        return self._secret(self.webhook_secret, "webhook")

    def _secret(self, given: SecretStr, purpose: str) -> str:
        token = self.telegram_token.get_secret_value().encode()
        derived = hmac.new(token, purpose.encode(), "sha256").hexdigest()
        return given.get_secret_value() or derived


def load_settings(**overrides: Any) -> Settings:
    """Raises SettingsError with one line for each wrong setting."""
    try:
        return Settings(**overrides)
    except ValidationError as error:
        lines = [
            f"{'.'.join(str(part) for part in problem['loc']).upper() or 'settings'}:"
            f" {problem['msg'].removeprefix('Value error, ')}"
            for problem in error.errors(include_input=False)
        ]
        raise SettingsError("Check .env:\n" + "\n".join(lines)) from error
