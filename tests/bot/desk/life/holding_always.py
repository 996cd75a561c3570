"""What must hold whatever was done."""

from collections import Counter

from hypothesis.stateful import invariant
from sqlmodel import col, select

from bot.delivery.tables import DeliveryState
from bot.desk import closing
from bot.desk.tables import CLOSED, TALKING, ChatState, Consultation, Offer, OfferedAs, OfferState
from tests.bot.desk.life.cast import HIDDEN
from tests.bot.desk.life.talked import NOTE
from tests.bot.desk.life.world import Fate, World

# An admin bans people by their names.
BY_NAME = frozenset({"ban_reason", "ban_done", "ban_lifted"})


class HoldingAlways(World):
    @invariant()
    def what_is_written_reaches_the_other_side_alone(self) -> None:
        """That is whoever has it as it is owed; of a removed message nothing is owed any more."""
        for owed in self.fresh("copies"):
            if owed.method != "copyMessage":
                continue
            found = self.office.consultation(owed.thread or 0)
            writer, reader = self.person_in(owed.source_chat or 0), self.person_in(owed.chat_id)
            taken = self.taken_by(found.id or 0)
            assert writer in {found.asker_id, *taken}
            assert reader in {found.asker_id, found.mentor_id}
            # Who comes back to a talk has all of it again, their own words too.
            assert writer != reader or taken[writer] > 1
            fate = self.written.get((owed.source_chat or 0, owed.source_message or 0))
            assert fate is None or fate[1] is not Fate.REMOVED

    @invariant()
    def what_was_written_between_two_who_are_here_is_owed_once(self) -> None:
        """To each reader as often as they came to have it, and to its asker once."""
        owed = Counter((one.source_chat, one.source_message, one.chat_id) for one in self.copies())
        carried = {(chat, message) for chat, message, _ in owed}
        taken = {
            number: self.taken_by(number) for number in {one[0] for one in self.written.values()}
        }
        for written, (number, fate) in [*self.written.items()]:
            found = self.office.consultation(number)
            accepted = fate is Fate.KEPT and found.mentor_id is not None
            if accepted:
                self.written[written] = number, Fate.CARRIED
            expected = accepted or fate is Fate.CARRIED
            assert fate is Fate.REMOVED or (written in carried) is expected
        for (source, message, chat), times in owed.items():
            number, reader = self.written[source or 0, message or 0][0], self.person_in(chat)
            is_asker = reader == self.office.consultation(number).asker_id
            assert times <= (1 if is_asker else taken[number][reader])

    @invariant()
    def what_is_held_is_held_for_who_is_away(self) -> None:
        for owed in self.deliveries():
            here = self.office.chat(owed.chat_id).state is ChatState.ACTIVE
            assert not (here and owed.state is DeliveryState.HELD)

    @invariant()
    def an_askers_identity_is_owed_to_nobody_who_has_not_accepted(self) -> None:
        for owed in self.fresh("names"):
            for asker, names in HIDDEN.items():
                if owed.chat_id != asker and any(name in str(owed.values) for name in names):
                    told = owed.card in BY_NAME or self.has_accepted(owed.chat_id, asker)
                    assert told, owed

    @invariant()
    def an_internal_note_is_owed_to_no_asker(self) -> None:
        for owed in self.fresh("notes"):
            if NOTE in str(owed.values) and owed.thread is not None:
                asker = self.office.consultation(owed.thread).asker_id
                assert self.person_in(owed.chat_id) != asker, owed

    @invariant()
    def offers_are_open_where_a_question_is_on_offer_and_nowhere_else(self) -> None:
        query = select(Offer).where(Offer.state == OfferState.OPEN)
        still_open = self.office.session.exec(query).all()
        assert {offer.consultation_id for offer in still_open} <= set(self.offered())
        each = Counter((one.consultation_id, one.person_id) for one in still_open)
        assert set(each.values()) <= {1}
        alone = Counter(one.consultation_id for one in still_open if one.expires_at is not None)
        assert set(alone.values()) <= {1}
        for offer in still_open:
            assert (offer.offered_as is OfferedAs.ADMIN) is (offer.expires_at is None)
            assert offer.person_id != self.office.consultation(offer.consultation_id).asker_id

    @invariant()
    def a_question_on_offer_is_held_or_waits_for_an_admin(self) -> None:
        for number in self.offered():
            assert self.is_held_or_nobody_is_there(number) or self.admins_came_back(number)

    @invariant()
    def nobody_is_asked_twice_but_an_admin_at_the_end_of_the_line(self) -> None:
        """Or who is given what they once had: by the mentor who has it, not by the line."""
        once = col(Offer.offered_as).not_in([OfferedAs.ADMIN, OfferedAs.TRANSFERRED])
        offers = self.office.session.exec(select(Offer).where(once)).all()
        asked = Counter((offer.consultation_id, offer.person_id) for offer in offers)
        assert set(asked.values()) <= {1}

    @invariant()
    def only_its_mentor_has_it_in_hand(self) -> None:
        accepted = select(Offer).where(Offer.state == OfferState.ACCEPTED)
        held = {one.consultation_id: one.person_id for one in self.office.session.exec(accepted)}
        for found in self.office.session.exec(select(Consultation)):
            if found.stage not in CLOSED:
                assert held.get(found.id or 0) == found.mentor_id

    @invariant()
    def a_mentor_is_known_once_accepted(self) -> None:
        self.look_around()
        for found in self.office.session.exec(select(Consultation)):
            self.done[f"stage {found.stage.value}"] += 1
            assert (found.mentor_id is not None) is (found.stage in (*TALKING, *CLOSED))
            assert found.mentor_id != found.asker_id
            assert found.rating is None or found.rating in closing.STARS
        for offer in self.office.session.exec(select(Offer)):
            self.done[f"offer {offer.state.value}"] += 1
            self.done[f"offered as {offer.offered_as.value}"] += 1
