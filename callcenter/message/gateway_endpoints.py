"""`/api/message-gateway`: what gateways tell us. No sign-in: every request is signed."""

import json
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import PlainTextResponse, Response

from callcenter.api.deps import TheApi
from callcenter.cloud.signature import form_of, signed_form
from callcenter.errors import BadInput, Unavailable
from callcenter.message.http_gateway import check_signature, meaning
from callcenter.message.reports import TWILIO, Reports
from callcenter.message.rules import HttpRules, MessageRules, read_message_rules
from callcenter.message.setup import ROOT

router = APIRouter(prefix=ROOT, tags=["messages"])

NOTHING_TO_SAY = '<?xml version="1.0" encoding="UTF-8"?><Response/>'


class NoSuchGateway(Unavailable):
    code = "no-such-gateway"


def rules(api: TheApi) -> MessageRules:
    return read_message_rules(api.settings.flows_dir)[0]


TheRules = Annotated[MessageRules, Depends(rules)]


def reports(api: TheApi) -> Reports:
    return Reports(api.database, api.vault, api.clock)


TheReports = Annotated[Reports, Depends(reports)]


async def twilio_form(request: Request, api: TheApi, rules: TheRules) -> dict[str, str]:
    if rules.gateway != "twilio":
        raise NoSuchGateway("`site/messages.yaml` does not name twilio as the gateway")
    return await signed_form(request, api.settings.public_url, api.secrets.message_secret)


async def told(request: Request) -> dict[str, str]:
    """A report of a carrier: JSON or a form, one level deep."""
    if "json" not in request.headers.get("content-type", ""):
        return dict(await form_of(request))
    try:
        found = json.loads((await request.body()).decode())
    except ValueError:
        raise BadInput("the report is no JSON") from None
    if not isinstance(found, dict):
        raise BadInput("the report is no JSON object")
    return {str(name): str(value) for name, value in found.items()}


@router.post("/twilio/status", status_code=204)
def twilio_status(
    form: Annotated[dict[str, str], Depends(twilio_form)],
    reports: TheReports,
    m: Annotated[str, Query(max_length=32)] = "",
) -> None:
    """Told again, or in another order, it changes nothing."""
    state = TWILIO.get(form.get("MessageStatus", ""))
    if state is not None and form.get("MessageSid"):
        reports.became("twilio", m, form["MessageSid"], state, form.get("ErrorCode", ""))


@router.post("/twilio/reply", response_class=Response)
def twilio_reply(form: Annotated[dict[str, str], Depends(twilio_form)], reports: TheReports) -> Response:
    reports.answered(form.get("From", ""), form.get("Body", ""))
    return Response(NOTHING_TO_SAY, media_type="text/xml; charset=utf-8")


@router.post("/http/status", response_class=PlainTextResponse)
def http_status(
    told: Annotated[dict[str, str], Depends(told)], api: TheApi, rules: TheRules, reports: TheReports
) -> str:
    http = _http(rules)
    if http.reports is None:
        raise NoSuchGateway("`site/messages.yaml` has no part `http / reports`")
    rule, now = http.reports, int(api.clock.now().timestamp())
    check_signature(rule.signature, rule.signed_in, rule.at, told, api.secrets.message_secret, now)
    word, id_ = told.get(rule.state, ""), told.get(rule.id, "")
    if word and id_:
        reports.became("http", id_, id_, meaning(http, word), "" if word in rule.delivered else word)
    return "OK"


@router.post("/http/reply", response_class=PlainTextResponse)
def http_reply(
    told: Annotated[dict[str, str], Depends(told)], api: TheApi, rules: TheRules, reports: TheReports
) -> str:
    rule = _http(rules).replies
    if rule is None:
        raise NoSuchGateway("`site/messages.yaml` has no part `http / replies`")
    now = int(api.clock.now().timestamp())
    check_signature(rule.signature, rule.signed_in, rule.at, told, api.secrets.message_secret, now)
    reports.answered(told.get(rule.number, ""), told.get(rule.text, ""))
    return "OK"


def _http(rules: MessageRules) -> HttpRules:
    if rules.gateway != "http" or rules.http is None:
        raise NoSuchGateway("`site/messages.yaml` does not name http as the gateway")
    return rules.http
