"""What is decided on tables of what came from Telegram and went there."""

from bot.desk.rights.holding import By, Holding, Via
from bot.desk.rights.known import OTHERS, OURS

SHOWN_THERE = "what was shown to you stands in your chat"

CARRIED = (
    Holding(
        "inbox_update",
        {"lane": By.CHAT},
        shown="update_id received_at done_at attempts quarantined",
        words="lane raw error",
        only="done_at",
    ),
    Holding(
        "delivery",
        {"chat_id": By.CHAT},
        shown="id priority state method card language thread owed_at not_before attempts sent_at",
        words="chat_id error",
        hidden={"album": OURS},
        blanked={"values": SHOWN_THERE, "attachment": SHOWN_THERE}
        | dict.fromkeys(
            (
                "topic",
                "slot",
                "source_chat",
                "source_message",
                "reply_chat",
                "reply_message",
                "sent_message",
            ),
            OURS,
        ),
    ),
    Holding(
        "delivery",
        {"source_chat": By.CHAT, "reply_chat": By.CHAT},
        shown="id state method thread owed_at sent_at",
        hidden=dict.fromkeys(("chat_id", "sent_message", "topic", "language"), OTHERS)
        | dict.fromkeys(
            ("priority", "card", "values", "attachment", "slot", "album", "not_before"), OURS
        )
        | {"attempts": OURS, "error": OURS},
        blanked=dict.fromkeys(
            ("source_chat", "source_message", "reply_chat", "reply_message"), OURS
        ),
        only="sent_at",
    ),
    Holding(
        "delivery",
        {"thread": Via("consultation")},
        shown="id state card method thread owed_at sent_at",
        hidden=dict.fromkeys(("chat_id", "sent_message", "topic", "language"), OTHERS)
        | dict.fromkeys(("priority", "attachment", "slot", "album", "not_before"), OURS)
        | dict.fromkeys(
            ("source_chat", "source_message", "reply_chat", "reply_message", "attempts", "error"),
            OURS,
        ),
        blanked={"values": "it was shown to somebody else and may name either side"},
        only="sent_at",
    ),
    Holding(
        "message_pair",
        {"source_chat": By.CHAT, "copy_chat": By.CHAT},
        shown="id thread",
        hidden=dict.fromkeys(
            ("source_chat", "source_message", "copy_chat", "copy_message"),
            "numbers of messages, some of them in the other side's chat",
        ),
        gone=True,
    ),
    Holding(
        "topic",
        {"chat_id": By.CHAT},
        shown="id chat_id thread name state number owed_at",
        gone=True,
    ),
    Holding(
        "topic",
        {"thread": Via("consultation")},
        shown="id thread state owed_at",
        hidden={"chat_id": OTHERS, "number": OURS},
        blanked={"name": "it names either side"},
    ),
)
