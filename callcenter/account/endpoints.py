"""Signing in and out, one's own password and second factor, and the phone of the person's seat."""

from datetime import timedelta
from typing import Annotated, Literal
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Query, Request, Response

from callcenter.account import phone_page
from callcenter.account.model import Role
from callcenter.account.relay import relays_for
from callcenter.account.schemas import (
    Code,
    FactorOffer,
    Me,
    NewPassword,
    Password,
    PhonePage,
    RecoveryCodes,
    SignIn,
    SipPhone,
    WebRtcPhone,
)
from callcenter.account.service import SignedIn
from callcenter.api.auth import Anyone, check_origin, cookie_name, require
from callcenter.api.deps import Api, TheApi
from callcenter.config import EVERYWHERE, Settings
from callcenter.instants import china_day
from callcenter.seat.model import PhoneKind, endpoint_of, overseer_endpoint
from callcenter.seat.service import page_opened, seat_of

router = APIRouter(prefix="/api", tags=["account"])

OVERSEERS = (Role.SUPERVISOR, Role.MANAGER)
HasPhone = Annotated[SignedIn, Depends(require(Role.SEAT, *OVERSEERS))]
PageName = Annotated[str, Query(pattern=r"^[0-9a-f]{0,32}$")]
"""Chosen by the page when it is loaded."""
COOKIE_KEPT = timedelta(days=31)
"""The browser keeps the cookie so long; how long it is good for is decided here, by use."""


@router.post("/sign-in")
def sign_in(given: SignIn, request: Request, response: Response, api: TheApi) -> Me:
    check_origin(request)
    token, who = api.accounts.sign_in(given.username, given.password.get_secret_value(), given.code or "")
    response.set_cookie(
        cookie_name(api.settings),
        token,
        max_age=int(COOKIE_KEPT.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=api.settings.public_url.startswith("https:") or request.url.scheme == "https",
    )
    return _me(api, who)


@router.post("/sign-out", status_code=204)
def sign_out(who: Anyone, response: Response, api: TheApi) -> None:
    api.accounts.sign_out(who)
    response.delete_cookie(cookie_name(api.settings), httponly=True, samesite="lax")


@router.get("/me")
def me(who: Anyone, api: TheApi) -> Me:
    return _me(api, who)


@router.post("/me/password", status_code=204)
def change_password(given: NewPassword, who: Anyone, api: TheApi) -> None:
    api.own.change_password(who, given.old.get_secret_value(), given.new.get_secret_value())


@router.post("/me/second-factor")
def offer_factor(who: Anyone, api: TheApi) -> FactorOffer:
    """A new secret; it is in force when a code of it was confirmed."""
    secret, uri, qr = api.own.offer_factor(who)
    return FactorOffer(secret=secret, uri=uri, qr=qr)


@router.post("/me/second-factor/confirm")
def confirm_factor(given: Code, who: Anyone, api: TheApi) -> RecoveryCodes:
    return RecoveryCodes(codes=api.own.confirm_factor(who, given.code))


@router.post("/me/second-factor/remove", status_code=204)
def remove_factor(given: Password, who: Anyone, api: TheApi) -> None:
    api.own.remove_factor(who, given.password.get_secret_value())


def _me(api: Api, who: SignedIn) -> Me:
    return Me.of(who, china_day(api.clock.now()), api.settings.licence_warn_days)


def reached_at(request: Request, settings: Settings) -> tuple[str, str]:
    """Host of the page, and the address of Asterisk's WebSocket. A page of a safe `public_url` came through a proxy
    and may open no WebSocket but a safe one: the proxy hands `/ws` on to `ws_port`."""
    here, public = request.url.hostname or "", urlsplit(settings.public_url)
    if public.scheme == "https" and request.url.netloc == public.netloc:
        return here, f"wss://{public.netloc}/ws"
    host = here if settings.http_host in EVERYWHERE else settings.http_host
    return host, f"ws://{host}:{settings.ws_port}/ws"


def _endpoint(who: SignedIn, kind: PhoneKind) -> str:
    if who.person.role in OVERSEERS:
        return overseer_endpoint(who.person.id, kind)
    return endpoint_of(seat_of(who.person), kind)


@router.get("/me/phone/mine")
def has_phone(who: HasPhone, api: TheApi, page: PageName = "") -> PhonePage:
    """Whether this page still has the browser phone."""
    return PhonePage(mine=phone_page.has(api.redis, _endpoint(who, PhoneKind.WEBRTC), page))


@router.get("/me/phone")
def phone(
    who: HasPhone,
    request: Request,
    api: TheApi,
    kind: Annotated[Literal[PhoneKind.WEBRTC, PhoneKind.SIP], Query()] = PhoneKind.WEBRTC,
    page: PageName = "",
    microphone_tried: bool = True,
) -> WebRtcPhone | SipPhone:
    """What one's own phone needs to register with Asterisk: the seat's, or a supervisor's, who listens in with it.

    `page` takes the browser phone: every other page gives it up. With `microphone_tried=false` its seat is not rung
    there before `POST /api/me/microphone`.
    """
    settings = api.settings
    user = _endpoint(who, kind)
    told = phone_page.take(api.redis, user, page) if page else True
    password = api.secrets.phone_password(user)
    if kind is PhoneKind.WEBRTC:
        if told and who.person.role is Role.SEAT:
            page_opened(api.commands, who.person, microphone_tried)
        host, url = reached_at(request, settings)
        relays = relays_for(user, host, settings, api.secrets, api.clock.now())
        return WebRtcPhone(user=user, password=password, domain=settings.sip_host, ws_url=url, ice_servers=relays)
    return SipPhone(
        user=user, password=password, domain=settings.sip_host, host=settings.sip_host, port=settings.sip_port
    )
