"""A vague question is told by its hits and its length; fields of the people found separate them."""

from itertools import count

import pytest

from bot.desk.separating import (
    LEAST,
    LENGTH,
    VAGUE,
    fields_of,
    separating,
    vagueness,
    word_count,
)
from bot.desk.views import Found
from knowledge.views import EntryView

NUMBERS = count(1)


def found(*trusts: float) -> list[Found]:
    return [Found(f"expert-{n}", 0.5, "possible", "证据", trust) for n, trust in enumerate(trusts)]


def expert(title_zh: str, summary_zh: str = "", title_en: str = "") -> EntryView:
    number = next(NUMBERS)
    return EntryView(
        id=number,
        key=f"expert-{number}",
        kind="expert",
        title_zh=title_zh,
        title_en=title_en,
        summary_zh=summary_zh,
        summary_en="",
        organisation_name_zh="",
        organisation_name_en="",
        region="",
        person_id=number,
        person_name_zh="",
        person_name_en="",
        fictional=True,
        details={},
        industries=(),
    )


def test_few_words_that_nothing_answers_are_vague() -> None:
    assert vagueness("产品质量有问题", found(0.2, 0.2, 0.1)) > VAGUE


def test_a_hit_that_can_be_trusted_makes_a_short_question_specific() -> None:
    assert vagueness("ADC12压铸件气孔", found(0.2, 0.9)) < VAGUE


def test_who_says_much_is_not_vague_whatever_was_found() -> None:
    long = "380吨机，ADC12，浇口速度45米，加工到2毫米深就露气孔，增压已经加到90兆帕，还是不行"
    assert vagueness(long, found(0.2, 0.2)) < VAGUE < vagueness("气孔", found(0.2, 0.2))


def test_where_nothing_was_found_nothing_is_vague() -> None:
    assert vagueness("产品质量有问题", []) == 0


def test_words_are_counted_in_both_languages() -> None:
    assert word_count("we have a quality problem") == 5
    assert word_count("我们产品质量有问题") == pytest.approx(9 / 1.7)
    assert word_count("ADC12 压铸") == pytest.approx(1 + 2 / 1.7)


@pytest.mark.parametrize(
    ("title", "fields"),
    [
        ("教授，高压铸造", ["高压铸造"]),
        ("教授级高工，热处理", ["热处理"]),
        ("教授", []),
        ("高压铸造", ["高压铸造"]),
        ("教授，道地药材规范化种植、产地初加工与饮片质量控制",
         ["道地药材规范化种植", "产地初加工", "饮片质量控制"]),
        ("Professor, heat treatment", ["heat treatment"]),
        ("Research professor, corrosion and failure analysis", ["failure analysis"]),
        ("Professor, gear drives and flow analysis", ["gear drives", "flow analysis"]),
        ("Professor, welding of aluminium alloys", ["aluminium alloys"]),
        ("Professor, natural language processing for documents", ["language processing"]),
    ],
)  # fmt: skip
def test_a_field_is_what_follows_the_rank_and_a_long_one_is_cut(
    title: str, fields: list[str]
) -> None:
    assert fields_of(title) == fields
    assert all(len(field) <= LENGTH for field in fields)


def test_each_field_that_tells_people_apart_is_a_choice() -> None:
    people = [
        (expert("教授，高压铸造", "压铸件气孔"), 0.2),
        (expert("教授，铝合金焊接", "焊缝气孔"), 0.2),
        (expert("教授，橡胶配方", "密封圈"), 0.2),
    ]
    chosen = separating("产品有气孔", people, "zh")
    assert sorted(chosen) == sorted(["高压铸造", "铝合金焊接", "橡胶配方"])


def test_a_field_of_several_people_is_preferred_to_one_of_each() -> None:
    casters = [(expert(f"教授，压铸{word}", "高压铸造的老手"), 0.2) for word in ("模具", "涂料")]
    others = [(expert(f"教授，{word}", word), 0.2) for word in ("纺纱", "制革", "养虾")]
    chosen = separating("帮帮我们", [(expert("教授，高压铸造"), 0.2), *casters, *others], "zh")
    assert "高压铸造" in chosen
    assert not {"压铸模具", "压铸涂料"} & set(chosen)


def test_what_all_share_and_what_only_one_hardly_trusted_has_are_no_choices() -> None:
    people = [(expert(f"教授，{word}", "数控车床"), 0.3) for word in ("刀具", "夹具", "主轴")]
    shared, weak = expert("教授，数控车床"), expert("教授，印染", "棉布")
    total = 0.3 * 4 + 0.05
    assert 0.05 / total < LEAST
    chosen = separating("机床问题", [*people, (shared, 0.3), (weak, 0.05)], "zh")
    assert chosen
    assert not {"数控车床", "印染"} & set(chosen)


def test_what_the_question_names_already_is_no_choice() -> None:
    people = [(expert(f"教授，{word}"), 0.2) for word in ("热处理", "焊接", "铸造")]
    assert "热处理" not in separating("想找热处理专家", people, "zh")


def test_at_most_four_choices_and_most_people_among_them() -> None:
    fields = ["纺纱", "制革", "养虾", "印染", "压铸", "焊接"]
    people = [(expert(f"教授，{word}"), 0.2) for word in fields]
    assert len(separating("帮帮我们", people, "zh")) == 4
    crowd = [*people, *((expert("教授"), 0.2) for _ in range(4))]
    assert separating("帮帮我们", crowd, "zh") == []  # four of ten are not most of them


def test_where_fewer_than_two_fields_are_told_nothing_is_asked() -> None:
    assert separating("帮帮我们", [(expert("教授"), 0.2), (expert("讲师"), 0.2)], "zh") == []
    assert separating("帮帮我们", [(expert("教授，压铸"), 0.5), (expert("教授"), 0.5)], "zh") == []
    assert separating("帮帮我们", [], "zh") == []


def test_choices_are_in_the_askers_language_or_else_in_the_other() -> None:
    people = [
        (expert("教授，压铸", title_en="Professor, die casting"), 0.2),
        (expert("教授，焊接"), 0.2),
    ]
    assert sorted(separating("help", people, "en")) == ["die casting", "焊接"]


def test_the_same_people_are_always_told_apart_in_the_same_way() -> None:
    people = [(expert(f"教授，{word}"), 0.2) for word in ("纺纱", "制革", "养虾", "印染", "压铸")]
    assert separating("帮帮我们", people, "zh") == separating("帮帮我们", people, "zh")
