"""`/api/report`: the same figures as `callcenter report kpi`, for everybody who is signed in."""

import re
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query

from callcenter.api.auth import signed_in
from callcenter.api.deps import TheApi
from callcenter.report import service
from callcenter.report.choices import choices
from callcenter.report.schemas import KpiOut, QuarterOut

router = APIRouter(prefix="/api/report", tags=["report"], dependencies=[Depends(signed_in)])

_LOST_PLUS = re.compile(r" (?=[0-9]{2}(:?[0-9]{2})?$)")
"""`+08:00` in an address means ` 08:00` unless it is written %2B08:00; many programs forget that."""


@router.get("/kpi", response_model_exclude_unset=True)
def kpi(
    api: TheApi,
    start: Annotated[str, Query(alias="from", description="First instant, ISO 8601 with offset.")],
    end: Annotated[str, Query(alias="to", description="Instant after the last one.")],
    by: Annotated[list[str] | None, Query(description="Split, e.g. language,hour.")] = None,
    threshold: Annotated[str | None, Query(description="Seconds.")] = None,
    short: Annotated[str | None, Query(description="Seconds.")] = None,
    variant: Annotated[list[str] | None, Query(description="Only these: name, variant or name:variant.")] = None,
) -> KpiOut:
    """Every figure of the calls that started in an interval, each with its formula."""
    with api.database.read() as session:
        report: dict[str, Any] = service.kpi(
            session,
            _LOST_PLUS.sub("+", start),
            _LOST_PLUS.sub("+", end),
            threshold=str(api.settings.threshold_s) if threshold is None else threshold,
            short=str(api.settings.short_s) if short is None else short,
            by=by or (),
            variants=variant or (),
            choices=choices(api.settings),
            now=api.clock.now(),
        )
    return KpiOut.model_validate(report)


@router.get("/quarters")
def quarters(api: TheApi, hours: int = 24) -> list[QuarterOut]:
    """Calls in, sent to a seat and answered, for each quarter of an hour up to now."""
    with api.database.read() as session:
        found = service.quarters(session, api.clock.now(), hours)
    return [QuarterOut.model_validate(quarter) for quarter in found]
