"""What mentors are told of their own tools, where it can't be done."""

from bot.cards.words import N_

TOOLS = {
    "ask_here": N_("Ask a technical question"),
    "ask_about": N_("Ask about this"),
    "entry_gone": N_(
        "This entry is no longer public. Type your question, and I look for what fits now."
    ),
    "away_unread": N_(
        "I couldn't read a coming day in that. Please write it like 5.3, 2 weeks or next Friday."
    ),
    "away_too_long": N_("At most %(days)s days; for longer please tell an administrator."),
    "capacity_unread": N_("Please send a number from 0 to %(most)s; 0 means as many as come."),
}
