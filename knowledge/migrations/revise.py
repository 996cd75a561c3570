"""Write a revision from what the tables say and the chain does not yet.

    python -m knowledge.migrations.revise "what it does" [--first] [MODULE ...]

MODULE names modules with further tables in the same metadata. --first writes the whole chain
anew as one first revision: only for as long as no database has to be kept.
"""

import argparse
import importlib
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from alembic import command
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import DateTime, Enum, String
from sqlalchemy.types import TypeDecorator

from knowledge.database import open_engine
from knowledge.migrations import FOLDER, config_for, locked, upgrade
from knowledge.tables.columns import UtcDateTime

VERSIONS = FOLDER / "versions"


def revise(message: str) -> Path:
    """Write the next revision against an empty SQLite that the chain so far has been run on."""
    number = f"{len(list(VERSIONS.glob('[0-9]*.py'))) + 1:04}"
    with TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{folder}/empty.db")
        upgrade(engine)
        with locked(engine) as connection:
            config = config_for(connection)
            config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
            config.attributes["render_item"] = rendered
            made = command.revision(config, message, autogenerate=True, rev_id=number)
        engine.dispose()
    assert made is not None
    assert not isinstance(made, list)
    return Path(made.path)


def rendered(type_: str, item: Any, context: AutogenContext) -> str | bool:  # noqa: ARG001 (Alembic's signature)
    """Our column types as plain ones: a revision outlives the code it was made from."""
    if isinstance(item, UtcDateTime):
        return f"sa.{DateTime(timezone=True)!r}"
    if isinstance(item, Enum):
        return f"sa.String(length={item.length})"
    if type_ == "type" and type(item).__name__ == "AutoString":
        return f"sa.String(length={item.length})" if item.length else "sa.String()"
    if isinstance(item, TypeDecorator) and type(item.impl_instance) is String:
        return "sa.String()"
    return False


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("message")
    parser.add_argument("modules", nargs="*", metavar="MODULE")
    parser.add_argument("--first", action="store_true")
    given = parser.parse_args(arguments)
    for module in given.modules:
        importlib.import_module(module)
    if given.first:
        for old in VERSIONS.glob("[0-9]*.py"):
            old.unlink()
    print(revise(given.message))  # noqa: T201 (a command's output)


if __name__ == "__main__":
    main()
