"""xiaoqi demo | run | reload | ask | evaluate | template | new-key | rotate-keys | audit"""

import asyncio
import logging
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bot.settings import Settings, SettingsError, load_settings

app = typer.Typer(
    help="校企 Xiaoqi: the desk between enterprises and universities.", no_args_is_help=True
)
console = Console(stderr=True)
DEMO = Path("var/demo")
Report = Callable[[int, int], None]


@app.command()
def run() -> None:
    """Run the bot against Telegram, by polling or (with WEBHOOK_URL) by webhook."""
    from bot.app import serve

    with told():
        settings = load_settings()
        settings.require_telegram()
        log_to_stderr(settings)
        asyncio.run(serve(settings))


@app.command()
def demo(
    port: Annotated[int, typer.Option(help="Port of the page; 0 for any free one.")] = 8700,
    browser: Annotated[bool, typer.Option(help="Open the page in a browser.")] = True,
    topics: Annotated[
        bool, typer.Option(help="A topic for each consultation, as a bot may have them.")
    ] = False,
) -> None:
    """The whole desk on this machine, with a simulated Telegram and the sample knowledge base."""
    from bot.demo import play, prepare
    from bot.simulator.server import refuse_beside_real_token
    from bot.simulator.world import World

    with told():
        refuse_beside_real_token(os.environ.get("TELEGRAM_TOKEN"))
        world = World(clock=time.time, topics_in_private=topics)
        with progress_bar("Loading the sample knowledge base") as report:
            prepare(DEMO, world, report)
        asyncio.run(play(DEMO, world, port, console=console, browser=browser))


@app.command()
def reload(
    paths: Annotated[list[Path], typer.Argument(help="CSV, XLSX, JSONL, ZIP, or a folder.")],
    remove: Annotated[
        bool, typer.Option(help="Remove what the files, of their kinds, no longer name.")
    ] = False,
) -> None:
    """Load knowledge from files; a running bot serves it at once. A bad file changes nothing."""
    from sqlmodel import Session

    from bot.app import prepare_database, utc_now
    from bot.desk.reloading import latest_questions
    from bot.indexing import load_files, shelf_for
    from retrieval.encoder import load_encoder

    with told():
        settings = load_settings()
        for path in paths:
            path.stat()
        engine = prepare_database(settings)
        encoder = load_encoder(settings.embedding_model)
        with Session(engine) as session:
            asked = latest_questions(session)
        with closing(shelf_for(settings)) as shelf, progress_bar("Indexing") as report:
            snapshot = load_files(
                engine,
                encoder,
                settings.var_folder,
                paths,
                remove=remove,
                now=utc_now(),
                progress=report,
                asked=asked,
                shelf=shelf,
            )
        console.print(f"{snapshot.entries} entries, {snapshot.passages} passages: {snapshot.name}")


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="A technical question, in Chinese or English.")],
    limit: Annotated[int, typer.Option(min=1, max=50)] = 8,
) -> None:
    """Print the shortlist for a question."""
    from bot.app import prepare_database
    from bot.indexing import shelf_for
    from bot.terminal import shortlist_table
    from retrieval.encoder import load_encoder
    from retrieval.reranking import load_reranker
    from retrieval.search import Searcher

    with told():
        settings = load_settings()
        engine = prepare_database(settings)
        encoder = load_encoder(settings.embedding_model)
        reranker = load_reranker(settings.reranking_model)
        with closing(shelf_for(settings)) as shelf:
            hits = Searcher.open(shelf, encoder, reranker).search(question, limit=limit)
        Console().print(shortlist_table(engine, question, hits))


@app.command()
def evaluate(
    folders: Annotated[
        list[Path] | None,
        typer.Argument(help="Each holds corpus.jsonl, queries.jsonl, qrels.tsv."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    intervals: Annotated[
        bool, typer.Option("--intervals", help="In JSON: intervals and language pairs too.")
    ] = False,
    experts: Annotated[
        bool, typer.Option("--experts", help="Hold evidence out, and look for its entry.")
    ] = False,
    honesty: Annotated[
        bool, typer.Option("--honesty", help="Is a question refused once its answer is gone?")
    ] = False,
    replay: Annotated[
        bool, typer.Option("--replay", help="No DIR: what was asked and judged on this desk.")
    ] = False,
    compare: Annotated[
        str, typer.Option(help="A run saved before, EMBEDDING_MODEL=name, ASKED=no or WORDS=no.")
    ] = "",
    save: Annotated[Path | None, typer.Option(help="Keep each question's figures here.")] = None,
) -> None:
    """Measure retrieval on labelled sets: nDCG@10, recall@10 and MRR@10 of each stage."""
    from bot.measuring import Wanted, report

    with told():
        wanted = Wanted(as_json, intervals, experts, honesty, replay, compare, save)
        for line in report(load_settings(), folders or [], wanted):
            print(line)


@app.command()
def template(
    kind: Annotated[str, typer.Argument(help="experts, evidence, platforms, patents ...")],
    out: Annotated[Path | None, typer.Option(help="The file; KIND.xlsx by default.")] = None,
) -> None:
    """Write an empty XLSX with the columns of a kind and one example row."""
    from knowledge.importers import template as made

    with told():
        path = out or Path(f"{kind}.xlsx")
        path.write_bytes(made(kind))
        console.print(f"{path} written: fill it in, then `xiaoqi reload {path}`")


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


@contextmanager
def told() -> Iterator[None]:
    """Errors that a person can mend end in one sentence, not in a traceback."""
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


def log_to_stderr(settings: Settings) -> None:
    logging.basicConfig(
        level=settings.log_level,
        format="%(asctime)s %(levelname)s %(name)s %(message)s",
        stream=sys.stderr,
    )
    # These name whole requests, tokens included.
    for noisy in ("httpx", "telegram", "aiohttp.access"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


if __name__ == "__main__":
    app()
