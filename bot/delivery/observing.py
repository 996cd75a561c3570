"""What an onlooker is told of the delivery's work: codes and seconds, never whose or what."""

from typing import Protocol


class Observer(Protocol):
    """Called on the event loop; each returns at once and raises nothing."""

    def called(self, method: str, outcome: str, seconds: float) -> None:
        """A call to Telegram: its HTTP status, or not_sent, no_answer, too_large."""

    def failed(self, what: str, kind: str) -> None:
        """`what`: an update, a quarantine or a delivery. `kind`: a class of error or verdict."""


class Nobody:
    """Looks at nothing."""

    def called(self, method: str, outcome: str, seconds: float) -> None: ...

    def failed(self, what: str, kind: str) -> None: ...
