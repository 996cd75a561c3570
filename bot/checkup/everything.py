"""One look at all of it, in the order in which one would mend it."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import datetime

from rich.table import Table

from bot.checkup import database, machine, telegram
from bot.checkup.findings import Finding, doubtful, fault, well
from bot.settings import Settings, SettingsError, load_settings

_MARKS = {"well": "[green]well[/]", "doubtful": "[yellow]look[/]", "fault": "[red]mend[/]"}


def look(now: datetime) -> Iterator[Finding]:
    """Raises nothing that a part of the desk may be wrong with."""
    try:
        settings = load_settings()
    except SettingsError as error:
        yield fault("settings", str(error))
        return
    yield from _settings(settings)
    yield from database.look(settings)
    yield from machine.look(settings)
    if settings.telegram_token.get_secret_value():
        yield from asyncio.run(telegram.look(settings, now))


def _settings(settings: Settings) -> Iterator[Finding]:
    try:
        settings.require_telegram()
    except SettingsError as error:
        yield fault("settings", str(error))
        return
    if settings.admins:
        yield well("settings", "they are whole")
    else:
        mend = "put your Telegram user id there, unless an admin was invited before"
        yield doubtful("settings", "ADMINS is empty", mend)


def as_table(found: Sequence[Finding]) -> Table:
    table = Table(show_lines=False)
    for heading in ("part", "", "found", "what to do"):
        table.add_column(heading, overflow="fold")
    for one in found:
        table.add_row(one.part, _MARKS[one.state], _plain(one.told), _plain(one.mend))
    return table


def _plain(text: str) -> str:
    """Square brackets are not meant as marks."""
    return text.replace("[", "\\[")
