"""Published versions and drafts, in the database."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from callcenter.ivr.version.model import FlowSet
from callcenter.ivr.version.table import FlowDraftRow, FlowVersionRow


class FlowBook:
    def __init__(self, session: Session) -> None:
        self._session = session

    def number(self) -> int:
        """Of the set callers meet; 0: nothing is published."""
        return self._session.scalar(select(func.max(FlowVersionRow.id))) or 0

    def current(self) -> dict[str, FlowVersionRow]:
        """The newest version of each flow."""
        newest = select(func.max(FlowVersionRow.id)).group_by(FlowVersionRow.flow)
        rows = self._session.scalars(
            select(FlowVersionRow).where(FlowVersionRow.id.in_(newest)).order_by(FlowVersionRow.flow)
        )
        return {row.flow: row for row in rows}

    def current_set(self) -> FlowSet:
        rows = self.current()
        return FlowSet(
            max((row.id for row in rows.values()), default=0),
            {flow: row.yaml for flow, row in rows.items()},
            {flow: row.version for flow, row in rows.items()},
        )

    def newest(self, flow: str) -> FlowVersionRow | None:
        return self._session.scalar(
            select(FlowVersionRow).where(FlowVersionRow.flow == flow).order_by(FlowVersionRow.version.desc()).limit(1)
        )

    def version(self, flow: str, version: int) -> FlowVersionRow | None:
        return self._session.scalar(
            select(FlowVersionRow).where(FlowVersionRow.flow == flow, FlowVersionRow.version == version)
        )

    def history(self, flow: str) -> Sequence[FlowVersionRow]:
        """The newest first."""
        return self._session.scalars(
            select(FlowVersionRow).where(FlowVersionRow.flow == flow).order_by(FlowVersionRow.version.desc())
        ).all()

    def newest_from_file(self, flow: str) -> FlowVersionRow | None:
        return self._session.scalar(
            select(FlowVersionRow)
            .where(FlowVersionRow.flow == flow, FlowVersionRow.from_file.is_(True))
            .order_by(FlowVersionRow.version.desc())
            .limit(1)
        )

    def add(self, row: FlowVersionRow) -> None:
        self._session.add(row)
        self._session.flush()

    def draft(self, flow: str) -> FlowDraftRow | None:
        return self._session.get(FlowDraftRow, flow)

    def drafts(self) -> dict[str, FlowDraftRow]:
        return {row.flow: row for row in self._session.scalars(select(FlowDraftRow))}

    def put_draft(self, row: FlowDraftRow) -> None:
        self._session.merge(row)

    def drop_draft(self, flow: str) -> bool:
        row = self.draft(flow)
        if row is None:
            return False
        self._session.delete(row)
        return True
