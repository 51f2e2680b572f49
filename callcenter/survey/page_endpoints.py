"""`/s/<token>`: the page that a message invites to. No sign-in; the token is the right, for one answer."""

import logging
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Path, Query, Request
from fastapi.responses import HTMLResponse
from redis import Redis
from redis.exceptions import RedisError

from callcenter.api.deps import TheApi
from callcenter.survey import page
from callcenter.survey.service import COMMENT_MAX, TOKEN_LENGTH, Door, WebSurvey
from callcenter.survey.words import PAGE, TOO_OFTEN

log = logging.getLogger(__name__)

router = APIRouter(tags=["survey"])

GUESSES = 20
GUESSES_FOR_S = 600
"""So many links that are none, from one address, in so many seconds. A right link opens nevertheless: a whole village
may share an address with somebody who guesses."""
STATUS = {Door.USED: 410, Door.EXPIRED: 410, Door.UNKNOWN: 404}

Token = Annotated[str, Path(max_length=64)]


def _survey(api: TheApi) -> WebSurvey:
    return WebSurvey(api.database, api.vault, api.clock, api.visit_rules)


Survey = Annotated[WebSurvey, Depends(_survey)]


@router.get("/s/{token}", response_class=HTMLResponse, include_in_schema=False)
def look(
    token: Token, request: Request, api: TheApi, survey: Survey, lang: Annotated[str, Query(max_length=8)] = ""
) -> HTMLResponse:
    door, language = survey.look(token) if len(token) == TOKEN_LENGTH else (Door.UNKNOWN, "")
    shown = _language(lang, language)
    return _html(page.form(shown)) if door is Door.OPEN else _closed(api.redis, request, door, shown)


@router.post("/s/{token}", response_class=HTMLResponse, include_in_schema=False)
def answer(
    token: Token,
    request: Request,
    api: TheApi,
    survey: Survey,
    grade: Annotated[str, Form(max_length=8)] = "",
    comment: Annotated[str, Form(max_length=4 * COMMENT_MAX)] = "",
    lang: Annotated[str, Form(max_length=8)] = "",
) -> HTMLResponse:
    if grade not in ("1", "2", "3", "4", "5"):
        door, language = survey.look(token)
        if door is Door.OPEN:
            return _html(page.form(_language(lang, language), unanswered=True), 400)
    else:
        door, language = survey.answer(token, int(grade), comment)
    shown = _language(lang, language)
    return _html(page.thanks(shown)) if door is Door.OPEN else _closed(api.redis, request, door, shown)


def _language(asked: str, of_call: str) -> str:
    return next((code for code in (asked, of_call) if code in PAGE), "zh")


def _closed(redis: Redis, request: Request, door: Door, language: str) -> HTMLResponse:
    if door is Door.UNKNOWN and _guesses(redis, request.client.host if request.client else "") > GUESSES:
        return _html(page.notice("zh", TOO_OFTEN, TOO_OFTEN), 429)
    return _html(page.notice(language, PAGE[language].doors[door], PAGE["zh"].doors[door]), STATUS[door])


def _guesses(redis: Redis, address: str) -> int:
    """How many of late, with this one. Without Redis nobody counts: the token is long enough by itself."""
    key = f"cc:survey-guesses:{address}"
    try:
        with redis.pipeline() as together:
            together.incr(key)
            together.expire(key, GUESSES_FOR_S, nx=True)
            count, _ = together.execute()
    except (RedisError, OSError) as error:
        log.warning("survey.guesses_not_counted reason=%s", type(error).__name__)
        return 0
    return int(count)


def _html(text: str, status: int = 200) -> HTMLResponse:
    return HTMLResponse(text, status, headers={"Cache-Control": "no-store"})
