"""`site/callbacks.yaml` of the flows' folder: when and how often each line calls back."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from callcenter.callback.model import First, Policies, Policy
from callcenter.ivr.finding import Finding
from callcenter.ivr.hours import Hours, Schedule, Span
from callcenter.ivr.names import LineName
from callcenter.ivr.site_file import read_site_file

FILE = "callbacks.yaml"
DAYTIME: list[Span] = ["08:00-21:00"]
"""Without a word of the site nobody is rung at night."""


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    first: First = First.CALLER
    attempts: int = Field(3, ge=1, le=10)
    pauses_s: list[Annotated[int, Field(ge=1, le=86_400)]] = Field([300, 1800], min_length=1, max_length=10)
    ring_s: int = Field(30, ge=5, le=120)
    confirm_s: int = Field(60, ge=10, le=300)
    hours: Schedule = Schedule(workday=DAYTIME, weekend=DAYTIME, holiday=DAYTIME)


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    lines: dict[LineName, _Line] = {}


@dataclass(frozen=True, slots=True)
class CallbackRules:
    policies: Policies = field(default_factory=Policies)
    hours: Hours = field(default_factory=Hours)

    def permitted(self, line: str, now: datetime) -> bool:
        """Whether callers of this line may be rung at this hour."""
        known = line in self.hours.lines
        hours = self.hours if known else Hours(lines={line: _Line().hours}, calendar=self.hours.calendar)
        return bool(hours.is_open(line, now))


def read_callback_rules(site: Path, calendar: Hours) -> tuple[CallbackRules, list[Finding]]:
    """Never raises for what is in the file; one with a fault counts as absent. `calendar`: the site's own days."""
    file, findings = read_site_file(site / FILE, _File, "bad-callbacks")
    policies = {
        name: Policy(
            first=line.first,
            attempts=line.attempts,
            pauses=tuple(timedelta(seconds=pause) for pause in line.pauses_s),
            ring_s=line.ring_s,
            confirm_s=line.confirm_s,
        )
        for name, line in file.lines.items()
    }
    hours = Hours(lines={name: line.hours for name, line in file.lines.items()}, calendar=calendar.calendar)
    return CallbackRules(Policies(lines=policies), hours), findings
