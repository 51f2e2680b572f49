from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from callcenter.cloud.table import CloudCallRow
from callcenter.ivr.orders import free_order_no
from callcenter.ivr.table import CallerRequestRow
from callcenter.storage.numbers import NumberVault

SOURCE = "cloud"
MOST_TRIES = 100


class CloudCalls:
    """Everything is put in once: what the provider tells again changes nothing, whatever a person did meanwhile."""

    def __init__(self, session: Session, vault: NumberVault) -> None:
        self._session = session
        self._vault = vault

    def get(self, sid: str) -> CloudCallRow | None:
        return self._session.get(CloudCallRow, sid)

    def ensure(self, sid: str, at: datetime, number: str, language: str) -> CloudCallRow:
        row = self.get(sid)
        if row is None:
            row = CloudCallRow(id=sid, began_at=at, language=language, recording="", tries=0)
            self._session.add(row)
        if number and row.number is None:
            self.give_number(row, number)
        return row

    def number_of(self, row: CloudCallRow) -> str:
        return self._vault.open(row.number)

    def has(self, sid: str, kind: str) -> bool:
        return self._session.get(CallerRequestRow, (sid, kind)) is not None

    def ask_for(self, row: CloudCallRow, kind: str, at: datetime, *, millis: int = 0) -> bool:
        """A task for a person. False: it was there already."""
        if self.has(row.id, kind):
            return False
        number = self.number_of(row)
        self._session.add(
            CallerRequestRow(
                call=row.id,
                kind=kind,
                at=at,
                number=self._vault.seal(number),
                number_hash=self._vault.search_hash(number),
                language=row.language,
                file="",
                millis=millis,
                state="open",
                source=SOURCE,
                order_no=free_order_no(self._session),
            )
        )
        return True

    def order_no(self, sid: str, kind: str) -> str:
        """Of a task that is there."""
        wanted = (CallerRequestRow.call == sid, CallerRequestRow.kind == kind)
        return self._session.scalar(select(CallerRequestRow.order_no).where(*wanted)) or ""

    def give_number(self, row: CloudCallRow, number: str) -> None:
        """To the call, and to a request of it that came without one."""
        row.number = self._vault.seal(number)
        for kind in ("voicemail", "callback"):
            request = self._session.get(CallerRequestRow, (row.id, kind))
            if request is not None and request.number is None:
                request.number, request.number_hash = row.number, self._vault.search_hash(number)

    def message_is_here(self, row: CloudCallRow, file: str, millis: int, at: datetime) -> None:
        row.fetched_at = at
        request = self._session.get(CallerRequestRow, (row.id, "voicemail"))
        if request is not None:
            request.file, request.millis = file, millis or request.millis

    def to_fetch(self, limit: int = 20) -> list[CloudCallRow]:
        """Messages still at the provider's, the oldest first."""
        return list(
            self._session.scalars(
                select(CloudCallRow)
                .where(CloudCallRow.recording != "", CloudCallRow.fetched_at.is_(None), CloudCallRow.tries < MOST_TRIES)
                .order_by(CloudCallRow.tries, CloudCallRow.began_at)
                .limit(limit)
            )
        )

    def given_up(self) -> int:
        tried = select(func.count()).where(CloudCallRow.fetched_at.is_(None), CloudCallRow.tries >= MOST_TRIES)
        return self._session.scalar(tried) or 0
