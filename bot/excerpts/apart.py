"""Files that strangers send are read in a process of their own, bounded and killed in time."""

import asyncio
import json
import os
import sys
from contextlib import suppress
from typing import Literal

from bot.excerpts.limits import AT_ONCE, MOST_BYTES, PATIENCE_SECONDS

Why = Literal["too_large", "locked", "too_much", "broken", "no_text", "too_slow", "unfetched"]

_SUFFIXES = {".pdf": "pdf", ".docx": "docx", ".txt": "text", ".md": "text"}
_TYPES = {
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "text/plain": "text",
}


class UnreadableError(Exception):
    """Why a file can't be read; `why` is one of Why."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why


def kind_of(name: str, mime: str) -> str:
    """`pdf`, `docx`, `text`, or nothing for what is not read."""
    dot = name.rfind(".")
    return _SUFFIXES.get(name[dot:].lower() if dot >= 0 else "") or _TYPES.get(mime, "")


def _surroundings() -> dict[str, str]:
    """What Python needs to start; no key and no token goes where a stranger's file is read."""
    names = ("PATH", "PYTHONPATH", "LANG", "LC_ALL", "SYSTEMROOT")
    return {name: os.environ[name] for name in names if name in os.environ}


class Reader:
    """Reads files, so many at once; `patience` is the seconds that one may take."""

    def __init__(self, patience: float = PATIENCE_SECONDS) -> None:
        self._patience = patience
        self._room = asyncio.Semaphore(AT_ONCE)

    async def read(self, kind: str, content: bytes) -> str:
        """The first words of a file. Raises UnreadableError."""
        if len(content) > MOST_BYTES:
            raise UnreadableError("too_large")
        async with self._room:
            answer = await self._apart(kind, content)
        if "text" not in answer:
            raise UnreadableError(answer.get("why", "broken"))
        return str(answer["text"])

    async def _apart(self, kind: str, content: bytes) -> dict[str, Why]:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot.excerpts", kind),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=_surroundings(),
        )
        try:
            async with asyncio.timeout(self._patience):
                said, _ = await process.communicate(content)
        except TimeoutError:
            return {"why": "too_slow"}
        finally:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
        try:
            answer: dict[str, Why] = json.loads(said)
        except ValueError:  # killed by its bounds before it could say so
            return {"why": "too_much"}
        return answer
