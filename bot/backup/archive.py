"""One ZIP file with a manifest: what is in it, of which schema, and the digest of each part."""

import json
import os
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import IO

FORMAT = 1
MANIFEST = "manifest.json"
DATABASE, SNAPSHOT, UPLOADS, KEYS = "database", "snapshot", "uploads", "message.keys"
_PIECE = 1 << 20


class BackupError(Exception):
    """Nothing was made, or nothing was restored; the text says why and what to do."""


@dataclass
class Manifest:
    """`schema`: the revision of the database; `kind`: sqlite or postgresql. `tables`: rows of
    each. `snapshot`: the name of the index, empty where it is built anew from the tables."""

    made_at: str
    version: str
    kind: str
    schema: str
    tables: dict[str, int]
    snapshot: str = ""
    files: dict[str, str] = field(default_factory=dict)
    format: int = FORMAT

    def require_rows(self, found: Mapping[str, int]) -> None:
        """Raises BackupError where a table has other rows than it says."""
        named = found.keys() | self.tables.keys()
        differ = sorted(name for name in named if found.get(name) != self.tables.get(name))
        if differ:
            raise BackupError(
                f"This backup does not hold what it says, in {', '.join(differ)}: take another one."
            )


class Writer:
    """Adds parts, each digested as it is written."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.files: dict[str, str] = {}

    @contextmanager
    def part(self, name: str) -> Iterator["Part"]:
        with self._archive.open(name, "w", force_zip64=True) as stream:
            made = Part(stream)
            yield made
        self.files[name] = made.digest

    def add(self, name: str, path: Path) -> None:
        with self.part(name) as part, path.open("rb") as source:
            while piece := source.read(_PIECE):
                part.write(piece)

    def add_folder(self, name: str, folder: Path) -> None:
        """Its files and those below, in a steady order."""
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.is_symlink():
                self.add(f"{name}/{path.relative_to(folder).as_posix()}", path)

    def finish(self, manifest: Manifest) -> None:
        manifest.files = self.files
        self._archive.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1))


class Part:
    """What is written goes into the archive and the digest."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream, self._sum = stream, sha256()

    def write(self, piece: bytes | memoryview) -> None:
        self._stream.write(piece)
        self._sum.update(piece)

    @property
    def digest(self) -> str:
        return self._sum.hexdigest()


@contextmanager
def writing(path: Path, *, force: bool = False) -> Iterator[Writer]:
    """A file that only its owner reads, and that is whole or not there."""
    if path.exists() and not force:
        raise BackupError(f"{path} is there already: name another file, or add --force.")
    beside = path.with_name(f".{path.name}.part")
    descriptor = os.open(beside, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "w+b") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
                yield Writer(archive)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


class Reader:
    """An archive whose every part has been found whole."""

    def __init__(self, archive: zipfile.ZipFile, manifest: Manifest) -> None:
        self._archive, self.manifest = archive, manifest

    def names(self, folder: str) -> list[str]:
        return [name for name in self.manifest.files if name.startswith(f"{folder}/")]

    def has(self, name: str) -> bool:
        return name in self.manifest.files

    def pieces(self, name: str) -> Iterator[bytes]:
        with self._archive.open(name) as stream:
            while piece := stream.read(_PIECE):
                yield piece

    def extract(self, name: str, target: Path) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        with self._archive.open(name) as stream, target.open("wb") as file:
            shutil.copyfileobj(stream, file, _PIECE)
            file.flush()
            os.fsync(file.fileno())

    def extract_folder(self, folder: str, target: Path) -> None:
        for name in self.names(folder):
            self.extract(name, target / name.removeprefix(f"{folder}/"))


@contextmanager
def reading(path: Path) -> Iterator[Reader]:
    """Every part is read through and compared first. Raises BackupError."""
    try:
        with zipfile.ZipFile(path) as archive:
            reader = Reader(archive, _manifest(archive))
            _compare(archive, reader)
            yield reader
    except (zipfile.BadZipFile, EOFError, zipfile.zlib.error) as error:  # type: ignore[attr-defined]
        raise _broken(path.name, "it is cut short or altered") from error


def _manifest(archive: zipfile.ZipFile) -> Manifest:
    try:
        found = json.loads(archive.read(MANIFEST))
        if found["format"] != FORMAT:
            raise BackupError(
                f"This backup has the format {found['format']}, and this Xiaoqi reads {FORMAT}:"
                " restore it with the version that made it."
            )
        return Manifest(**found)
    except (KeyError, ValueError, TypeError) as error:
        raise BackupError("This file is no backup of Xiaoqi: it has no manifest.") from error


def _compare(archive: zipfile.ZipFile, reader: Reader) -> None:
    there = set(archive.namelist()) - {MANIFEST}
    if there != reader.manifest.files.keys():
        raise _broken(archive.filename or "", "it holds other parts than it says")
    for name, digest in reader.manifest.files.items():
        parts = PurePosixPath(name).parts
        if PurePosixPath(name).is_absolute() or ".." in parts or "\\" in name:
            raise _broken(archive.filename or "", "a part of it lies outside")
        found = sha256()
        for piece in reader.pieces(name):
            found.update(piece)
        if found.hexdigest() != digest:
            raise _broken(archive.filename or "", f"{name} was altered")


def _broken(name: str, why: str) -> BackupError:
    return BackupError(f"The backup {Path(name).name} can't be used ({why}): take another one.")
