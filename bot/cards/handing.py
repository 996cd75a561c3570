"""What is said where a consultation goes to somebody else, or is followed."""

from bot.cards.words import N_

HANDING = {
    "answer_gone": N_(
        "That answer was taken back by who gave it. Consultation #%(consultation)s is as it was."
    ),
    "answer_used": N_(
        "That answer was sent for consultation #%(consultation)s already. Please write to the asker"
        " in words of your own."
    ),
    "answer_veiled": N_(
        "What is asked in consultation #%(consultation)s is shown to whoever accepts. Accept it"
        " first: the earlier answers stand on the card that you have then."
    ),
    "details_asked": N_(
        "You have asked about consultation #%(consultation)s already: one question each."
        " Please accept it, decline, or pass it on."
    ),
    "details_words": N_("Please write your question in words."),
    "details_long": N_(
        "At most %(limit)s characters; yours has %(length)s. Please write it shorter."
    ),
    "details_put": N_(
        "Your question about consultation #%(consultation)s is with the asker. The offer has its"
        " time once more; you may decide before they answer."
    ),
    "details_later": N_(
        "The asker of consultation #%(consultation)s can't be reached just now. They have your"
        " question as soon as they are back; you may decide without."
    ),
    "details_over": N_("That question about consultation #%(consultation)s is over already."),
    "cannot_take": N_(
        "They can't take consultation #%(consultation)s now: please choose somebody else."
    ),
    "note_too_long": N_("A note has at most %(limit)s characters. Please write it shorter."),
    "following_already": N_("You follow consultation #%(consultation)s already."),
    "yours_already": N_("Consultation #%(consultation)s is yours: there is nothing to follow."),
    "follower_reads": N_(
        "Not forwarded: you follow consultation #%(consultation)s, and only its mentor and its"
        " asker write in it."
    ),
    "transferred_away": N_(
        "Not forwarded: consultation #%(consultation)s has gone to another mentor."
    ),
    "transfer_under_way": N_(
        "Another mentor has been proposed for consultation #%(consultation)s already."
        " Please wait for the answer."
    ),
    "transfer_over": N_(
        "The transfer of consultation #%(consultation)s is over already; nothing was changed."
    ),
    "transfer_reason": N_(
        "Say why, in at most 500 characters, and both sides are told:"
        " /transfer %(consultation)s REASON"
    ),
    "transfer_usage": N_("Like this: /transfer NUMBER REASON"),
    "transfer_offered": N_(
        "Consultation #%(consultation)s is offered to the mentor you chose; both sides know why."
    ),
    "transfer_refused": N_("The asker of consultation #%(consultation)s keeps their mentor."),
    "transfer_declined": N_(
        "The mentor you chose does not take consultation #%(consultation)s;"
        " it stays with the one who has it."
    ),
    "transfer_lapsed": N_(
        "The transfer of consultation #%(consultation)s was not answered in time, or is no longer"
        " needed; it stays as it was."
    ),
    "follow_offered": N_("Consultation #%(consultation)s is on offer to a mentor."),
    "follow_active": N_("Consultation #%(consultation)s: a mentor has it, and the talk goes on."),
    "follow_transferred": N_("Consultation #%(consultation)s has gone to another mentor."),
    "follow_answered": N_(
        "Consultation #%(consultation)s: the mentor thinks it is answered; the asker is asked."
    ),
    "follow_resolved": N_("Consultation #%(consultation)s is closed: solved."),
    "follow_unresolved": N_("Consultation #%(consultation)s is closed: not solved."),
    "follow_silent": N_("Consultation #%(consultation)s was closed after a long silence."),
    "follow_withdrawn": N_("Consultation #%(consultation)s was withdrawn by its asker."),
}
