"""Which row model reads which kind of file."""

from knowledge.importers.entries import AchievementRow, PlatformRow, PolicyRow
from knowledge.importers.experts import AnswerRow, EvidenceRow, ExpertRow
from knowledge.importers.kinds import FileKind
from knowledge.importers.patents import PatentRow
from knowledge.importers.people import AppointmentRow, DispatchRow, OrganisationRow, PersonRow
from knowledge.importers.row import Row

ROWS: dict[FileKind, type[Row]] = {
    FileKind.ORGANISATIONS: OrganisationRow,
    FileKind.PEOPLE: PersonRow,
    FileKind.EXPERTS: ExpertRow,
    FileKind.EVIDENCE: EvidenceRow,
    FileKind.PLATFORMS: PlatformRow,
    FileKind.PATENTS: PatentRow,
    FileKind.ACHIEVEMENTS: AchievementRow,
    FileKind.ANSWERS: AnswerRow,
    FileKind.POLICIES: PolicyRow,
    FileKind.APPOINTMENTS: AppointmentRow,
    FileKind.DISPATCHES: DispatchRow,
}
