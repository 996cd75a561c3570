"""What a file can hold, and how its name says so."""

import re
from enum import StrEnum
from pathlib import PurePosixPath


class FileKind(StrEnum):
    """In the order in which they are written: what is referred to comes first."""

    ORGANISATIONS = "organisations"
    PEOPLE = "people"
    EXPERTS = "experts"
    EVIDENCE = "evidence"
    PLATFORMS = "platforms"
    PATENTS = "patents"
    ACHIEVEMENTS = "achievements"
    ANSWERS = "answers"
    POLICIES = "policies"
    APPOINTMENTS = "appointments"
    DISPATCHES = "dispatches"

    @property
    def one(self) -> str:
        """The word for one row of it: organisation, person, expert ..."""
        return _ONE[self]

    @property
    def space(self) -> str:
        """Where its ids must be unique: all entries and their evidence share one space."""
        return self.value if self in _OWN_SPACE else "entries"


_ONE = {
    FileKind.ORGANISATIONS: "organisation",
    FileKind.PEOPLE: "person",
    FileKind.EXPERTS: "expert",
    FileKind.EVIDENCE: "evidence",
    FileKind.PLATFORMS: "platform",
    FileKind.PATENTS: "patent",
    FileKind.ACHIEVEMENTS: "achievement",
    FileKind.ANSWERS: "answer",
    FileKind.POLICIES: "policy",
    FileKind.APPOINTMENTS: "appointment",
    FileKind.DISPATCHES: "dispatch",
}
_OWN_SPACE = {
    FileKind.ORGANISATIONS,
    FileKind.PEOPLE,
    FileKind.APPOINTMENTS,
    FileKind.DISPATCHES,
}
IN_CHINESE = {
    FileKind.ORGANISATIONS: "单位",
    FileKind.PEOPLE: "人员",
    FileKind.EXPERTS: "专家",
    FileKind.EVIDENCE: "佐证",
    FileKind.PLATFORMS: "平台",
    FileKind.PATENTS: "专利",
    FileKind.ACHIEVEMENTS: "成果",
    FileKind.ANSWERS: "解答",
    FileKind.POLICIES: "政策",
    FileKind.APPOINTMENTS: "双聘",
    FileKind.DISPATCHES: "派驻",
}
_BY_WORD = (
    {kind.value: kind for kind in FileKind}
    | {kind.one: kind for kind in FileKind}
    | {word: kind for kind, word in IN_CHINESE.items()}
    | {"organizations": FileKind.ORGANISATIONS, "organization": FileKind.ORGANISATIONS}
)


def kind_of_name(name: str) -> FileKind | None:
    """`experts-machinery.csv` holds experts; None where the first word tells nothing."""
    word = re.split(r"[._\-\s（(]", PurePosixPath(name).name, maxsplit=1)[0]
    return _BY_WORD.get(word.strip().casefold())


def kind_of_word(word: str) -> FileKind:
    """Raises ValueError, naming the kinds there are."""
    kind = _BY_WORD.get(word.strip().casefold())
    if kind is None:
        raise ValueError(f"{word!r} is no kind of file; there are {', '.join(FileKind)}")
    return kind
