"""A batch meets the tables: what it would change, and the change itself."""

from knowledge.reload.checking import BadBatchError, check
from knowledge.reload.differences import Change, Diff
from knowledge.reload.writing import Applied, apply, plan

__all__ = ["Applied", "BadBatchError", "Change", "Diff", "apply", "check", "plan"]
