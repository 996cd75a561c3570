"""What people may have and have erased: one map of every table, which both follow."""

from collections.abc import Mapping

from bot.desk.rights.carried import CARRIED
from bot.desk.rights.handed import HANDED
from bot.desk.rights.holding import Holding
from bot.desk.rights.known import KNOWN
from bot.desk.rights.talked import CONDUCTED, TALKED
from bot.desk.rights.tools import TOOLS

# In the order in which they are given out: who one is, what one asked, what was done, what went.
ALL = (*KNOWN, *TALKED, *CONDUCTED, *HANDED, *TOOLS, *CARRIED)
HOLDINGS: Mapping[str, tuple[Holding, ...]] = {
    name: tuple(one for one in ALL if one.table == name)
    for name in dict.fromkeys(one.table for one in ALL)
}
# Tables that know nobody, and why.
NOBODY: Mapping[str, str] = {
    "passage": "public texts by which entries are found",
    "undertaking": "our own words on confidentiality",
    "worker": "processes that do the work",
    "lane_share": "which process does what part of it",
    "incident": "what was wrong with the desk itself",
}
