"""What is said of places: labs' groups, topics, and which consultation somebody talks in."""

from bot.cards.words import N_

PLACES = {
    "not_talking": N_(
        "You can't write in consultation #%(consultation)s now. Send /my to see where you can."
    ),
    "lab_greeting": N_(
        "Hello. A mentor who runs this group can have their consultations here, each in a topic of"
        " its own: turn on topics, let me manage them, and send /bind."
    ),
    "lab_sent": N_(
        "I have asked the programme office to approve this group; its mentor and the group hear of"
        " it."
    ),
    "lab_nobody": N_(
        "Your wish is kept, but nobody of the programme office can be reached just now."
    ),
    "lab_prepare": N_(
        "Meanwhile: turn on topics in the group's settings, and make me an administrator who may"
        " manage topics. Without both it can't be approved."
    ),
    "lab_reads": N_(
        "Your mentor of consultation #%(consultation)s works in a lab: the members of its group"
        " read along, and may answer. You are told who writes."
    ),
    "lab_reads_no_more": N_(
        "From now on only your mentor reads consultation #%(consultation)s, and not their lab."
    ),
    "lab_mentors_only": N_(
        "Only a mentor of this desk can bind or unbind a group. Open a private chat with me first."
    ),
    "lab_not_yours": N_(
        "Only who owns or administers this group can do that. Nothing was changed."
    ),
    "lab_anonymous": N_(
        "I can't see who you are: administrators who post as the group are anonymous. Please turn"
        " that off for a moment and send it again."
    ),
    "lab_no_topics": N_(
        "Topics are not turned on in this group yet, so it can't be approved. Its mentor has been"
        " told how."
    ),
    "lab_no_rights": N_(
        "I may not manage topics in this group yet, so it can't be approved. Its mentor has been"
        " told how."
    ),
    "lab_bound": N_("This group is bound already. /unbind ends it."),
    "lab_asked": N_("The programme office has been asked about this group already."),
    "lab_elsewhere": N_(
        "You have bound or asked for another group, “%(title)s”. Send /unbind there first."
    ),
    "lab_decided": N_("That was decided already, or taken back. Nothing was changed."),
    "lab_mentor_away": N_("Its mentor can't be reached now, so nothing was changed."),
    "lab_unknown": N_("This group is not bound."),
    "lab_not_here": N_(
        "Consultation #%(consultation)s is not this lab's any more, so this was not forwarded."
    ),
}
