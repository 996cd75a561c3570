"""xiaoqi new-key | rotate-keys | audit"""

from bot.cli.frame import app, console, progress_bar, told
from bot.settings import load_settings


@app.command()
def new_key() -> None:
    """Print a key for MESSAGE_KEYS: put it first, and leave the others behind it."""
    from bot.sealing.ring import new_key as made

    print(made())


@app.command()
def rotate_keys() -> None:
    """Seal what people wrote with the newest of MESSAGE_KEYS; cut short, it goes on next time.

    The bot may go on running, once it was started with the new key.
    """
    from sqlmodel import SQLModel

    from bot.app import prepare_database
    from bot.sealing.keys import rotated

    with told(), progress_bar("Sealing") as report:
        engine = prepare_database(load_settings())
        for line in rotated(engine, SQLModel.metadata, report):
            console.print(line, highlight=False, soft_wrap=True)


@app.command()
def audit() -> None:
    """Print who read which consultation and why, and check that nothing was changed or cut out."""
    from sqlmodel import Session

    from bot.app import prepare_database
    from bot.desk.auditing import account

    with told():
        with Session(prepare_database(load_settings())) as session:
            found = account(session)
        for line in found.lines:
            print(line)
        if found.broken_at is not None:
            raise ValueError(
                f"row {found.broken_at} does not follow the one before it: it was changed, or one"
                " before it was cut out. Compare with a backup."
            )
        console.print(f"{len(found.lines)} entries, the chain holds; the newest is {found.newest}")
