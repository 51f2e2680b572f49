"""The gateway that this site has, if it has one."""

from callcenter.clock import Clock
from callcenter.config import Settings
from callcenter.message.gateway import Gateway
from callcenter.message.http_gateway import HttpGateway
from callcenter.message.rules import TWILIO, MessageRules
from callcenter.secrets import Secrets

ROOT = "/api/message-gateway"
"""Where gateways reach us."""


def lacking(settings: Settings, secrets: Secrets, rules: MessageRules) -> list[str]:
    """What the chosen gateway still needs."""
    if rules.gateway == "none":
        return []
    lacks = [] if secrets.message_secret else ["`message_secret` in secrets.toml"]
    if rules.invite_after_hang_up and not settings.public_url:
        lacks.append("`public_url`")
    return lacks


def address(rules: MessageRules) -> str:
    """Where the chosen gateway is asked. Empty: none is chosen."""
    if rules.gateway == "twilio":
        return TWILIO
    return rules.http.url if rules.gateway == "http" and rules.http is not None else ""


def reports_are_expected(settings: Settings, rules: MessageRules) -> bool:
    """Whether the gateway tells us later that a message has arrived."""
    if rules.gateway == "http":
        return rules.http is not None and rules.http.reports is not None
    return rules.gateway == "twilio" and bool(settings.public_url)


def gateway_of(settings: Settings, secrets: Secrets, rules: MessageRules, clock: Clock) -> Gateway | None:
    """None: none is set up, or its secret is missing."""
    if not secrets.message_secret:
        return None
    if rules.gateway == "http" and rules.http is not None:
        return HttpGateway(rules.http, secrets.message_secret, clock)
    if rules.gateway == "twilio" and rules.twilio is not None:
        from callcenter.message.twilio_gateway import TwilioGateway  # a second to load: only where it is used

        reports_to = f"{settings.public_url}{ROOT}/twilio/status" if settings.public_url else ""
        return TwilioGateway(rules.twilio, secrets.message_secret, reports_to)
    return None
