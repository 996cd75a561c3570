"""What is decided on tables of how mentors work."""

from bot.desk.rights.holding import By, Holding, Via
from bot.desk.rights.known import OTHERS, OURS

TOOLS = (
    Holding(
        "mentor_desk",
        {"person_id": By.PERSON},
        shown="person_id capacity away_until time_zone hours digest digest_at",
        gone=True,
    ),
    Holding(
        "canned_answer",
        {"person_id": By.PERSON},
        shown="id person_id saved_at",
        words="name text entities",
        gone=True,
    ),
    Holding(
        "internal_note",
        {"writer_id": By.PERSON},
        shown="id consultation_id writer_id written_at",
        words="text",
        gone=True,
    ),
    Holding(
        "internal_note",
        {"consultation_id": Via("consultation")},
        shown="id consultation_id written_at",
        hidden={"writer_id": OTHERS},
        blanked={"text": "a working note of whoever answers, kept from either side"},
    ),
    Holding(
        "command_menu",
        {"chat_id": By.CHAT},
        shown="chat_id",
        hidden={"menu": OURS},
        gone=True,
    ),
)
