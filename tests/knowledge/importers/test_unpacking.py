import io
import struct
import zipfile
import zlib

import pytest

from knowledge.importers import FileKind, read_files
from tests.knowledge.making import BASE, csv_of, jsonl, told, xlsx_of, zipped

PEOPLE = csv_of(BASE["people"])


def test_a_zip_holds_tables_of_every_format_in_folders_or_not() -> None:
    content = zipped(
        {
            "people.csv": PEOPLE,
            "a/b/organisations.jsonl": jsonl(BASE["organisations"]),
            "a/policies.xlsx": xlsx_of([["id", "title_zh", "summary_zh"], ["x", "y", "z"]]),
            "__MACOSX/._people.csv": b"\0\1",
            ".DS_Store": b"\0",
            "~$people.xlsx": b"\0",
        }
    )
    batch = read_files([("upload.zip", content)])
    assert told(batch) == []
    assert {kind.value for kind in batch.rows} == {"people", "organisations", "policies"}
    assert batch.rows[FileKind.ORGANISATIONS][0].file == "upload.zip/a/b/organisations.jsonl"


def test_a_name_that_leads_out_of_the_zip_leads_nowhere() -> None:
    batch = read_files([("x.zip", zipped({"../../etc/people.csv": PEOPLE}))])
    assert batch.rows[FileKind.PEOPLE][0].file == "x.zip/etc/people.csv"


def test_names_in_gbk_are_read() -> None:
    batch = read_files([("x.zip", zipped_as("人员.csv".encode("gbk"), PEOPLE))])
    assert [placed.file for placed in batch.rows[FileKind.PEOPLE]] == ["x.zip/人员.csv"] * 2


def zipped_as(name: bytes, content: bytes, *, size: int | None = None, flags: int = 0) -> bytes:
    """A ZIP with one entry under these very bytes of a name; `size` is what it claims to hold."""
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = packed.compress(content) + packed.flush()
    claimed = len(content) if size is None else size
    fields = (20, flags, 8, 0, 0, zlib.crc32(content), len(body), claimed, len(name))
    local = b"PK\x03\x04" + struct.pack("<HHHHHIIIHH", *fields, 0) + name
    central = b"PK\x01\x02" + struct.pack("<HHHHHHIIIHHHHHII", 20, *fields, 0, 0, 0, 0, 0, 0) + name
    end = struct.pack("<HHHHIIH", 0, 0, 1, 1, len(central), len(local + body), 0)
    return local + body + central + b"PK\x05\x06" + end


def test_a_bomb_that_says_so_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("knowledge.importers.budget.MAX_BYTES", 10_000)
    content = zipped({"people.csv": b"\0" * 100_000})
    assert len(content) < 1000
    assert told(read_files([("bomb.zip", content)])) == [
        "bomb.zip/people.csv: unpacked it passes 0 MB: send it in parts, without pictures and the"
        " like."
    ]


def test_a_bomb_that_lies_about_its_size_is_not_unpacked() -> None:
    content = zipped_as(b"people.csv", b"id,name_zh\n" + b"p,x\n" * 100_000, size=20)
    assert "the ZIP is broken" in told(read_files([("bomb.zip", content)]))[0]


def test_many_small_files_add_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("knowledge.importers.budget.MAX_BYTES", 10_000)
    content = zipped({f"people-{n}.csv": PEOPLE + b"\n" * 3_000 for n in range(9)})
    assert any("passes" in line for line in told(read_files([("x.zip", content)])))


def test_a_workbook_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("knowledge.importers.budget.MAX_BYTES", 60_000)
    content = xlsx_of([["id", "name_zh"], *([f"p{n}", "王" * 10] for n in range(3_000))])
    assert len(content) < 60_000
    assert "unpacked it passes" in told(read_files([("people.xlsx", content)]))[0]


def test_too_many_files_are_refused_before_any_is_read() -> None:
    content = zipped({f"people-{n}.csv": b"" for n in range(501)})
    assert told(read_files([("x.zip", content)])) == [
        "x.zip: there are more than 500 files: join them or send them in parts."
    ]


def test_a_bad_file_in_a_zip_does_not_hide_the_others() -> None:
    content = zipped({"experts.xls": b"", "notes.docx": b"", "in.zip": b"", "people.csv": PEOPLE})
    batch = read_files([("x.zip", content)])
    assert [line.split(":")[0] for line in told(batch)] == [
        "x.zip/experts.xls",
        "x.zip/notes.docx",
        "x.zip/in.zip",
    ]
    assert len(batch.rows[FileKind.PEOPLE]) == 2


def test_a_zip_with_a_password_says_so() -> None:
    content = zipped_as(b"people.csv", PEOPLE, flags=1)
    assert "has a password" in told(read_files([("x.zip", content)]))[0]


@pytest.mark.parametrize(
    "content", [b"", b"PK", b"not a zip", zipped({"people.csv": PEOPLE})[:-30]]
)
def test_a_broken_zip_says_so(content: bytes) -> None:
    assert "the ZIP is broken" in told(read_files([("x.zip", content)]))[0]


def test_an_entry_whose_content_was_damaged_is_refused() -> None:
    content = bytearray(zipped({"people.csv": PEOPLE}))
    content[60] ^= 0xFF
    assert "the ZIP is broken" in told(read_files([("x.zip", bytes(content))]))[0]


def test_a_zip_within_memory_is_left_as_it_was() -> None:
    content = zipped({"people.csv": PEOPLE})
    read_files([("x.zip", content)])
    assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None
