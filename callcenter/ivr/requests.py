"""Messages and wishes to be called back, kept until a person has dealt with them."""

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from callcenter.callback.model import RequestState
from callcenter.callback.service import refusal_at_filing
from callcenter.ivr.orders import TRIES, free_order_no
from callcenter.ivr.table import CallerRequestRow
from callcenter.storage.database import Database
from callcenter.storage.numbers import NumberVault

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerRequest:
    call: str
    kind: Literal["voicemail", "callback"]
    at: datetime
    number: str
    """In clear; empty when withheld."""
    language: str
    file: str = ""
    millis: int = 0

    def __repr__(self) -> str:
        return f"CallerRequest({self.kind} of {self.call})"


class RequestBook(Protocol):
    def put(self, request: CallerRequest) -> str:
        """Its order number; empty: it is not on record, or refused (a callback to a foreign number). Blocks; a second
        one of the same call and kind replaces the first and keeps its number."""
        ...


class StoredRequests:
    def __init__(self, database: Database, vault: NumberVault) -> None:
        self._database = database
        self._vault = vault

    def put(self, request: CallerRequest) -> str:
        for _ in range(TRIES):
            try:
                return self._put(request)
            except IntegrityError:
                continue  # the number is taken
            except SQLAlchemyError as error:
                reason = type(error).__name__
                log.error("ivr.request_not_kept call=%s kind=%s reason=%s", request.call, request.kind, reason)
                return ""
        log.error("ivr.request_not_kept call=%s kind=%s reason=no free number", request.call, request.kind)
        return ""

    def _put(self, request: CallerRequest) -> str:
        row = CallerRequestRow(
            call=request.call,
            kind=request.kind,
            at=request.at,
            number=self._vault.seal(request.number),
            number_hash=self._vault.search_hash(request.number),
            language=request.language,
            file=request.file,
            millis=request.millis,
            state="open",
        )
        with self._database.begin() as session:
            refused = refusal_at_filing(session, self._vault, request.number) if request.kind == "callback" else None
            if refused is not None:
                log.info("ivr.request_refused call=%s reason=%s", request.call, refused.value)
                row.state, row.reason, row.ended_at = RequestState.REFUSED.value, refused.value, request.at
                session.merge(row)
                return ""
            before = session.get(CallerRequestRow, (request.call, request.kind))
            row.order_no = (before and before.order_no) or free_order_no(session)
            session.merge(row)
            return row.order_no
