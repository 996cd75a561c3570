"""xiaoqi doctor | backup | restore"""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot.cli.frame import app, console, progress_bar, told
from bot.settings import Settings, load_settings


@app.command()
def doctor() -> None:
    """Look at settings, database, keys, model, index, disk and Telegram; say what to mend."""
    from bot.app import utc_now
    from bot.checkup.everything import as_table, look

    found = list(look(utc_now()))
    Console().print(as_table(found))
    if any(one.state == "fault" for one in found):
        raise typer.Exit(1)


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="The archive to write.")],
    verify: Annotated[bool, typer.Option(help="Then restore it in a place thrown away.")] = False,
    with_keys: Annotated[
        bool, typer.Option(help="The keys too: whoever has the file can read everything.")
    ] = False,
    force: Annotated[bool, typer.Option(help="Replace FILE.")] = False,
) -> None:
    """Write database, index and uploads to one file, while the bot runs; without the keys."""
    from bot.app import utc_now
    from bot.backup.making import make

    with told():
        settings = load_settings()
        made = make(settings, file, now=utc_now(), with_keys=with_keys, force=force)
        rows = sum(made.tables.values())
        _say(f"{file}: {len(made.tables)} tables, {rows} rows, schema {made.schema}")
        if verify:
            _verify(settings, file)


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="An archive that `xiaoqi backup` wrote.")],
    check: Annotated[
        bool, typer.Option("--check", help="Only try it, in a place thrown away.")
    ] = False,
    force: Annotated[bool, typer.Option(help="Replace the desk that is there.")] = False,
) -> None:
    """Put a desk from a backup where the settings say; the bot must not run there."""
    from bot.app import prepare_database
    from bot.backup.restoring import build_index
    from bot.backup.restoring import restore as put_back

    with told():
        settings = load_settings()
        if check:
            _verify(settings, file)
            return
        done = put_back(settings, file, force=force)
        _say(f"restored as it was at {done.manifest.made_at}")
        prepare_database(settings).dispose()  # the newest schema; says which key is missing
        if not done.manifest.snapshot:
            with progress_bar("Indexing") as report:
                build_index(settings, report)


def _verify(settings: Settings, file: Path) -> None:
    from bot.backup.verifying import verify

    for sentence in verify(settings, file):
        _say(sentence)


def _say(sentence: str) -> None:
    console.print(sentence, highlight=False, markup=False, soft_wrap=True)
