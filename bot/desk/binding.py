"""A mentor binds a forum group of their lab, if they run it and an admin approves."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from bot.delivery.outbox import owe_card
from bot.delivery.topics import close_topics, forget_closed, readdress
from bot.desk.errors import RefusedError
from bot.desk.members import chat_of, name_of, require_member, require_role, tell, tell_role
from bot.desk.opening import settle_in
from bot.desk.tables import TALKING, Consultation, LabEnd, LabGroup, LabState
from bot.desk.views import Member, NoticeView, Words
from knowledge.tables import PersonRole

RUNS_IT = frozenset({"creator", "administrator"})
IN_FORCE = (LabState.ASKED, LabState.BOUND)


@dataclass(frozen=True)
class Standing:
    """What Telegram says of a group now: who asked there, and what the bot may do.

    `status`: the mentor's, as getChatMember names it.
    """

    status: str
    is_forum: bool
    has_rights: bool


NOBODY = Standing("left", is_forum=False, has_rights=False)


@dataclass(frozen=True)
class LabView:
    """A group to be bound, for the admins and for the mentor."""

    lab: int
    title: str
    name: Words
    organisation: Words


def ask(
    session: Session, group: int, title: str, mentor_chat: int, standing: Standing, *, now: datetime
) -> None:
    """/bind in a group: the mentor's ownership is checked, and the admins are asked.

    What the group itself lacks can be mended until then.
    """
    member = _mentor(session, mentor_chat)
    if standing.status not in RUNS_IT:
        raise RefusedError("lab_not_yours")
    known = _in_force(session, member.person_id)
    if known is not None and known.chat_id == group:
        raise RefusedError("lab_bound" if known.state is LabState.BOUND else "lab_asked")
    if known is not None:
        raise RefusedError("lab_elsewhere", title=known.title)
    lab = LabGroup(chat_id=group, title=title[:255], mentor_id=member.person_id, asked_at=now)
    session.add(lab)
    session.flush()
    told = tell_role(session, PersonRole.ADMIN, "lab_wanted", _view(session, lab), now=now)
    code = "lab_sent" if told else "lab_nobody"
    codes = [code] if standing.is_forum and standing.has_rights else [code, "lab_prepare"]
    for said in codes:
        owe_card(session, group, "notice", NoticeView(said, {}), now=now, language=member.language)


def check(standing: Standing) -> None:
    """Raises RefusedError, with what is to be mended."""
    if standing.status not in RUNS_IT:
        raise RefusedError("lab_not_yours")
    if not standing.is_forum:
        raise RefusedError("lab_no_topics")
    if not standing.has_rights:
        raise RefusedError("lab_no_rights")


def place_asked(session: Session, chat_id: int, lab_id: int) -> tuple[int, int]:
    """(group, mentor's chat) of a request, for the check before it is approved."""
    require_role(session, chat_id, PersonRole.ADMIN)
    lab = _asked(session, lab_id)
    found = chat_of(session, lab.mentor_id)
    if found is None:
        raise RefusedError("lab_mentor_away")
    return lab.chat_id, found[0]


def approve(
    session: Session, chat_id: int, lab_id: int, standing: Standing, *, now: datetime
) -> None:
    """An admin binds the group, if its mentor still runs it; open consultations move in."""
    admin = require_role(session, chat_id, PersonRole.ADMIN)
    lab = _asked(session, lab_id)
    check(standing)
    lab.bind(admin.person_id, now)
    session.add(lab)
    session.flush()
    _say_decided(session, lab, now)
    forget_closed(session, lab.chat_id)
    for consultation in _talks(session, lab.mentor_id):
        settle_in(session, consultation, now)


def refuse(session: Session, chat_id: int, lab_id: int, *, now: datetime) -> None:
    admin = require_role(session, chat_id, PersonRole.ADMIN)
    lab = _asked(session, lab_id)
    lab.refuse(admin.person_id, now)
    session.add(lab)
    _say_decided(session, lab, now)


def unbind(
    session: Session, group: int, user_chat: int, standing: Standing, *, now: datetime
) -> None:
    """/unbind by one of its mentors, or by whoever runs the group."""
    labs = labs_in(session, group)
    member = next((lab for lab in labs if _is_theirs(session, lab, user_chat)), None)
    if member is None and standing.status not in RUNS_IT:
        raise RefusedError("lab_not_yours")
    ended = [member] if member is not None else labs
    if not ended:
        raise RefusedError("lab_unknown")
    for lab in ended:
        end(session, lab, LabEnd.UNBOUND, now)


def lost_rights(session: Session, group: int, *, now: datetime) -> None:
    """The bot can't open topics there any more; what is only asked for can still be mended."""
    for lab in labs_in(session, group):
        if lab.state is LabState.BOUND:
            end(session, lab, LabEnd.NO_RIGHTS, now)


def left(session: Session, group: int, reason: LabEnd, *, now: datetime) -> None:
    """The bot can't keep consultations in a group any more, for whatever reason."""
    for lab in labs_in(session, group):
        end(session, lab, reason, now)


def mentor_changed(
    session: Session, group: int, user_chat: int, status: str, *, now: datetime
) -> None:
    """Somebody's standing in a group is another one: a mentor who runs it no more loses it."""
    if status in RUNS_IT:
        return
    for lab in labs_in(session, group):
        if _is_theirs(session, lab, user_chat):
            end(session, lab, LabEnd.MENTOR_LEFT, now)


def moved(session: Session, old: int, new: int, *, now: datetime) -> None:  # noqa: ARG001 (use cases have a clock)
    """A group has become a supergroup, under another id; where it was known before, nothing is to
    be done."""
    for lab in labs_in(session, old):
        lab.chat_id = new
        session.add(lab)
    readdress(session, old, new)


def end(session: Session, lab: LabGroup, reason: LabEnd, now: datetime) -> None:
    """From now on the mentor's consultations are talked of in their own chat again."""
    was_bound = lab.state is LabState.BOUND
    lab.end(reason, now)
    session.add(lab)
    session.flush()
    view = {"title": lab.title, "reason": reason.value, "was_bound": was_bound}
    tell(session, lab.mentor_id, "lab_ended", view, now=now)
    if reason is LabEnd.UNBOUND:
        found = chat_of(session, lab.mentor_id)
        language = found[1] if found else "zh"
        owe_card(session, lab.chat_id, "lab_ended", view, now=now, language=language)
    if not was_bound:
        return
    theirs = select(Consultation.id).where(Consultation.mentor_id == lab.mentor_id)
    close_topics(session, lab.chat_id, [number or 0 for number in session.exec(theirs)])
    for talk in _talks(session, lab.mentor_id):
        notice = NoticeView("lab_reads_no_more", {"consultation": talk.id or 0})
        tell(session, talk.asker_id, "notice", notice, now=now, thread=talk.id)
        settle_in(session, talk, now)


def labs_in(session: Session, group: int) -> list[LabGroup]:
    """What is asked for or bound in a group."""
    found = select(LabGroup).where(LabGroup.chat_id == group, col(LabGroup.state).in_(IN_FORCE))
    return list(session.exec(found.order_by(col(LabGroup.id)).with_for_update()))


def _mentor(session: Session, chat_id: int) -> Member:
    """Whoever may bind a group. Raises RefusedError("lab_mentors_only")."""
    try:
        member = require_member(session, chat_id)
    except RefusedError:
        raise RefusedError("lab_mentors_only") from None
    if not member.has(PersonRole.MENTOR):
        raise RefusedError("lab_mentors_only")
    return member


def _in_force(session: Session, mentor_id: int) -> LabGroup | None:
    return session.exec(
        select(LabGroup)
        .where(LabGroup.mentor_id == mentor_id, col(LabGroup.state).in_(IN_FORCE))
        .with_for_update()
    ).first()


def _asked(session: Session, lab_id: int) -> LabGroup:
    lab = session.get(LabGroup, lab_id, with_for_update=True)
    if lab is None or lab.state is not LabState.ASKED:
        raise RefusedError("lab_decided")
    return lab


def _is_theirs(session: Session, lab: LabGroup, chat_id: int) -> bool:
    found = chat_of(session, lab.mentor_id)
    return found is not None and found[0] == chat_id


def _talks(session: Session, mentor_id: int) -> list[Consultation]:
    talks = select(Consultation).where(
        Consultation.mentor_id == mentor_id, col(Consultation.stage).in_(TALKING)
    )
    return list(session.exec(talks.order_by(col(Consultation.id))))


def _say_decided(session: Session, lab: LabGroup, now: datetime) -> None:
    """To the mentor, in the group, and on every admin's card."""
    view, bound = _view(session, lab), lab.state is LabState.BOUND
    card = "lab_bound" if bound else "lab_refused"
    tell(session, lab.mentor_id, card, view, now=now)
    found = chat_of(session, lab.mentor_id)
    language = found[1] if found else "zh"
    owe_card(session, lab.chat_id, card, view, now=now, language=language)
    tell_role(
        session, PersonRole.ADMIN, "lab_decided", {"title": lab.title, "bound": bound}, now=now
    )


def _view(session: Session, lab: LabGroup) -> LabView:
    name, organisation = name_of(session, lab.mentor_id)
    return LabView(lab.id or 0, lab.title, name, organisation)
