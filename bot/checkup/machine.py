"""What is on this machine: the folder, the model, the index."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import NamedTemporaryFile

from bot.checkup.findings import Finding, doubtful, fault, well
from bot.indexing import shelf_for
from bot.settings import Settings
from retrieval.encoder import Encoder, load_encoder
from retrieval.errors import EncoderError, NoSnapshotError, SnapshotError
from retrieval.reranking import load_reranker
from retrieval.search import Searcher

_MEGABYTE = 1 << 20


def look(settings: Settings) -> Iterator[Finding]:
    yield from folder(settings)
    try:
        encoder = load_encoder(settings.embedding_model)
        load_reranker(settings.reranking_model)
    except EncoderError as error:
        yield fault("model", str(error), "mend EMBEDDING_MODEL or RERANKING_MODEL")
        return
    yield well("model", f"{encoder.identity}, {encoder.dimension} dimensions")
    yield snapshot(settings, encoder)


def folder(settings: Settings) -> Iterator[Finding]:
    place = settings.var_folder
    if not place.is_dir():
        yield doubtful("folder", f"{place} is not there yet", "`xiaoqi run` makes it")
        return
    try:
        with NamedTemporaryFile(dir=place, prefix=".doctor"):
            yield well("folder", f"{place} can be written to")
    except OSError as error:
        yield fault("folder", f"{place}: {error.strerror}", f"let the bot's user write to {place}")
    yield space(place, settings.alert_disk_megabytes)


def space(place: Path, least: int) -> Finding:
    free = shutil.disk_usage(place).free // _MEGABYTE
    if free < least:
        return fault("disk", f"{free} MB left where {place} is", "free some space, now")
    if free < 4 * least:
        return doubtful("disk", f"{free} MB left where {place} is", "free some space soon")
    return well("disk", f"{free} MB left where {place} is")


def snapshot(settings: Settings, encoder: Encoder) -> Finding:
    """Opened as the bot opens it: every file is compared with its digest."""
    try:
        with closing(shelf_for(settings)) as shelf:
            found = Searcher.open(shelf, encoder).snapshot
    except NoSnapshotError as error:
        return doubtful("snapshot", str(error), "`xiaoqi reload FILES` loads what is to be found")
    except SnapshotError as error:
        return fault("snapshot", str(error), "the bot builds it anew; or reload")
    what = f"{found.entries} entries, {found.passages} passages, every digest holds"
    return well("snapshot", f"{found.name}: {what}")
