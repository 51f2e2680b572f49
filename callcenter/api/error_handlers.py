"""Every error leaves as `{"code","message","details"}`; a traceback never leaves, it is in the log."""

import logging
import uuid
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DataError, OperationalError
from starlette.exceptions import HTTPException

from callcenter.errors import BadInput, CallCenterError, NotFound, TooLarge, Unavailable

log = logging.getLogger(__name__)


def install(app: FastAPI) -> None:
    app.add_exception_handler(CallCenterError, _ours)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(OperationalError, _database)
    for cannot_be_stored in (DataError, UnicodeEncodeError):
        app.add_exception_handler(cannot_be_stored, _not_storable)
    app.add_exception_handler(Exception, _unexpected)


def answer(status: int, code: str, message: str, **details: Any) -> JSONResponse:
    return JSONResponse({"code": code, "message": message, "details": details}, status)


def _ours(_request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, CallCenterError):
        raise error
    return answer(error.status, error.code, error.message, **error.details)


def _malformed(_request: Request, error: Exception) -> JSONResponse:
    """Names fields and faults, never the values: they may be passwords."""
    if not isinstance(error, RequestValidationError):
        raise error
    if any(e["type"] == "json_invalid" for e in error.errors()):
        return answer(BadInput.status, BadInput.code, "the request's body is not JSON")
    faults = {".".join(str(part) for part in e["loc"][1:]) or "body": str(e["msg"]) for e in error.errors()}
    words = "; ".join(f"{name}: {fault}" for name, fault in faults.items())
    message = f"the request is not understood: {words}"
    return answer(BadInput.status, BadInput.code, message, fields=list(faults), faults=faults)


def _http(_request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, HTTPException):
        raise error
    if error.status_code == NotFound.status:
        return answer(error.status_code, NotFound.code, "there is nothing at this address")
    if error.status_code == BadInput.status:
        return answer(error.status_code, BadInput.code, f"the request is not understood: {error.detail}")
    if error.status_code == TooLarge.status:
        return answer(error.status_code, TooLarge.code, str(error.detail))
    return answer(error.status_code, f"http-{error.status_code}", str(error.detail))


def _database(request: Request, error: Exception) -> JSONResponse:
    log.error("api.database-away path=%s reason=%s", request.url.path, str(getattr(error, "orig", error)))
    return answer(
        Unavailable.status, Unavailable.code, "the database does not answer. Calls go on; nothing was saved, try again."
    )


def _not_storable(_request: Request, _error: Exception) -> JSONResponse:
    """A character that no text has: U+0000, half a surrogate pair."""
    return answer(BadInput.status, BadInput.code, "the request holds a character that cannot be stored")


def _unexpected(request: Request, error: Exception) -> JSONResponse:
    number = uuid.uuid4().hex[:8]
    log.error("api.fault id=%s method=%s", number, request.method, exc_info=error)
    return answer(500, "error", f"something went wrong here; the log has it under {number}", id=number)
