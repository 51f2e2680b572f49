"""Queries on drafts, versions, comments and attachments."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import CursorResult, delete, func, select, update
from sqlalchemy.orm import Session

from callcenter.knowledge.entry.form import Form
from callcenter.knowledge.life.model import DraftState
from callcenter.knowledge.life.table import AttachmentRow, CommentRow, DraftRow, VersionRow


class Life:
    def __init__(self, session: Session) -> None:
        self._session = session

    # -- drafts

    def draft(self, entry: str, language: str) -> DraftRow | None:
        return self._session.get(DraftRow, (entry, language), populate_existing=True)

    def drafts(self) -> Sequence[DraftRow]:
        """Those that wait longest first."""
        return self._session.scalars(select(DraftRow).order_by(DraftRow.changed_at)).all()

    def add_draft(self, row: DraftRow) -> None:
        self._session.add(row)
        self._session.flush()

    def save(
        self,
        row: DraftRow,
        version: int,
        form: Form,
        state: DraftState,
        authors: list[str],
        now: datetime,
        person: str,
    ) -> bool:
        """False when somebody else saved since `version` was read; nothing is changed then."""
        changed = self._session.execute(
            update(DraftRow)
            .where(DraftRow.entry == row.entry, DraftRow.language == row.language, DraftRow.version == version)
            .values(form=form, state=state, authors=authors, version=version + 1, changed_at=now, changed_by=person)
        )
        return isinstance(changed, CursorResult) and changed.rowcount == 1

    def drop_draft(self, row: DraftRow) -> None:
        self._session.execute(delete(DraftRow).where(DraftRow.entry == row.entry, DraftRow.language == row.language))

    # -- versions

    def versions(self, entry: str, language: str) -> Sequence[VersionRow]:
        """The newest first."""
        wanted = (
            select(VersionRow)
            .where(VersionRow.entry == entry, VersionRow.language == language)
            .order_by(VersionRow.number.desc())
        )
        return self._session.scalars(wanted).all()

    def last_number(self, entry: str, language: str) -> int:
        wanted = select(func.max(VersionRow.number)).where(VersionRow.entry == entry, VersionRow.language == language)
        return self._session.scalar(wanted) or 0

    def add_version(self, row: VersionRow) -> None:
        self._session.add(row)
        self._session.flush()

    # -- comments

    def comments(self, entry: str) -> Sequence[CommentRow]:
        """The oldest first."""
        return self._session.scalars(select(CommentRow).where(CommentRow.entry == entry).order_by(CommentRow.id)).all()

    def add_comment(self, row: CommentRow) -> None:
        self._session.add(row)

    # -- attachments

    def attachments(self, entry: str) -> Sequence[AttachmentRow]:
        return self._session.scalars(
            select(AttachmentRow).where(AttachmentRow.entry == entry).order_by(AttachmentRow.id)
        ).all()

    def attachment(self, id: int) -> AttachmentRow | None:
        return self._session.get(AttachmentRow, id)

    def add_attachment(self, row: AttachmentRow) -> None:
        self._session.add(row)
        self._session.flush()

    def drop_attachment(self, id: int) -> None:
        self._session.execute(delete(AttachmentRow).where(AttachmentRow.id == id))
