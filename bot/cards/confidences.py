"""Sentences about what is read in confidence."""

from bot.cards.words import N_

CONFIDENCES = {
    "look_form": N_(
        "Please type the consultation's number and a reason of at least 10 characters, such as:"
        " 12 the asker complains that the answer was rude"
    ),
    "look_none": N_(
        "There is no consultation #%(consultation)s that was ever sent. Please check the number."
    ),
    "look_over": N_(
        "This look at consultation #%(consultation)s was used or given up already;"
        " nothing was shown. Ask for another one with /admin, with its own reason."
    ),
}
