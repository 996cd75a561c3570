from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from sqlalchemy import event
from sqlmodel import Session, select

from knowledge.bonds import appointments_of, liaison_of, supervisors_of
from knowledge.queries import (
    counts,
    entries_by_key,
    entry_by_id,
    find_enterprises,
    find_people,
    passages,
)
from knowledge.reload import apply
from knowledge.tables import (
    Appointment,
    Entry,
    Organisation,
    OrganisationKind,
    Person,
    PersonRole,
    Role,
)
from tests.knowledge.making import BASE, NOW, base

TODAY = date(2026, 3, 2)


@contextmanager
def budget(session: Session, statements: int) -> Iterator[None]:
    """Fails unless exactly so many statements are sent, the opening of a transaction aside."""
    sent: list[str] = []

    def note(*args: object) -> None:
        if not str(args[2]).startswith("BEGIN"):
            sent.append(str(args[2]))

    bind = session.get_bind()
    event.listen(bind, "before_cursor_execute", note)
    try:
        yield
    finally:
        event.remove(bind, "before_cursor_execute", note)
    assert len(sent) == statements, sent


@pytest.fixture
def known(session: Session) -> Session:
    apply(session, base(), remove=False, now=NOW)
    session.commit()
    return session


def enterprise(session: Session) -> int:
    found = session.exec(select(Organisation.id).where(Organisation.key == "qinghe")).one()
    assert found is not None
    return found


def person(session: Session, key: str) -> Person:
    return session.exec(select(Person).where(Person.key == key)).one()


def test_a_shortlist_costs_one_query(known: Session) -> None:
    keys = [row["id"] for kind in ("experts", "platforms", "patents") for row in BASE[kind]]
    with budget(known, 1):
        found = entries_by_key(known, [*keys, "nobody"])
    assert set(found) == set(keys)


def test_an_expert_is_shown_with_name_and_university(known: Session) -> None:
    expert = entries_by_key(known, ["expert-lin"])["expert-lin"]
    assert expert.kind == "expert"
    assert (expert.person_name_zh, expert.organisation_name_en) == ("林望舒", "Zhejiang University")
    assert (expert.region, expert.industries, expert.fictional) == ("浙江", ("C", "I"), True)
    assert expert.person_id == person(known, "lin").id


def test_an_entry_is_found_by_its_number(known: Session) -> None:
    by_key = entries_by_key(known, ["patent-1"])["patent-1"]
    with budget(known, 1):
        assert entry_by_id(known, by_key.id) == by_key
    assert entry_by_id(known, 10**6) is None
    assert by_key.details == {
        "number": "ZL1",
        "patent_type": "invention",
        "inventors": ["lin"],
        "licence": "royalty",
        "fee": 30000,
        "royalty_percent": 1.5,
        "offered_until": "2028-12-31",
    }


def test_a_policy_has_a_region_of_its_own(known: Session) -> None:
    assert entries_by_key(known, ["policy-1"])["policy-1"].region == "浙江"


def test_every_text_is_indexed_in_each_language_it_is_written_in(known: Session) -> None:
    with budget(known, 1):
        found = list(passages(known))
    texts = {row.key: row.text for row in found}
    assert texts["expert-lin/summary/zh"] == "教授，高压铸造。解决气孔与热裂。"
    assert texts["expert-lin/summary/en"] == "Professor, die casting. Solves porosity and cracks."
    assert texts["ev-1/en"] == "Cut porosity on a block line."
    assert texts["platform-1/equipment/zh"] == "中试平台。800 吨压铸机"
    assert texts["answer-1/question/zh"] == "有气孔怎么办？"
    assert texts["answer-1/answer/zh"] == "有气孔怎么办。先查排气。"
    assert {row.kind for row in found if row.entry == "expert-lin"} == {"expert"}
    assert not {"ev-2/en", "platform-1/equipment/en", "patent-1/abstract/en"} & set(texts)
    assert [row.key for row in found] == sorted(texts)


def test_a_text_goes_with_the_titles_of_its_entry_and_the_names_behind_it(known: Session) -> None:
    (row,) = (row for row in passages(known) if row.key == "ev-1/en")
    entry = entries_by_key(known, ["expert-lin"])["expert-lin"]
    assert entry.title_zh in row.also.split("\n")
    names = {entry.person_name_zh, entry.person_name_en, entry.organisation_name_zh}
    assert all(names)
    assert names <= set(row.names.split("\n"))


def test_what_was_removed_is_neither_found_nor_counted(known: Session) -> None:
    before = counts(known)
    entry = known.exec(select(Entry).where(Entry.key == "patent-1")).one()
    entry.removed_at = NOW
    known.add(entry)
    known.commit()
    assert counts(known) == before | {"patent": 0}
    assert entries_by_key(known, ["patent-1"]) == {}
    assert "patent-1" not in {row.entry for row in passages(known)}


