"""What is said of somebody who can't be reached: why, and what happens next."""

from bot.cards.words import N_

ABSENCES = {
    "partner_blocked": N_(
        "Your mentor of consultation #%(consultation)s has blocked the bot. What you write is kept"
        " for a while and delivered when they come back. Or close it with /my and ask again."
    ),
    "partner_gone": N_(
        "The Telegram account of your mentor of consultation #%(consultation)s is gone, so nothing"
        " can reach them any more. Please close it with /my and ask again."
    ),
    "partner_lost": N_(
        "Telegram does not deliver to your mentor of consultation #%(consultation)s now. What you"
        " write is kept for a while and delivered when they come back. Or close it with /my and"
        " ask again."
    ),
    "partner_back": N_(
        "Your mentor of consultation #%(consultation)s is back; what was kept for them is on its"
        " way."
    ),
    "asker_blocked": N_(
        "The asker of consultation #%(consultation)s has blocked the bot. What you write is kept"
        " for a while and delivered when they come back."
    ),
    "asker_gone": N_(
        "The Telegram account of the asker of consultation #%(consultation)s is gone, so nothing"
        " can reach them any more. There is nothing left for you to do."
    ),
    "asker_lost": N_(
        "Telegram does not deliver to the asker of consultation #%(consultation)s now. What you"
        " write is kept for a while and delivered when they come back."
    ),
    "asker_back": N_(
        "The asker of consultation #%(consultation)s is back; what was kept for them is on its way."
    ),
    "kept_until_back": N_(
        "Kept: the other side of consultation #%(consultation)s can't be reached now. This and what"
        " you write next goes, in order, when they are back."
    ),
    "kept_too_long": N_(
        "Not delivered: the other side of consultation #%(consultation)s did not come back within"
        " %(days)s days, so %(number)s of your messages did not reach them."
    ),
    "gone_for_good": N_(
        "Not delivered: the Telegram account of the other side of consultation #%(consultation)s"
        " is gone."
    ),
}
