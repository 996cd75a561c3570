"""What mentors are told of their own tools, where it can't be done."""

from bot.cards.words import N_

TOOLS = {
    "ask_here": N_("Ask a technical question"),
    "ask_about": N_("Ask about this"),
    "entry_gone": N_(
        "This entry is no longer public. Type your question, and I look for what fits now."
    ),
    "save_how": N_(
        "Reply to a message of your own with /save and a name of at most %(limit)s characters. Then"
        " type my name and that one in this chat to use it."
    ),
    "save_full": N_("At most %(most)s answers are kept. Save under an earlier name to replace it."),
    "saved": N_("Saved as “%(title)s”. Nobody else sees it; type my name and a part of it here."),
    "find_how": N_("Please add what to look for, as in /find venting; two characters or more."),
    "find_gone": N_("That message is no longer there for you."),
    "note_how": N_(
        "Reply to a message of the consultation with /note and your words, or type"
        " /note #number words. Nothing was sent on."
    ),
    "note_which": N_(
        "You replied to #%(consultation)s and typed #%(number)s. Nothing was kept or sent on."
    ),
    "note_long": N_("A note has at most %(limit)s characters. Nothing was kept or sent on."),
    "note_reply": N_(
        "That is a note among mentors, so nothing was sent on. Reply with /note to add one, or to a"
        " message of the talk to write in it."
    ),
    "note_astray": N_(
        "A note is plain text typed anew: files and edits are not taken. Nothing was sent on."
    ),
    "away_unread": N_(
        "I couldn't read a coming day in that, and sent it on to nobody. Please write it like 5.3,"
        " 2 weeks or next Friday. /cancel leaves this."
    ),
    "away_too_long": N_("At most %(days)s days; for longer please tell an administrator."),
    "hours_unread": N_(
        "I couldn't read working hours in that, and sent it on to nobody. Please write them like"
        " Mon-Fri 9-17:30, where you are elsewhere with a city or zone (Mon-Fri 9-17:30"
        " Europe/London), or: any time. /cancel leaves this."
    ),
    "capacity_unread": N_(
        "Please send a number from 0 to %(most)s; 0 means as many as come. What you typed was sent"
        " on to nobody; /cancel leaves this."
    ),
}
