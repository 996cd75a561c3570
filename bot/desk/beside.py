"""Who is beside a talk and not in it: why what they write in it goes to nobody."""

from sqlmodel import Session, select

from bot.desk.errors import RefusedError
from bot.desk.tables import Chat, Consultation, Follow, Message, Transfer, TransferState


def refusal_of(
    session: Session, person_id: int, consultation_id: int, otherwise: str
) -> RefusedError:
    """For who had it before, who follows it, or anybody else."""
    code = otherwise
    if was_mentor(session, person_id, consultation_id):
        code = "transferred_away"
    elif _follows(session, person_id, consultation_id):
        code = "follower_reads"
    return RefusedError(code, consultation=consultation_id)


def refuse_reply(session: Session, chat_id: int, consultation_id: int) -> None:
    """Raises why a reply to something of this consultation goes to nobody."""
    found = select(Chat.person_id).where(Chat.chat_id == chat_id)
    person_id = session.exec(found).one()
    raise refusal_of(session, person_id, consultation_id, "accept_first")


def require_still(session: Session, message: Message, consultation: Consultation) -> None:
    """Raises RefusedError("transferred_away") where its writer's talk is another mentor's now."""
    if message.by_asker:
        return
    found = select(Chat.person_id).where(Chat.chat_id == message.chat_id)
    writer = session.exec(found).first()
    number = message.consultation_id
    if writer is None or writer == consultation.mentor_id:
        return
    if was_mentor(session, writer, number):
        raise RefusedError("transferred_away", consultation=number)


def was_mentor(session: Session, person_id: int, consultation_id: int) -> bool:
    """Whether a talk was theirs before it went to somebody else."""
    given = select(Transfer.id).where(
        Transfer.consultation_id == consultation_id,
        Transfer.from_id == person_id,
        Transfer.state == TransferState.ACCEPTED,
    )
    return session.exec(given).first() is not None


def _follows(session: Session, person_id: int, consultation_id: int) -> bool:
    found = select(Follow.id).where(
        Follow.consultation_id == consultation_id, Follow.person_id == person_id
    )
    return session.exec(found).first() is not None
