"""What is said about questions asked by other means than words, and while they are searched."""

from bot.cards.words import N_

WAYS = {
    "enclosed": N_(
        "What you sent goes along with question #%(consultation)s: whoever accepts it receives it,"
        " without a caption, and nobody before."
    ),
    "read_and_enclosed": N_(
        "I read the first pages of your file to search by them; they are not quoted to anybody. The"
        " file goes along with question #%(consultation)s: whoever accepts it receives it."
    ),
    "words_wanted": N_(
        "Kept. Please add a few words for me to search by: what do you make, what goes wrong? What"
        " you sent then goes along with your question. /cancel drops it."
    ),
    "enclosed_enough": N_(
        "At most %(limit)s files go along with a question, so this one was not kept. You can send"
        " it once a mentor has accepted."
    ),
    "unread_too_large": N_("I read files up to 10 MB only, so I have not read this one."),
    "unread_locked": N_("Your file is protected by a password, so I could not read it."),
    "unread_too_much": N_("Your file unpacks to far more than a document, so I did not read it."),
    "unread_broken": N_("I could not open your file; it may be damaged."),
    "unread_no_text": N_("There is no text in your file that I could read; it may be a scan."),
    "unread_too_slow": N_("Reading your file took too long, so I gave it up."),
    "unread_unfetched": N_("I could not fetch your file from Telegram, so I have not read it."),
    "doing_reading": N_("Reading your file"),
    "doing_searching": N_("Searching experts, platforms, patents and earlier answers"),
    "doing_ranking": N_("Comparing what fits best"),
}
