"""What can go wrong with the search; every message says what to do."""


class EncoderError(ValueError):
    """The model is missing, damaged, cannot be loaded, or answers nonsense."""


class LabelledSetError(ValueError):
    """A folder is no labelled set."""


class SnapshotError(Exception):
    """A snapshot cannot be written or opened; the one in use stays in use."""


class NoSnapshotError(SnapshotError):
    """There is none, or none of that name."""


class BrokenSnapshotError(SnapshotError):
    """A file of it is missing, cut short or altered."""


class ForeignSnapshotError(SnapshotError):
    """Made by another model or another version of this program."""


class StoreAwayError(SnapshotError):
    """The database that keeps the index can't be reached now; nothing is wrong with the index."""
