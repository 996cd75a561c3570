"""What every command shares: where it prints, how it fails, how it shows progress."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bot.settings import SettingsError

app = typer.Typer(
    help="校企 Xiaoqi: the desk between enterprises and universities.", no_args_is_help=True
)
console = Console(stderr=True)
Report = Callable[[int, int], None]


@contextmanager
def told() -> Iterator[None]:
    """Errors that a person can mend end in one sentence, not in a traceback."""
    from bot.backup.archive import BackupError
    from bot.delivery.polling import TokenRefusedError
    from bot.sealing.ring import SealError
    from bot.simulator.server import RealTokenError
    from knowledge.database import DatabaseAwayError
    from knowledge.reload import BadBatchError
    from retrieval.snapshot import SnapshotError

    mendable = (
        SettingsError,
        TokenRefusedError,
        RealTokenError,
        DatabaseAwayError,
        SealError,
        SnapshotError,
        BackupError,
        OSError,
        ValueError,
    )
    try:
        yield
    except BadBatchError as error:
        for problem in error.problems:
            console.print(str(problem), highlight=False, markup=False, soft_wrap=True)
        console.print(f"{error.problem_count} problem(s); nothing was changed.", style="red")
        raise typer.Exit(1) from error
    except mendable as error:
        told_in = f"xiaoqi: {error}"
        console.print(told_in, style="red", highlight=False, markup=False, soft_wrap=True)
        raise typer.Exit(2) from error


@contextmanager
def progress_bar(title: str) -> Iterator[Report]:
    """A bar on stderr; the yielded call takes (done, total)."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console) as progress:
        task = progress.add_task(title, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)
