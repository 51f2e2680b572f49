"""Every table, imported once so that the metadata is whole (migrations, `create_all` in tests)."""

from callcenter.account.table import AuditRow, PersonRow, SessionRow, SkillProposalRow
from callcenter.alarm.table import AlarmDeliveryRow, AlarmRow, AlarmRuleRow, AlarmWatchRow
from callcenter.call.table import CallRow, EventRow
from callcenter.callback.table import CallbackAttemptRow, DoNotCallRow
from callcenter.cloud.table import CloudCallRow
from callcenter.consultation.table import ConsultationRow
from callcenter.engine.table import NodeRow
from callcenter.ivr.table import CallerRequestRow
from callcenter.ivr.version.table import FlowDraftRow, FlowVersionRow
from callcenter.job.table import JobProgressRow
from callcenter.knowledge.life.table import AttachmentRow, CommentRow, DraftRow, VersionRow
from callcenter.knowledge.table import (
    ArticleRow,
    EntryRow,
    GapRow,
    KnowledgeStateRow,
    LawFileRow,
    LawRow,
    LawVersionRow,
    UseRow,
)
from callcenter.message.table import MessageOptOutRow, MessageRow, MessageTemplateRow
from callcenter.prompt.table import PromptTakeRow
from callcenter.reconcile.table import ReconciliationRow
from callcenter.recording.table import RecordingRow
from callcenter.report.paper.table import PaperRow
from callcenter.report.rollup.table import ROLLUP, RollupMarkRow, RollupQuarterRow
from callcenter.roster.table import ShiftRow, ShiftSwapRow
from callcenter.seat.table import SeatRow
from callcenter.storage.base import Base
from callcenter.survey.table import SurveyRow
from callcenter.visit.table import VisitAttemptRow, VisitDrawRow, VisitRow

metadata = Base.metadata

__all__ = [
    "ROLLUP",
    "AlarmDeliveryRow",
    "AlarmRow",
    "AlarmRuleRow",
    "AlarmWatchRow",
    "ArticleRow",
    "AttachmentRow",
    "AuditRow",
    "CallRow",
    "CallbackAttemptRow",
    "CallerRequestRow",
    "CloudCallRow",
    "CommentRow",
    "ConsultationRow",
    "DoNotCallRow",
    "DraftRow",
    "EntryRow",
    "EventRow",
    "FlowDraftRow",
    "FlowVersionRow",
    "GapRow",
    "JobProgressRow",
    "KnowledgeStateRow",
    "LawFileRow",
    "LawRow",
    "LawVersionRow",
    "MessageOptOutRow",
    "MessageRow",
    "MessageTemplateRow",
    "NodeRow",
    "PaperRow",
    "PersonRow",
    "PromptTakeRow",
    "ReconciliationRow",
    "RecordingRow",
    "RollupMarkRow",
    "RollupQuarterRow",
    "SeatRow",
    "SessionRow",
    "ShiftRow",
    "ShiftSwapRow",
    "SkillProposalRow",
    "SurveyRow",
    "UseRow",
    "VersionRow",
    "VisitAttemptRow",
    "VisitDrawRow",
    "VisitRow",
    "metadata",
]
