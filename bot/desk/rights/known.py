"""What is decided on tables of who people are: given out, erased, or why not."""

from bot.desk.rights.holding import By, Holding

OTHERS = "it names somebody else"
OURS = "it is the desk's own bookkeeping and says nothing about a person"
PUBLIC = "public record of the knowledge files: the programme office changes or removes it there"
PROGRAMME = "a record of the programme, which the programme office answers for"

KNOWN = (
    Holding(
        "person",
        {"id": By.PERSON},
        shown="id key language languages fictional removed_at",
        words="name_zh name_en organisation_id",
        unless="key",
        stays=PUBLIC,
    ),
    Holding(
        "organisation",
        {"id": By.ENTERPRISE},
        shown="id kind region industry tier fictional removed_at",
        words="name_zh name_en city",
        hidden={"key": OURS},
    ),
    Holding("role", {"person_id": By.PERSON}, shown="person_id role", gone=True),
    Holding(
        "chat",
        {"person_id": By.PERSON},
        shown="chat_id person_id state awaiting consent_version consented_at first_seen"
        " current_id current_since",
        words="notes",
        gone=True,
    ),
    Holding(
        "consent",
        {"person_id": By.PERSON},
        shown="id person_id version language agreed_at",
    ),
    Holding(
        "appointment",
        {"mentor_id": By.PERSON, "appointed_by": By.PERSON},
        shown="id key mentor_id enterprise_id starts_on ends_on appointed_by ended_at removed_at",
        stays=PROGRAMME,
    ),
    Holding(
        "dispatch",
        dict.fromkeys(("student_id", "supervisor_id", "enterprise_supervisor_id"), By.PERSON),
        shown="id key student_id enterprise_id supervisor_id enterprise_supervisor_id starts_on"
        " ends_on ended_at removed_at",
        stays=PROGRAMME,
    ),
    Holding(
        "entry",
        {"person_id": By.PERSON},
        shown="id key kind organisation_id person_id title_zh title_en summary_zh summary_en"
        " industries details fictional removed_at",
        stays=PUBLIC,
    ),
    Holding(
        "invite",
        {"person_id": By.PERSON, "invited_by": By.PERSON, "used_by": By.PERSON},
        shown="id role person_id invited_by used_by invited_at expires_at used_at",
    ),
    Holding(
        "reload",
        {"admin_id": By.PERSON},
        shown="id admin_id state remove received_at ended_at",
        words="chat_id filename",
        blanked={"file_id": OURS, "path": OURS},
    ),
    Holding(
        "lab_group",
        {"mentor_id": By.PERSON},
        shown="id mentor_id state reason asked_at decided_at ended_at",
        words="title chat_id",
        hidden={"decided_by": OTHERS},
    ),
    Holding(
        "lab_group",
        {"decided_by": By.PERSON},
        shown="id decided_by state decided_at",
        hidden=dict.fromkeys(("chat_id", "title", "mentor_id", "reason"), OTHERS)
        | dict.fromkeys(("asked_at", "ended_at"), OURS),
    ),
)
