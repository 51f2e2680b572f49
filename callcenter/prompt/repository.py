from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from callcenter.account.model import Role
from callcenter.account.table import PersonRow
from callcenter.prompt.table import PromptTakeRow

DECIDE = (Role.SUPERVISOR, Role.MANAGER, Role.ADMIN)


class Takes:
    def __init__(self, session: Session) -> None:
        self._session = session

    def waiting(self, language: str, prompt: str) -> PromptTakeRow | None:
        return self._session.scalar(
            select(PromptTakeRow)
            .where(PromptTakeRow.language == language, PromptTakeRow.prompt == prompt, PromptTakeRow.state == "waiting")
            .order_by(PromptTakeRow.id.desc())
            .limit(1)
        )

    def all_waiting(self, languages: Sequence[str]) -> dict[tuple[str, str], PromptTakeRow]:
        rows = self._session.scalars(
            select(PromptTakeRow)
            .where(PromptTakeRow.state == "waiting", PromptTakeRow.language.in_(languages))
            .order_by(PromptTakeRow.id)
        )
        return {(row.language, row.prompt): row for row in rows}

    def history(self, language: str, prompt: str) -> list[PromptTakeRow]:
        """The newest first."""
        return list(
            self._session.scalars(
                select(PromptTakeRow)
                .where(PromptTakeRow.language == language, PromptTakeRow.prompt == prompt)
                .order_by(PromptTakeRow.id.desc())
            )
        )

    def replace_waiting(self, language: str, prompt: str, by: str, at: datetime) -> None:
        self._session.execute(
            update(PromptTakeRow)
            .where(PromptTakeRow.language == language, PromptTakeRow.prompt == prompt, PromptTakeRow.state == "waiting")
            .values(state="replaced", decided_by=by, decided_at=at)
        )

    def add(self, row: PromptTakeRow) -> None:
        self._session.add(row)
        self._session.flush()

    def others_who_decide(self, person: str) -> int:
        """People besides this one who may approve a recording."""
        wanted = select(func.count()).where(
            PersonRow.active, PersonRow.role.in_([str(role) for role in DECIDE]), PersonRow.id != person
        )
        return self._session.scalar(wanted) or 0
