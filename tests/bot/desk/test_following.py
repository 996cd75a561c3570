"""What is typed beside a draft goes on with it, or is a question of its own; both are said."""

import pytest
from sqlmodel import select

from bot.desk import asking, choosing, following
from bot.desk.errors import RefusedError
from bot.desk.tables import Candidate, Stage
from bot.desk.views import Found, Heard
from tests.bot.desk.conftest import ASKER, NOW, QUESTION, Office

FOUND = [Found("expert-1", 0.9, "strong", "证据")]
OTHERS = [Found("expert-2", 0.9, "strong", "佐证")]


def follow(office: Office, text: str) -> Heard:
    heard = office.heard(ASKER, text)
    draft = following.draft_of(office.session, heard)
    assert draft is not None
    assert draft.follows
    following.follow(office.session, heard, draft, OTHERS, now=NOW)
    return heard


def keys(office: Office, number: int) -> list[str]:
    chosen = select(Candidate.entry_key).where(Candidate.consultation_id == number)
    return list(office.session.exec(chosen))


def test_all_turns_are_one_question_with_one_shortlist_and_are_forwarded(office: Office) -> None:
    number = office.ask()
    follow(office, "那  铸铁\n呢")
    assert office.consultation(number).question == f"{QUESTION}\n那 铸铁 呢"
    assert keys(office, number) == ["expert-2"]
    assert office.last(ASKER, "followed")["before"] == QUESTION
    candidate = office.session.exec(select(Candidate)).one()
    choosing.choose(office.session, ASKER, candidate.id or 0, now=NOW)
    assert office.last(ASKER, "preview")["text"] == f"{QUESTION}\n那 铸铁 呢"


def test_what_was_redacted_stays_redacted_after_a_follow_up(office: Office) -> None:
    number = office.ask()
    office.consultation(number).forwarded = "改过的"
    follow(office, "那成本呢")
    assert office.consultation(number).forwarded == "改过的\n那成本呢"


def test_a_reply_to_a_draft_goes_on_with_it_whatever_its_words(office: Office) -> None:
    number = office.ask()
    office.deliver()
    card = office.shown(ASKER, "shortlist")
    office.ask()
    heard = office.heard(ASKER, "锂电池涂布厚边怎么办", reply_to=card)
    draft = following.draft_of(office.session, heard)
    assert draft is not None
    assert (draft.consultation, draft.follows) == (number, True)


def test_a_draft_that_was_sent_is_gone_on_with_no_more(office: Office) -> None:
    office.send(office.ask())
    assert following.draft_of(office.session, office.heard(ASKER, "那成本呢")) is None


def test_a_follow_up_can_be_said_to_be_a_new_question(office: Office) -> None:
    number = office.ask()
    asked = office.consultation(number).asked_message
    heard = follow(office, "那成本呢")
    following.part(office.session, heard, number, asked, (FOUND, OTHERS), now=NOW)
    assert office.consultation(number).question == QUESTION
    assert office.consultation(number).forwarded == QUESTION
    assert office.consultation(number).asked_message == asked
    assert (keys(office, number), keys(office, number + 1)) == (["expert-1"], ["expert-2"])
    assert office.consultation(number + 1).question == "那成本呢"


def test_only_the_last_turn_can_be_taken_off_and_only_once(office: Office) -> None:
    number = office.ask()
    first = follow(office, "那成本呢")
    follow(office, "那铸铁呢")
    with pytest.raises(RefusedError, match="stale_button"):
        following.turns_apart(office.session, ASKER, number, first.message_id)


def test_a_question_of_its_own_can_be_said_to_go_on(office: Office) -> None:
    number = office.ask()
    heard = office.heard(ASKER, "镁合金压铸")
    draft = following.draft_of(office.session, heard)
    assert draft is not None
    assert not draft.follows
    following.ask_anew(office.session, heard, draft, FOUND, now=NOW)
    view = office.last(ASKER, "asked_anew")
    assert (view["consultation"], view["draft"]) == (number + 1, number)
    following.join(office.session, ASKER, number + 1, number, OTHERS, now=NOW)
    assert office.consultation(number).question == f"{QUESTION}\n镁合金压铸"
    assert office.consultation(number + 1).stage is Stage.WITHDRAWN
    with pytest.raises(RefusedError, match="wrong_stage"):
        following.turns_together(office.session, ASKER, number + 1, number)


@pytest.mark.parametrize(
    ("text", "shown"), [("另一个问题：镁合金压铸充型不满", False), ("镁合金压铸充型不满", True)]
)
def test_a_question_of_its_own_is_said_to_be_one_unless_its_asker_said_so(
    office: Office, text: str, shown: bool
) -> None:
    office.ask()
    heard = office.heard(ASKER, text)
    draft = following.draft_of(office.session, heard)
    assert draft is not None
    draft = following.understood(draft, heard.text, -0.2)
    assert not draft.follows
    following.ask_anew(office.session, heard, draft, FOUND, now=NOW)
    assert ("asked_anew" in office.cards(ASKER)) is shown


def test_what_replies_to_a_draft_goes_on_however_unlike_it_is(office: Office) -> None:
    office.ask()
    office.deliver()
    heard = office.heard(ASKER, "锂电池涂布厚边", reply_to=office.shown(ASKER, "shortlist"))
    draft = following.draft_of(office.session, heard)
    assert draft is not None
    assert following.understood(draft, heard.text, -1.0).follows


def test_after_new_was_said_the_next_text_is_new(office: Office) -> None:
    office.ask()
    asking.invite_question(office.session, ASKER, now=NOW)
    assert following.draft_of(office.session, office.heard(ASKER, "那成本呢")) is None
