"""What tests of topics and labs do besides, in few words."""

from sqlmodel import col, select

from bot.delivery.tables import Topic, TopicState
from bot.desk import binding
from bot.desk.binding import Standing
from bot.desk.placing import TOPICS
from bot.desk.tables import LabGroup
from tests.bot.desk.conftest import ADMIN, MENTORS, NOW, Office

GROUP = -1_000_000_000_077
OWNER = Standing("creator", is_forum=True, has_rights=True)


def with_topics(office: Office) -> Office:
    """The bot's private chats have topics."""
    office.session.info[TOPICS] = True
    return office


def topics(office: Office, chat_id: int) -> list[Topic]:
    office.session.flush()
    query = select(Topic).where(Topic.chat_id == chat_id).execution_options(populate_existing=True)
    return list(office.session.exec(query))


def opened(office: Office, chat_id: int, consultation: int) -> int:
    """As the sender would: the topic that is owed is there; its number."""
    found = next(topic for topic in topics(office, chat_id) if topic.thread == consultation)
    found.state, found.number = TopicState.OPEN, 70_000 + (found.id or 0)
    office.session.add(found)
    office.session.flush()
    return found.number


def lab(office: Office) -> LabGroup:
    """The last one asked for."""
    found = office.session.exec(select(LabGroup).order_by(col(LabGroup.id).desc())).first()
    assert found is not None
    return found


def ask_to_bind(office: Office, mentor: int = 0, group: int = GROUP) -> LabGroup:
    binding.ask(office.session, group, "压铸课题组", MENTORS[mentor], OWNER, now=NOW)
    return lab(office)


def bind(office: Office, mentor: int = 0, group: int = GROUP) -> LabGroup:
    """A lab's group, asked for and approved."""
    asked = ask_to_bind(office, mentor, group)
    binding.approve(office.session, ADMIN, asked.id or 0, OWNER, now=NOW)
    return asked
