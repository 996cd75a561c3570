"""xiaoqi reload | ask | evaluate | template"""

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot.cli.frame import app, console, progress_bar, told
from bot.settings import load_settings


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
