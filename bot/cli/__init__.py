"""The command line: `xiaoqi --help` lists every command, in the order of these modules."""

from bot.cli import running, knowing, keeping, sealing  # noqa: I001 (the order of the help)
from bot.cli.frame import app

__all__ = ["app", "keeping", "knowing", "running", "sealing"]
