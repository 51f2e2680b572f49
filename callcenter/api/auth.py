"""Who asks, and may he: session cookie, CSRF header, origin, roles."""

import hmac
from collections.abc import Callable
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request
from starlette.requests import HTTPConnection

from callcenter.account.model import Role
from callcenter.account.schemas import CSRF_HEADER
from callcenter.account.service import SignedIn
from callcenter.api.deps import TheApi, api_of
from callcenter.config import Settings
from callcenter.errors import CallCenterError, NotAllowed

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class WrongCsrf(CallCenterError):
    code = "wrong-csrf"
    status = 403


class WrongOrigin(CallCenterError):
    code = "wrong-origin"
    status = 403


def cookie_name(settings: Settings) -> str:
    """With the port: browsers send the cookies of one host to all its ports, and two systems may share a host."""
    return f"cc_session_{settings.http_port}"


def check_origin(connection: HTTPConnection) -> None:
    """A browser says which page asks; only our own may. Programs that are no browser send no Origin."""
    origin = connection.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != connection.headers.get("host"):
        raise WrongOrigin("this request comes from the page of another site")


def half_signed_in(request: Request, api: TheApi) -> SignedIn:
    """The person behind the request, perhaps with steps still to take. Raises NotSignedIn, WrongCsrf, WrongOrigin."""
    who = api.accounts.who(request.cookies.get(cookie_name(api.settings)))
    if request.method not in SAFE:
        check_origin(request)
        given = request.headers.get(CSRF_HEADER, "")
        if not hmac.compare_digest(given.encode(), who.csrf.encode()):
            raise WrongCsrf(f"the header {CSRF_HEADER} is missing or wrong; reload the page")
    return who


Anyone = Annotated[SignedIn, Depends(half_signed_in)]
"""Also who has still to choose a password or to set up the second factor: for those steps alone."""


def signed_in(who: Anyone) -> SignedIn:
    """Raises SetupNeeded, and what `half_signed_in` raises."""
    who.check_whole()
    return who


def require(*roles: Role) -> Callable[[SignedIn], SignedIn]:
    """A dependency: the reader, if he has one of these roles."""

    def reader(who: Annotated[SignedIn, Depends(signed_in)]) -> SignedIn:
        if who.person.role not in roles:
            raise NotAllowed(f"{who.person.role} may not do this", needs=sorted(roles))
        return who

    return reader


Reader = Annotated[SignedIn, Depends(signed_in)]
"""Anybody who is signed in."""

__all__ = ["Anyone", "Reader", "api_of", "check_origin", "cookie_name", "require", "signed_in"]
