"""All checks, in the order in which a person would mend things."""

from typing import Any

from sqlalchemy.engine import make_url

from callcenter.config import Settings
from callcenter.doctor import cloud, home, messages, services, telephony
from callcenter.doctor.model import Check, Result, Status

CHECKS: tuple[Check, ...] = (
    home.secrets_file,
    services.database,
    services.redis,
    telephony.program,
    telephony.manager,
    telephony.ports,
    services.engine,
    home.flows,
    home.prompts,
    home.recordings,
    home.journal,
    services.api,
    services.worker,
    services.turn,
    cloud.number,
    messages.gateway,
    home.screens,
    home.clock,
)

HIDDEN = "(hidden)"


def examine(settings: Settings) -> list[Result]:
    return [result for check in CHECKS for result in check(settings)]


def worst(results: list[Result]) -> Status:
    found = {result.status for result in results}
    return next((status for status in (Status.FAIL, Status.WARN) if status in found), Status.OK)


def settings_in_force(settings: Settings) -> dict[str, Any]:
    """Without anything secret."""
    shown: dict[str, Any] = settings.model_dump(mode="json")
    shown["demo_password"] = HIDDEN if settings.demo_password else None
    shown["database_url"] = make_url(settings.database).render_as_string(hide_password=True)
    shown["redis_url"] = make_url(settings.redis).render_as_string(hide_password=True)
    return shown
