"""What was found of each part."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Finding:
    """`mend`: what to do, where there is something. A fault keeps the desk from its work; what is
    doubtful does not, yet."""

    part: str
    state: Literal["well", "doubtful", "fault"]
    told: str
    mend: str = ""


def well(part: str, told: str) -> Finding:
    return Finding(part, "well", told)


def doubtful(part: str, told: str, mend: str) -> Finding:
    return Finding(part, "doubtful", told, mend)


def fault(part: str, told: str, mend: str = "") -> Finding:
    return Finding(part, "fault", told, mend)