def test_an_expert_goes_with_the_person_but_their_answers_stay(known: Session) -> None:
    lin = person(known, "lin")
    lin.removed_at = NOW
    known.add(lin)
    known.commit()
    assert set(entries_by_key(known, ["expert-lin", "answer-1"])) == {"answer-1"}
    assert {row.entry for row in passages(known)}.isdisjoint({"expert-lin"})
    assert counts(known)["expert"] == 0
    assert find_people(known, "林望舒") == []


def test_counts_name_every_kind(known: Session) -> None:
    with budget(known, 1):
        assert set(counts(known).values()) == {1}
    assert list(counts(known)) == [
        "expert",
        "platform",
        "patent",
        "achievement",
        "answer",
        "policy",
    ]


@pytest.mark.parametrize("typed", ["望舒", "lin wangshu", "LinWang", " 林 望舒 ", "lin"])
def test_people_are_found_by_any_part_of_their_name_and_by_id(known: Session, typed: str) -> None:
    with budget(known, 1):
        found = find_people(known, typed)
    assert [view.name_zh for view in found] == ["林望舒"]
    assert found[0].organisation_name_zh == "浙江大学"


@pytest.mark.parametrize("typed", ["", "  ", "%", "_", "王"])
def test_nobody_is_found_by_nothing_or_by_a_wildcard(known: Session, typed: str) -> None:
    assert find_people(known, typed) == []
    assert find_enterprises(known, typed) == []


def test_the_closest_name_comes_first(session: Session) -> None:
    names = ("王小明明", "小明", "大王小明", "小明亮")
    for number, name in enumerate(names):
        session.add(Person(key=f"p{number}", name_zh=name))
    session.commit()
    assert [view.name_zh for view in find_people(session, "小明", limit=3)][:2] == [
        "小明",
        "小明亮",
    ]
    assert len(find_people(session, "小明", limit=3)) == 3


def test_an_asker_from_the_chat_is_not_offered_as_an_expert(known: Session) -> None:
    for name, role in (("林老板", PersonRole.ASKER), ("林博士", PersonRole.MENTOR)):
        newcomer = Person(name_zh=name)
        known.add(newcomer)
        known.flush()
        assert newcomer.id is not None
        known.add(Role(person_id=newcomer.id, role=role))
    known.commit()
    assert {view.name_zh for view in find_people(known, "林")} == {"林望舒", "林博士"}
    assert [view.name_zh for view in find_people(known, "林老板", role=PersonRole.ASKER)] == [
        "林老板"
    ]


def test_enterprises_are_found_but_no_universities(known: Session) -> None:
    known.add(Organisation(kind=OrganisationKind.ENTERPRISE, name_zh="清河新材料"))
    known.commit()
    with budget(known, 1):
        found = find_enterprises(known, "清河")
    assert {view.name_zh for view in found} == {"清河精密压铸有限公司", "清河新材料"}
    assert find_enterprises(known, "浙江大学") == []
    assert find_enterprises(known, "qinghe die")[0].tier == "specialised"


def test_an_appointment_counts_on_its_first_and_last_day_and_not_beyond(known: Session) -> None:
    home = enterprise(known)
    in_force = {
        day: len(appointments_of(known, home, day))
        for day in (
            date(2025, 12, 31),
            date(2026, 1, 1),
            date(2027, 12, 31),
            date(2028, 1, 1),
        )
    }
    assert list(in_force.values()) == [0, 1, 1, 0]
    with budget(known, 1):
        (bond,) = appointments_of(known, home, TODAY)
    assert (bond.mentor_id, bond.mentor_name_zh) == (person(known, "lin").id, "林望舒")


def test_an_appointment_that_was_ended_counts_no_more(known: Session) -> None:
    bond = known.exec(select(Appointment)).one()
    bond.ended_at = NOW
    known.add(bond)
    known.commit()
    assert appointments_of(known, enterprise(known), TODAY) == []


def test_the_liaison_is_the_student_sent_there_now(known: Session) -> None:
    home, pan = enterprise(known), person(known, "pan").id
    with budget(known, 1):
        assert liaison_of(known, home, TODAY) == pan
    assert liaison_of(known, home, date(2027, 1, 1)) is None


def test_a_student_has_a_supervisor_of_the_university_and_one_of_the_enterprise(
    known: Session,
) -> None:
    home, student = enterprise(known), person(known, "pan").id or 0
    lin = person(known, "lin").id
    # One person may be both: the enterprise's mentor stands in where none of its own is named.
    assert supervisors_of(known, student, home, TODAY) == [lin]
    inside = {**BASE["people"][0], "id": "zhu", "name_zh": "朱工", "organisation": "qinghe"}
    named = {**BASE["dispatches"][0], "enterprise_supervisor": "zhu"}
    apply(known, base(people=[*BASE["people"], inside], dispatches=[named]), remove=False, now=NOW)
    assert supervisors_of(known, student, home, TODAY) == [lin, person(known, "zhu").id]
    assert supervisors_of(known, student, home, date(2027, 1, 1)) == []
