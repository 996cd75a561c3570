"""Every sentence that answers what cannot be, by its code."""

from bot.cards.absences import ABSENCES
from bot.cards.conduct import CONDUCT
from bot.cards.confidences import CONFIDENCES
from bot.cards.handing import HANDING
from bot.cards.places import PLACES
from bot.cards.tools import TOOLS
from bot.cards.ways import WAYS
from bot.cards.words import N_

SENTENCES = {
    "not_started": N_("Please begin with /start: I need your agreement before I can work for you."),
    "not_allowed": N_("This is for administrators only. If you should be one, ask for an invite."),
    "for_mentors": N_(
        "This is for mentors and liaisons, who answer questions. /help shows what is possible for"
        " you."
    ),
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
        " Its asker can reopen it with /my; a new question goes with /ask."
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
    **TOOLS,
    **WAYS,
    **CONFIDENCES,
    **CONDUCT,
    **HANDING,
    **PLACES,
    "decided": N_("You have decided on this message already; nothing was changed."),
    "closed_edit": N_(
        "Consultation #%(consultation)s is closed, so your change is not shown to the other side."
    ),
    "edit_draft": N_(
        "A question is not changed by editing your message. Use the newest card of consultation"
        " #%(consultation)s, or write what is to be added."
    ),
    "edit_sent": N_(
        "The question of consultation #%(consultation)s was sent as you confirmed it. Please write"
        " your correction as a message of its own."
    ),
    "delete_how": N_(
        "Reply with /delete to one of your own messages of a consultation: I take it back from the"
        " other side."
    ),
    "delete_not_yours": N_("Only whoever wrote a message can take it back."),
    "deleted_already": N_("You have taken this message back already."),
    "deleted_unsent": N_("Taken back before it was delivered: nobody has seen it."),
    "deleted_doubtful": N_(
        "Taken back: I won't send it again. If it arrived without my knowing, that copy stays."
    ),
    "deleted": N_(
        "I am taking it back from the other side of consultation #%(consultation)s; they may have"
        " read it. When you delete a message in your own chat, Telegram does not tell me and the"
        " copy stays: reply with /delete instead, within 48 hours."
    ),
    "delete_refused": N_(
        "The other side of consultation #%(consultation)s keeps its copy: Telegram lets me take"
        " back only what I sent within 48 hours."
    ),
    "service_only": N_("This concerns your own chat alone; nothing of it was passed on."),
    "too_large_to_keep": N_(
        "I pass this file on. As it is over %(limit)s MB, Telegram does not let me fetch it: the"
        " transcript of consultation #%(consultation)s will only name it."
    ),
    "no_paid_media": N_(
        "Telegram lets no bot pass on paid media, so nobody received this. Please send the picture"
        " or video itself."
    ),
    "no_giveaway": N_("Telegram lets no bot pass on a giveaway, so nobody received this."),
    "no_invoice": N_(
        "Telegram lets no bot pass on an invoice, so nobody received this. Please send it as a"
        " file."
    ),
    "no_quiz": N_(
        "Telegram lets a bot pass on a quiz only if it knows the answer, so nobody received this."
        " Please send an ordinary poll, or ask in words."
    ),
    "unknown_command": N_("I don't know this command. /help shows what is possible now."),
    "answer_moved": N_("This answer was decided on already; nothing was changed."),
    "answer_changed": N_(
        "The words were changed after this card; nothing was approved. Please use the newest card."
    ),
    "answer_empty": N_("At least one part has to stay. To keep all of it private, tap No."),
    "answer_short": N_("That is too short to help anybody. Please type it again, or /cancel."),
    "answer_long": N_(
        "That has %(length)s characters; %(limit)s can be shown. Please shorten it, or /cancel."
    ),
    "answer_waits": N_(
        "Approved. The other side of consultation #%(consultation)s can't be reached now, so"
        " nothing is public yet."
    ),
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
