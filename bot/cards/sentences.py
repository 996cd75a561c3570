"""Every sentence that answers what cannot be, by its code."""

from bot.cards.absences import ABSENCES
from bot.cards.words import N_

SENTENCES = {
    "not_started": N_("Please begin with /start: I need your agreement before I can work for you."),
    "not_allowed": N_("This is for administrators only. If you should be one, ask for an invite."),
    "not_yours": N_("This button belongs to somebody else's consultation; nothing was changed."),
    "stale_button": N_("This button no longer works. Send /start to see what is possible now."),
    "clarified": N_(
        "You answered this already; nothing was changed. Simply type what you want to add."
    ),
    "wrong_stage": N_(
        "Consultation #%(consultation)s has moved on, so this button no longer works."
        " Send /my to see where it stands."
    ),
    "preview_old": N_(
        "The text or the mentor was changed after this card; nothing was sent."
        " Please use the newest card of consultation #%(consultation)s."
    ),
    "entry_removed": N_(
        "This entry was removed from the knowledge base. Please choose somebody else."
    ),
    "last_in_line": N_(
        "You are the last who can take consultation #%(consultation)s, so it stays with you."
        " Accept it, or invite somebody who can answer."
    ),
    "accept_first": N_(
        "Not forwarded: you can write in consultation #%(consultation)s once you have accepted it,"
        " if its offer still stands."
    ),
    "offer_ended": N_("The offer of consultation #%(consultation)s has ended already."),
    "closed": N_(
        "Consultation #%(consultation)s is closed, so your message was not forwarded."
        " Ask a new question with /ask."
    ),
    "settled": N_("That message was already forwarded; it goes only once."),
    "no_appointment": N_(
        "Your enterprise has no appointed mentor now. Please choose from the list."
    ),
    "too_long": N_(
        "Your question has %(length)s characters; I can take %(limit)s."
        " Please shorten it, or send the details after a mentor has accepted."
    ),
    "no_words": N_(
        "I need a few words to search by. What do you make, what goes wrong, since when?"
    ),
    "only_media": N_(
        "I can't search by this alone. Please describe the problem in a sentence;"
        " you can send pictures and files once a mentor has accepted."
    ),
    "words_only": N_(
        "I search and forward your words alone. Please send the picture or file again once a"
        " mentor has accepted."
    ),
    "enterprise_name": N_(
        "Please write your enterprise's name in 2 to %(limit)s characters, or tap Skip."
    ),
    "enterprise_known": N_(
        "Your enterprise is kept by the programme office; ask an administrator to change it."
    ),
    "language_chosen": N_("I will write to you in English from now on."),
    "kept_until_accepted": N_(
        "Kept: it will be forwarded as soon as somebody accepts consultation #%(consultation)s."
    ),
    "unreachable": N_(
        "Not delivered: the other side of consultation #%(consultation)s can't be reached."
        " Your message is kept in your chat."
    ),
    **ABSENCES,
    "undelivered": N_(
        "Telegram could not deliver this message of consultation #%(consultation)s."
        " Please send it in another form."
    ),
    "uncertain": N_(
        "Telegram did not confirm this message of consultation #%(consultation)s;"
        " it may have arrived. Send it again only if you get no answer."
    ),
    "unknown_command": N_("I don't know this command. /help shows what is possible now."),
    "nothing_open": N_(
        "You have no open consultation, so nobody received this. Use /ask to ask a question."
    ),
    "private_only": N_("I only work in private chats. Please write to me directly."),
    "form_text": N_("Please answer with text, or send /start to begin anew."),
    "invite_false": N_("This invite is not valid. Please ask whoever sent it for a new one."),
    "invite_used": N_("This invite was used already; each lets one person in, once."),
    "invite_expired": N_("This invite has expired. Please ask whoever sent it for a new one."),
    "invite_busy": N_(
        "You have open consultations as an asker. Close them with /my, then open the invite again."
    ),
    "invite_other": N_(
        "This invite is for somebody else: you are here in a role of your own."
        " They must open it in their own Telegram account."
    ),
    "term": N_(
        "Please type the first and the last day, such as 2027-01-01 2028-12-31:"
        " at most %(years)s years, and not in the past."
    ),
    "own_enterprise": N_("A mentor can't be appointed to the enterprise they belong to."),
    "already_appointed": N_("This mentor is appointed to this enterprise for these days already."),
    "file_too_large": N_(
        "Telegram lets me fetch files up to %(limit)s MB. Split the file, or load it on the server"
        " with xiaoqi reload."
    ),
    "reload_ended": N_("This file was decided on already. Send it again to load it once more."),
    "set_aside": N_(
        "Something went wrong on our side with your last message. It is kept, and an"
        " administrator has been told. Please try again in a minute."
    ),
    "no_knowledge": N_(
        "The knowledge base is not loaded yet, so I can't search. Your question is kept in your"
        " chat: please send it again later. An administrator can load it with /admin."
    ),
}
