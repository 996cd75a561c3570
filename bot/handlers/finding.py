"""Questions searched off the event loop, in the newest index there is."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from bot.desk.errors import RefusedError
from bot.desk.views import Found
from retrieval.encoder import load_encoder
from retrieval.gathering import Gathered
from retrieval.index import one_core
from retrieval.language import language_of
from retrieval.library import Library
from retrieval.reranking import load_reranker
from retrieval.search import Hit, Searcher
from retrieval.shelves import Shelf
from retrieval.snapshot import NoSnapshotError, SnapshotError

log = logging.getLogger(__name__)
T = TypeVar("T")
HITS = 50
# Questions that wait for one batch together, or are ranked side by side.
AT_ONCE = 16


class Finder:
    """Loads the models and the index in the background; a question asked meanwhile waits for them.

    Questions asked at the same moment are encoded together, by one core: the conversation has
    the others.
    """

    def __init__(self, model: str, shelf: Shelf, *, reranking: str = "") -> None:
        self._shelf = shelf
        self._told = ""
        self._threads = ThreadPoolExecutor(
            AT_ONCE, thread_name_prefix="finder", initializer=one_core
        )
        loop = asyncio.get_running_loop()
        self._loading = loop.run_in_executor(self._threads, self._load, model, reranking)

    async def find(self, question: str) -> Sequence[Found]:
        """What fits, best first. Raises RefusedError("no_knowledge") before the first load."""
        return await self._aside(search, question)

    async def likeness(self, first: str, second: str) -> float:
        """The cosine of two questions. Raises RefusedError as `find` does."""
        return await self._aside(Searcher.likeness, first, second)

    @property
    def library_now(self) -> Library | None:
        """None while it is loaded. Raises what ended the loading."""
        return self._loading.result() if self._loading.done() else None

    async def library(self) -> Library:
        return await asyncio.shield(self._loading)

    async def refresh(self) -> SnapshotError | None:
        """Take up a newer index. One that can't be opened is logged once, and the error returned;
        the old one goes on."""
        error = await asyncio.to_thread((await self.library()).refresh)
        told, self._told = self._told, str(error)
        if error is not None and not isinstance(error, NoSnapshotError) and told != str(error):
            log.error("the index was not taken up: %s", error)
        return error

    async def _aside(self, work: Callable[..., T], *given: str) -> T:
        """`work` with the searcher in use. Raises RefusedError("no_knowledge") without one."""
        library = await self.library()
        try:
            searcher = library.searcher
        except NoSnapshotError:
            raise RefusedError("no_knowledge") from None
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, work, searcher, *given)

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _load(self, model: str, reranking: str) -> Library:
        encoder = Gathered(load_encoder(model, threads=1))
        library = Library(self._shelf, encoder, load_reranker(reranking))
        error = library.refresh()
        if error is not None:
            log.warning("no index yet: %s", error)
        return library


def search(searcher: Searcher, question: str) -> list[Found]:
    """As the desk takes it."""
    hits = searcher.search(question, limit=HITS)
    language = language_of(question)
    return [
        Found(hit.entry, hit.score, hit.strength, quoted(hit, language), hit.trust) for hit in hits
    ]


def quoted(hit: Hit, language: str) -> str:
    """The best evidence that the asker can read, or else the best there is."""
    own = (evidence.text for evidence in hit.evidence if evidence.language == language)
    best = (evidence.text for evidence in hit.evidence)
    return next(own, next(best, ""))
