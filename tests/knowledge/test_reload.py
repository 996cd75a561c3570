from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from knowledge.bonds import appointments_of
from knowledge.importers import Batch
from knowledge.queries import entries_by_key, find_people, passages
from knowledge.reload import BadBatchError, apply, check, plan
from knowledge.tables import (
    Appointment,
    Entry,
    Organisation,
    OrganisationKind,
    Passage,
    Person,
    PersonRole,
    Role,
)
from tests.knowledge.making import BASE, LATER, NOW, base, read, told

EXPERT = BASE["experts"][0]
PLATFORM = BASE["platforms"][0]


def load(session: Session, batch: Batch, *, remove: bool = False) -> int:
    """Write and commit; how many texts were written."""
    written = apply(session, batch, remove=remove, now=NOW).passages
    session.commit()
    return written


def everything(session: Session) -> list[object]:
    """All that a reload can change, the passages with their row ids."""
    tables = (Organisation, Person, Role, Entry, Passage, Appointment)
    return [row.model_dump() for table in tables for row in session.exec(select(table)).all()]


def roles_of(session: Session, key: str) -> set[str]:
    held = select(Role.role).join(Person, col(Person.id) == Role.person_id)
    return {role.value for role in session.exec(held.where(Person.key == key))}


def test_a_plan_tells_what_is_new_and_writes_nothing(session: Session) -> None:
    diff = plan(session, base())
    assert {kind: (c.added, c.changed, c.removed) for kind, c in diff.kinds.items()} == {
        "organisation": (2, 0, 0),
        "person": (2, 0, 0),
        "expert": (1, 0, 0),
        "evidence": (2, 0, 0),
        "platform": (1, 0, 0),
        "patent": (1, 0, 0),
        "achievement": (1, 0, 0),
        "answer": (1, 0, 0),
        "policy": (1, 0, 0),
        "appointment": (1, 0, 0),
        "dispatch": (1, 0, 0),
    }
    assert diff.kinds["expert"].examples == ("+ expert-lin 教授，高压铸造",)
    assert everything(session) == []


def test_applying_the_same_files_twice_changes_nothing(session: Session) -> None:
    load(session, base())
    before = everything(session)
    assert load(session, base(), remove=True) == 0
    assert everything(session) == before
    changes = plan(session, base()).kinds.values()
    assert not any(change.added or change.changed or change.removed for change in changes)


def test_only_the_changed_entry_gets_new_passages(session: Session) -> None:
    load(session, base())
    before = {row.key: row.id for row in session.exec(select(Passage))}
    changed = {**PLATFORM, "equipment_zh": "CT 探伤机"}
    diff = plan(session, base("platforms", "policies", platforms=[changed]))
    assert (diff.kinds["platform"].changed, diff.kinds["policy"].changed) == (1, 0)
    load(session, base("platforms", "policies", platforms=[changed]))
    after = {row.key: row.id for row in session.exec(select(Passage))}
    assert after.keys() == before.keys()
    assert {key for key in after if after[key] != before[key]} <= {
        key for key in after if key.startswith("platform-1/")
    }
    texts = {row.key: row.text for row in passages(session)}
    assert texts["platform-1/equipment/zh"] == "中试平台。CT 探伤机"


def test_evidence_can_be_loaded_alone(session: Session) -> None:
    load(session, base("organisations", "people", "experts"))
    assert load(session, base("evidence")) == 3
    mended = [{**BASE["evidence"][0], "text_en": "", "text_zh": "气孔率降到 1%。"}]
    assert plan(session, read(evidence=mended)).kinds["evidence"].changed == 1
    assert load(session, read(evidence=mended)) == 1
    texts = {row.key: row.text for row in passages(session)}
    assert texts["ev-1/zh"] == "气孔率降到 1%。"
    assert "ev-1/en" not in texts
    assert "expert-lin/summary/zh" in texts


def test_changing_an_expert_leaves_the_evidence(session: Session) -> None:
    load(session, base())
    load(session, read(experts=[{**EXPERT, "summary_en": ""}]))
    keys = {row.key for row in passages(session) if row.entry == "expert-lin"}
    assert keys == {"expert-lin/summary/zh", "ev-1/zh", "ev-1/en", "ev-2/zh"}


def test_what_files_no_longer_name_stays_unless_it_is_to_go(session: Session) -> None:
    load(session, base())
    other = read(platforms=[{**PLATFORM, "id": "platform-2", "officer": ""}])
    assert plan(session, other).kinds["platform"].removed == 1
    assert apply(session, other, remove=False, now=NOW).kinds["platform"].removed == 0
    assert set(entries_by_key(session, ["platform-1", "patent-1"])) == {"platform-1", "patent-1"}
    assert apply(session, other, remove=True, now=NOW).kinds["platform"].removed == 1
    assert set(entries_by_key(session, ["platform-1", "patent-1"])) == {"patent-1"}
    gone = session.exec(select(Entry).where(Entry.key == "platform-1")).one()
    assert gone.removed_at == NOW


def test_what_was_removed_returns_under_its_old_number(session: Session) -> None:
    load(session, base())
    number = entries_by_key(session, ["platform-1"])["platform-1"].id
    load(session, read(platforms=[{**PLATFORM, "id": "platform-2"}]), remove=True)
    diff = plan(session, base("platforms"))
    assert (diff.kinds["platform"].added, diff.kinds["platform"].removed) == (1, 1)
    load(session, base("platforms"))
    assert entries_by_key(session, ["platform-1"])["platform-1"].id == number
    assert "platform-1/capability/zh" in {row.key for row in passages(session)}


