"""Paths, folders, uploads and ZIPs of them, as (name, bytes) of single tables."""

import struct
import zlib
from collections.abc import Iterable, Iterator
from io import BytesIO
from lzma import LZMAError
from pathlib import Path
from zipfile import BadZipFile, ZipFile, ZipInfo

from knowledge.importers.budget import Budget
from knowledge.importers.problems import MendableError, Problems

Source = Path | tuple[str, bytes]
SUFFIXES = (".csv", ".tsv", ".txt", ".jsonl", ".ndjson", ".xlsx", ".xlsm")
_UTF8_NAME = 0x800
_CHUNK = 2**20
# zipfile lets out what its decoders and its arithmetic stumble over.
_ZIP_FAULTS = (
    BadZipFile,
    EOFError,
    LZMAError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
    struct.error,
    zlib.error,
)


def unpacked(
    sources: Iterable[Source], budget: Budget, problems: Problems
) -> Iterator[tuple[str, bytes]]:
    """Every table in the sources; what can't be taken in is a problem and left out."""
    for source in sources:
        name = _shown(source.name if isinstance(source, Path) else Path(source[0]).name)
        try:
            yield from _tables_in(source, name, budget, problems)
        except MendableError as error:
            problems.add(name, error)
        except OSError as error:
            problems.add(name, _unreadable(error))


def is_aside(name: str) -> bool:
    """Files that systems and editors leave beside: hidden ones, __MACOSX, ~$experts.xlsx."""
    return any(part.startswith((".", "__", "~$")) for part in _parts(name))


def _tables_in(
    source: Source, name: str, budget: Budget, problems: Problems
) -> Iterator[tuple[str, bytes]]:
    if isinstance(source, Path) and source.is_dir():
        inside = sorted(path for path in source.iterdir() if path.is_file())
        yield from unpacked(inside, budget, problems)
        return
    if is_aside(name):
        return
    suffix = Path(name).suffix.lower()
    if suffix == ".zip":
        yield from _zipped(name, _content(source, budget), budget, problems)
        return
    _require_table(suffix)
    budget.take_files(1)
    yield name, _content(source, budget)


def _content(source: Source, budget: Budget) -> bytes:
    if isinstance(source, tuple):
        budget.take(len(source[1]))
        return source[1]
    budget.take(source.stat().st_size)
    return source.read_bytes()


def _require_table(suffix: str) -> None:
    if suffix == ".xls":
        raise MendableError(
            "不支持旧版 .xls：请在 Excel 中另存为 .xlsx。",
            "an old .xls can't be read: save it in Excel as .xlsx.",
        )
    if suffix == ".zip":
        raise MendableError(
            "ZIP 里不能再套 ZIP：请把里面的文件直接放进一个 ZIP。",
            "a ZIP within a ZIP is not opened: put its files into one ZIP.",
        )
    if suffix not in SUFFIXES:
        raise MendableError(
            f"不支持“{suffix or '无扩展名'}”文件："
            "请发送 CSV、XLSX、JSONL 或它们的 ZIP，其他文件请拿掉。",
            f"{suffix or 'a file without suffix'} can't be read: send CSV, XLSX, JSONL or a ZIP of"
            " them, and leave other files out.",
        )


def _zipped(
    name: str, content: bytes, budget: Budget, problems: Problems
) -> Iterator[tuple[str, bytes]]:
    try:
        archive = ZipFile(BytesIO(content))
    except _ZIP_FAULTS:
        raise _broken_zip() from None
    with archive:
        inside = [entry for entry in archive.infolist() if not entry.filename.endswith("/")]
        inside = [entry for entry in inside if not is_aside(_name_of(entry))]
        budget.take_files(len(inside))
        for entry in inside:
            shown = "/".join([name, *_parts(_name_of(entry))])
            try:
                _require_table(Path(shown).suffix.lower())
                yield shown, _unzipped(archive, entry, budget)
            except MendableError as error:
                problems.add(shown, error)


def _unzipped(archive: ZipFile, entry: ZipInfo, budget: Budget) -> bytes:
    """What one entry holds. Counted as it comes: a bomb lies about its size."""
    if entry.flag_bits & 1:
        raise MendableError(
            "ZIP 加了密码：请不加密码重新压缩。", "the ZIP has a password: pack it without one."
        )
    budget.take(entry.file_size)
    pieces, size = [], 0
    try:
        with archive.open(entry) as part:
            while piece := part.read(_CHUNK):
                size += len(piece)
                if size > entry.file_size:
                    raise _broken_zip()
                pieces.append(piece)
    except _ZIP_FAULTS:
        raise _broken_zip() from None
    return b"".join(pieces)


def _name_of(entry: ZipInfo) -> str:
    """Chinese Windows writes names in GBK and marks nothing; zipfile takes those for CP437."""
    if entry.flag_bits & _UTF8_NAME:
        return entry.filename
    raw = entry.filename.encode("cp437", "replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return entry.filename


def _shown(name: str) -> str:
    """A file system may hold names that are no text; a report must be."""
    return name.encode(errors="replace").decode()


def _parts(name: str) -> list[str]:
    """A path's parts, without any that leads out of its folder; nothing is written by it."""
    parts = name.replace("\\", "/").split("/")
    return [part for part in parts if part not in ("", ".", "..")]


def _broken_zip() -> MendableError:
    return MendableError(
        "ZIP 损坏或压缩方式不支持：请重新压缩（普通 ZIP，不加密码）。",
        "the ZIP is broken or packed in an unknown way: pack it again as a plain ZIP.",
    )


def _unreadable(error: OSError) -> MendableError:
    return MendableError(
        f"文件读不了（{error.strerror}）：请检查路径和权限。",
        f"the file can't be read ({error.strerror}): check its path and rights.",
    )
