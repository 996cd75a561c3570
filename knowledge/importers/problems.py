"""What is wrong with a file, and how to mend it."""

from dataclasses import dataclass

# Nobody mends more in one go; the number of the rest is told.
MAX_PROBLEMS = 1000


@dataclass(frozen=True)
class Problem:
    """`row` and `column` as a person sees them: Excel's row number, the heading as it is written.

    Both messages say what is wrong and how to mend it.
    """

    file: str
    row: int | None
    column: str | None
    message_zh: str
    message_en: str

    def __str__(self) -> str:
        row = f", row {self.row}" if self.row is not None else ""
        column = f", column {self.column}" if self.column else ""
        return f"{self.file}{row}{column}: {self.message_en}"


class MendableError(ValueError):
    """A fault in what somebody wrote, in both languages; `column` where it names a heading."""

    def __init__(self, zh: str, en: str, column: str | None = None) -> None:
        super().__init__(en)
        self.zh, self.en, self.column = zh, en, column


class Problems:
    """Keeps the first MAX_PROBLEMS and counts them all."""

    def __init__(self) -> None:
        self.kept: list[Problem] = []
        self.count = 0

    def add(
        self, file: str, error: MendableError, row: int | None = None, column: str | None = None
    ) -> None:
        self.count += 1
        if len(self.kept) < MAX_PROBLEMS:
            self.kept.append(Problem(file, row, column or error.column, error.zh, error.en))
