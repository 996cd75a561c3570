"""Files that people prepare, read and checked. docs/knowledge-format.md tells how they look."""

from knowledge.importers.batch import Batch, Placed
from knowledge.importers.kinds import FileKind
from knowledge.importers.problems import MAX_PROBLEMS, Problem
from knowledge.importers.reading import read_files
from knowledge.importers.templates import template
from knowledge.importers.unpacking import SUFFIXES

__all__ = [
    "MAX_PROBLEMS",
    "SUFFIXES",
    "Batch",
    "FileKind",
    "Placed",
    "Problem",
    "read_files",
    "template",
]