def test_removed_evidence_is_searched_no_more(session: Session) -> None:
    load(session, base())
    load(session, read(evidence=BASE["evidence"][:1]), remove=True)
    keys = {row.key for row in passages(session) if row.entry == "expert-lin"}
    assert "ev-1/zh" in keys
    assert "ev-2/zh" not in keys


def test_a_file_that_refers_to_a_person_does_not_remove_them(session: Session) -> None:
    load(session, base())
    newcomer = {"id": "new", "name_zh": "新人", "organisation": "zju"}
    load(session, read(people=[newcomer], experts=[EXPERT]), remove=True)
    assert [person.key for person in find_people(session, "林望舒")] == ["lin"]
    assert find_people(session, "潘小满") == []


def test_people_of_the_chat_are_never_touched(session: Session) -> None:
    session.add(Person(name_zh="王老板"))
    session.add(Organisation(kind=OrganisationKind.ENTERPRISE, name_zh="王记"))
    session.commit()
    load(session, base(), remove=True)
    boss = session.exec(select(Person).where(Person.name_zh == "王老板")).one()
    firm = session.exec(select(Organisation).where(Organisation.name_zh == "王记")).one()
    assert (boss.removed_at, firm.removed_at) == (None, None)


def test_roles_are_added_and_never_taken(session: Session) -> None:
    load(session, base())
    assert roles_of(session, "lin") == {"mentor"}
    lin = session.exec(select(Person.id).where(Person.key == "lin")).one()
    session.add(Role(person_id=lin or 0, role=PersonRole.ADMIN))
    session.commit()
    load(session, read(people=[{**BASE["people"][0], "roles": "officer"}]))
    assert roles_of(session, "lin") == {"mentor", "admin", "officer"}


def test_a_language_chosen_in_the_chat_outlives_a_reload(session: Session) -> None:
    load(session, base())
    pan = session.exec(select(Person).where(Person.key == "pan")).one()
    assert pan.language == "en"
    pan.language = "zh"
    session.add(pan)
    session.commit()
    load(session, read(people=[{**BASE["people"][1], "name_en": "Pan X."}]))
    session.expire_all()
    pan = session.exec(select(Person).where(Person.key == "pan")).one()
    assert (pan.language, pan.name_en) == ("zh", "Pan X.")


def test_an_appointment_that_an_admin_ended_stays_ended(session: Session) -> None:
    load(session, base())
    bond = session.exec(select(Appointment)).one()
    bond.ended_at = NOW
    session.add(bond)
    session.commit()
    load(session, base("appointments"))
    assert appointments_of(session, bond.enterprise_id, NOW.date()) == []


def test_an_appointment_that_files_no_longer_name_ends(session: Session) -> None:
    load(session, base())
    home = session.exec(select(Appointment.enterprise_id)).one()
    other = {**BASE["appointments"][0], "id": "appointment-2", "mentor": "pan"}
    load(session, read(appointments=[other]), remove=True)
    assert [bond.mentor_name_zh for bond in appointments_of(session, home, NOW.date())] == [
        "潘小满"
    ]
    load(session, base("appointments"))
    assert len(appointments_of(session, home, NOW.date())) == 2
    assert roles_of(session, "pan") == {"liaison", "mentor"}


def test_an_id_that_nobody_bears_is_reported_at_its_place(session: Session) -> None:
    batch = check(session, base("experts"))
    assert told(batch) == [
        "experts.jsonl, row 1, column person: no row of people has the id 'lin': correct it, or"
        " add that row to people."
    ]
    load(session, base("organisations", "people"))
    assert check(session, base("experts")).problem_count == 0


def test_a_removed_person_can_not_be_referred_to(session: Session) -> None:
    load(session, base())
    load(session, read(people=BASE["people"][1:]), remove=True)
    assert "'lin'" in told(check(session, base("experts")))[0]


def test_a_university_of_the_database_employs_nobody_as_enterprise(session: Session) -> None:
    load(session, base())
    bond = {**BASE["appointments"][0], "enterprise": "zju"}
    assert "is no enterprise" in told(check(session, read(appointments=[bond])))[0]


def test_an_id_of_another_kind_is_not_taken_over(session: Session) -> None:
    load(session, base())
    clash = read(patents=[{**BASE["patents"][0], "id": "platform-1"}])
    assert "belongs to another kind in the database (platform)" in told(check(session, clash))[0]
    with pytest.raises(BadBatchError):
        apply(session, clash, remove=False, now=NOW)


@pytest.mark.parametrize("known_before", [False, True])
def test_a_bad_batch_changes_nothing(session: Session, known_before: bool) -> None:
    if known_before:
        load(session, base())
    before = everything(session)
    bad = base(patents=[{**BASE["patents"][0], "licence": "cheap"}])
    for act in (plan, lambda s, b: apply(s, b, remove=True, now=NOW)):
        with pytest.raises(BadBatchError, match="cheap") as raised:
            act(session, bad)
        assert raised.value.problem_count == 1
        session.commit()
    assert everything(session) == before


def test_a_load_that_breaks_off_leaves_nothing(session: Session) -> None:
    apply(session, base(), remove=False, now=NOW)
    session.rollback()
    assert everything(session) == []


def test_times_of_removal_are_those_of_the_load(session: Session) -> None:
    load(session, base())
    only = read(people=BASE["people"][1:], organisations=BASE["organisations"])
    apply(session, only, remove=True, now=LATER)
    session.commit()
    lin = session.exec(select(Person).where(Person.key == "lin")).one()
    assert lin.removed_at == LATER
    assert lin.removed_at - NOW > timedelta(days=30)
