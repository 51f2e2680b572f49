"""Errors a person or a program may see. `code` is stable: screens translate it, other programs test it."""

from typing import Any


class CallCenterError(Exception):
    """Base of every expected error. `message` is one sentence that says what, where and what to do."""

    code = "error"
    status = 500

    def __init__(self, message: str, **details: Any) -> None:
        super().__init__(message)
        self.message = message
        self.details = details


class BadInput(CallCenterError):
    code = "bad-input"
    status = 400


class NotSignedIn(CallCenterError):
    code = "not-signed-in"
    status = 401


class NotAllowed(CallCenterError):
    code = "not-allowed"
    status = 403


class NotFound(CallCenterError):
    code = "not-found"
    status = 404


class TooLarge(CallCenterError):
    code = "too-large"
    status = 413


class Conflict(CallCenterError):
    code = "conflict"
    status = 409


class Unavailable(CallCenterError):
    """A part that is needed does not answer: engine, Redis, database, Asterisk."""

    code = "unavailable"
    status = 503


class IllegalTransition(CallCenterError):
    """A state machine was asked for an arrow it does not have, e.g. `seat 1001: ready -> talking`."""

    code = "illegal-transition"
    status = 500
