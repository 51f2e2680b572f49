"""Messages and wishes to be called back, kept until a person has dealt with them."""

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from sqlalchemy.exc import SQLAlchemyError

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
    def put(self, request: CallerRequest) -> bool:
        """Whether it is on record now. Blocks; a second one of the same call and kind replaces the first."""
        ...


class StoredRequests:
    def __init__(self, database: Database, vault: NumberVault) -> None:
        self._database = database
        self._vault = vault

    def put(self, request: CallerRequest) -> bool:
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
        try:
            with self._database.begin() as session:
                session.merge(row)
        except SQLAlchemyError as error:
            log.error(
                "ivr.request_not_kept call=%s kind=%s reason=%s", request.call, request.kind, type(error).__name__
            )
            return False
        return True
