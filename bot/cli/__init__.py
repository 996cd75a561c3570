"""The command line: `xiaoqi --help` lists every command, in the order of these modules."""

from bot.cli import running, knowing, sealing  # noqa: I001 (the order of the help)
from bot.cli.frame import app

__all__ = ["app", "knowing", "running", "sealing"]
