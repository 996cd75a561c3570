"""Questions searched off the event loop, in the newest index there is."""

import asyncio
import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from bot.desk.errors import RefusedError
from bot.desk.views import Found
from retrieval.encoder import Encoder, load_encoder
from retrieval.language import language_of
from retrieval.library import Library
from retrieval.search import Hit
from retrieval.shelves import Shelf
from retrieval.snapshot import NoSnapshotError

log = logging.getLogger(__name__)
HITS = 50


class Finder:
    """Loads the model and the index in the background; a question asked meanwhile waits for them.

    One thread: the encoder uses the processor's cores by itself.
    """

    def __init__(self, model: str, shelf: Shelf) -> None:
        self._shelf = shelf
        self._threads = ThreadPoolExecutor(1, thread_name_prefix="finder")
        loop = asyncio.get_running_loop()
        self._loading = loop.run_in_executor(self._threads, self._load, model)

    async def find(self, question: str) -> Sequence[Found]:
        """What fits, best first. Raises RefusedError("no_knowledge") before the first load."""
        library = await self.library()
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, search, library, question)

    async def library(self) -> Library:
        return (await asyncio.shield(self._loading))[1]

    async def encoder(self) -> Encoder:
        return (await asyncio.shield(self._loading))[0]

    async def refresh(self) -> None:
        """Take up a newer index. One that can't be opened is logged; the old one goes on."""
        error = await asyncio.to_thread((await self.library()).refresh)
        if error is not None and not isinstance(error, NoSnapshotError):
            log.error("the index was not taken up: %s", error)

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _load(self, model: str) -> tuple[Encoder, Library]:
        encoder = load_encoder(model)
        library = Library(self._shelf, encoder)
        error = library.refresh()
        if error is not None:
            log.warning("no index yet: %s", error)
        return encoder, library


def search(library: Library, question: str) -> list[Found]:
    """Raises RefusedError("no_knowledge") where nothing is loaded."""
    try:
        hits = library.searcher.search(question, limit=HITS)
    except NoSnapshotError:
        raise RefusedError("no_knowledge") from None
    language = language_of(question)
    return [Found(hit.entry, hit.score, hit.strength, quoted(hit, language)) for hit in hits]


def quoted(hit: Hit, language: str) -> str:
    """The best evidence that the asker can read, or else the best there is."""
    own = (evidence.text for evidence in hit.evidence if evidence.language == language)
    best = (evidence.text for evidence in hit.evidence)
    return next(own, next(best, ""))
