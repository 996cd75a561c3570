"""Who plays."""

from hypothesis import strategies as st

from tests.bot.desk.conftest import ADMIN, ASKER, LIAISON, MENTORS

SECOND_ASKER, SECOND_ADMIN, BOTH = 101, 402, MENTORS[2]
ADMINS = {ADMIN, SECOND_ADMIN}
ASKERS = (ASKER, SECOND_ASKER, BOTH)
OTHERS = (*MENTORS, LIAISON, ADMIN, SECOND_ADMIN)
CHATS = (ASKER, SECOND_ASKER, *OTHERS)
# Names that nobody may read who has not accepted their consultation.
HIDDEN = {ASKER: ("王老板", "宏达"), SECOND_ASKER: ("李老板", "恒泰")}
some = st.integers(0, 5)
