"""Sentences about limits, reports, bans and appeals, and about what people may have erased."""

from bot.cards.words import N_

CONDUCT = {
    "slowly": N_(
        "That was a lot at once, so I take it more slowly: everything you sent is kept and done in"
        " its order. There is no need to send anything again."
    ),
    "too_many_questions": N_(
        "That makes more than %(limit)s new questions within a day. This one is kept, and I search"
        " for it as soon as there is room again; there is no need to send it again."
    ),
    "nothing_to_report": N_(
        "There is no consultation of the last %(days)s days in which you met somebody, so there is"
        " nobody to report."
    ),
    "report_text": N_("Please say what happened in 2 to %(limit)s characters, or send /cancel."),
    "report_made": N_(
        "Thank you. An administrator reads your report about consultation #%(consultation)s and"
        " decides; you are told. The other side is not told of it."
    ),
    "report_decided": N_("This report was decided on already."),
    "report_dismissed": N_(
        "Your report about consultation #%(consultation)s was read; nobody was banned for it."
    ),
    "report_banned": N_(
        "Your report about consultation #%(consultation)s was read, and the other side was banned."
    ),
    "ban_reason": N_("Please give the reason in 2 to %(limit)s characters, or send /cancel."),
    "ban_self": N_("You can't ban yourself."),
    "banned_already": N_("They are banned already."),
    "not_banned": N_("They are not banned; nothing was changed."),
    "not_banned_you": N_("You are not banned, so there is nothing to appeal."),
    "ban_over": N_(
        "Your ban is lifted: you can use everything again. What ended with the ban stays ended."
    ),
    "appeal_text": N_("Please write your appeal in 2 to %(limit)s characters."),
    "appeal_made": N_("Your appeal is with the administrators; you are told what they decide."),
    "appealed_already": N_("You have appealed already; each ban can be appealed once."),
    "appeal_decided": N_("This appeal was decided on already."),
    "appeal_not_yours": N_("Another administrator than the one who banned decides on this appeal."),
    "appeal_refused": N_("Your appeal was read, and the ban stays."),
    "asker_banned": N_(
        "The asker of consultation #%(consultation)s was banned from this desk, so it is closed."
        " There is nothing left for you to do."
    ),
    "mentor_banned": N_(
        "Your mentor of consultation #%(consultation)s was banned from this desk. I look for"
        " somebody else for you; nothing of what you wrote is lost."
    ),
    "asker_left": N_(
        "The asker of consultation #%(consultation)s has left this desk and had their data erased,"
        " so it is closed. There is nothing left for you to do."
    ),
    "mentor_left": N_(
        "Your mentor of consultation #%(consultation)s has left this desk. I look for somebody else"
        " for you; nothing of what you wrote is lost."
    ),
    "data_lately": N_(
        "You were sent what is held about you less than %(minutes)s minutes ago; please look above,"
        " or ask again a little later."
    ),
    "forget_late": N_(
        "That button is too old, so nothing was erased. Send /forget to begin again."
    ),
    "last_admin": N_(
        "You are the last administrator who is here. Invite another one with /admin first, so that"
        " questions have an owner when you go."
    ),
    "terms_first": N_("Our terms have changed. Please agree to them below, then tap this again."),
}
