"""Everything that the audit trail tells, by its stable code. The screens have words for each (`i18n/*/audit.json`)."""

from typing import Literal, get_args

Action = Literal[
    "sign-in", "sign-in-failed", "sign-in-locked", "sign-out", "recovery-code-used",
    "password-changed", "second-factor-set", "second-factor-removed",
    "person-added", "person-changed", "person-closed", "person-opened", "person-reset", "person-unlocked",
    "skills-proposed", "skills-approved", "skills-rejected",
    "shift-added", "shift-removed", "roster-imported",
    "swap-asked", "swap-accepted", "swap-approved", "swap-declined", "swap-refused", "swap-withdrawn",
    "seat-state", "seat-freed",
    "talk-listened", "talk-whispered", "talk-joined", "talk-taken-over", "talk-left",
    "number-read", "number-searched", "recording-heard", "comment-heard", "voicemail-heard", "calls-repaired",
    "callback-filed", "callback-appointed", "callback-done", "callback-cancelled",
    "voicemail-done", "voicemail-cancelled", "do-not-call", "may-call-again",
    "complaint-opened", "visit-assigned", "visit-closed", "visits-drawn",
    "message-settled", "message-text-written", "message-text-approved", "message-opted-out", "message-opted-in",
    "message-tested",
    "alarm-acknowledged", "alarm-rule-changed",
    "report-asked", "report-stopped", "report-fetched", "calls-exported",
    "prompt.uploaded", "prompt.approved", "prompt.rejected",
    "knowledge.send", "knowledge.return", "knowledge.publish", "knowledge.discard", "knowledge.confirm",
    "knowledge.retire", "knowledge.import", "knowledge.export", "knowledge.attach", "knowledge.detach",
]  # fmt: skip
ACTIONS: tuple[Action, ...] = get_args(Action)
