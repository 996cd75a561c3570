"""Snapshots: the whole state of the index in one folder, written beside, then pointed to.

root/000007/            passages.jsonl  columns.npz  vectors.faiss ...  manifest.json
root/CURRENT            the name of the one to open, swapped by a rename
root/.writing/          one that is being written; never opened, swept by the next writer
"""

import fcntl
import json
import os
import shutil
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import file_digest
from pathlib import Path
from typing import Any

from retrieval.errors import (
    BrokenSnapshotError,
    ForeignSnapshotError,
    NoSnapshotError,
    SnapshotError,
)

# Raised whenever an older program could not read what is written, or the other way round.
FORMAT = 3
KEPT = 5
MANIFEST, CURRENT, WRITING = "manifest.json", "CURRENT", ".writing"

# Writes all files of a snapshot into the folder it is given.
Fill = Callable[[Path], object]


@dataclass(frozen=True)
class Snapshot:
    """What the manifest says. `passages` counts indexed texts, long ones in pieces."""

    name: str
    folder: Path
    model: str
    dimension: int
    entries: int
    passages: int
    created: datetime


def publish(root: Path, fill: Fill, facts: Mapping[str, str | int]) -> Snapshot:
    """Write a new snapshot and make it the current one.

    At any failure the old one stays current. SnapshotError if the disk refuses.
    """
    try:
        root.mkdir(parents=True, exist_ok=True)
        with _alone(root):
            folder = _write(root, fill, facts)
            _point(root, folder.name)
            _sweep(root)
    except OSError as error:
        raise SnapshotError(
            f"The index could not be written to {root} ({error.strerror or error}). "
            "The former one stays in use; make room or mend the folder's rights, and reload."
        ) from error
    return _read(folder)


def current(root: Path) -> Snapshot:
    """The one pointed to, unverified. NoSnapshotError, BrokenSnapshotError."""
    try:
        name = (root / CURRENT).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        raise NoSnapshotError(f"There is no index in {root} yet. Run a reload.") from None
    return _read(root / name)


def list_snapshots(root: Path) -> list[Snapshot]:
    """All whose manifest can be read, oldest first."""
    found = []
    for folder in sorted(root.glob("[0-9]*")):
        try:
            found.append(_read(folder))
        except SnapshotError:
            # A broken one is no candidate to return to; opening it by name says why.
            continue
    return found


def activate(root: Path, name: str) -> Snapshot:
    """Make an old snapshot the current one, after verifying it."""
    if name not in {folder.name for folder in root.glob("[0-9]*")}:
        raise NoSnapshotError(f"There is no snapshot {name} in {root}.")
    found = _read(root / name)
    verified(found)
    with _alone(root):
        _point(root, name)
    return found


def verified(snapshot: Snapshot) -> Path:
    """Its folder, every file checked against the manifest; BrokenSnapshotError otherwise.

    The files are read through, but not into memory: 2 GB take about a second.
    """
    folder, sums = snapshot.folder, _manifest(snapshot.folder)["files"]
    with ThreadPoolExecutor(2, initializer=_give_way) as threads:
        found = [threads.submit(_checksum, folder / name) for name in sums]
    try:
        altered = [
            name for name, one in zip(sums, found, strict=True) if one.result() != sums[name]
        ]
    except OSError as error:
        raise _broken(folder, f"{error.filename}: {error.strerror}") from error
    if altered:
        raise _broken(folder, f"{', '.join(altered)}: cut short or altered")
    return folder


def _checksum(path: Path) -> str:
    with path.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()


def _give_way() -> None:
    """Let everything else go before this thread: a reload is no reason for a question to wait."""
    # Linux alone counts niceness by thread.
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 19)


def _write(root: Path, fill: Fill, facts: Mapping[str, str | int]) -> Path:
    writing = root / WRITING
    shutil.rmtree(writing, ignore_errors=True)
    writing.mkdir()
    fill(writing)
    sums = {}
    for path in sorted(writing.iterdir()):
        _settle(path)
        sums[path.name] = _checksum(path)
    # The manifest last: a folder that has one has everything.
    manifest = json.dumps({"format": FORMAT, **facts, "files": sums}, indent=1)
    _write_through(writing / MANIFEST, manifest)
    _settle(writing)
    names = [int(folder.name) for folder in root.glob("[0-9]*")]
    folder = root / f"{max(names, default=0) + 1:06}"
    writing.rename(folder)
    _settle(root)
    return folder


def _point(root: Path, name: str) -> None:
    fresh = root / f"{CURRENT}.new"
    _write_through(fresh, name)
    fresh.replace(root / CURRENT)
    _settle(root)


def _sweep(root: Path) -> None:
    pointed = (root / CURRENT).read_text(encoding="utf-8")
    for folder in sorted(root.glob("[0-9]*"))[:-KEPT]:
        if folder.name != pointed:
            shutil.rmtree(folder, ignore_errors=True)


def _read(folder: Path) -> Snapshot:
    manifest = _manifest(folder)
    if manifest.get("format") != FORMAT:
        raise ForeignSnapshotError(
            f"The snapshot {folder} was written by another version of this program. Run a reload."
        )
    try:
        return Snapshot(
            name=folder.name,
            folder=folder,
            created=datetime.fromtimestamp((folder / MANIFEST).stat().st_mtime, UTC),
            **{key: manifest[key] for key in ("model", "dimension", "entries", "passages")},
        )
    except KeyError as error:
        raise _broken(folder, f"its manifest lacks {error}") from error


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
    except (OSError, ValueError) as error:
        raise _broken(folder, f"its manifest cannot be read: {error}") from error
    if not isinstance(manifest, dict) or not isinstance(manifest.get("files", {}), dict):
        raise _broken(folder, "its manifest is not one")
    return manifest


def _broken(folder: Path, why: str) -> BrokenSnapshotError:
    return BrokenSnapshotError(
        f"The snapshot {folder} is broken ({why}). Run a reload, or activate an older one."
    )


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    """One writer at a time, over all processes; a second one waits."""
    with (root / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _write_through(path: Path, content: str) -> None:
    path.write_text(content, encoding="utf-8")
    _settle(path)


def _settle(path: Path) -> None:
    """Make a file's content, or the renames in a folder, survive a loss of power."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
