"""What belongs to the site and not to a flow: opening hours, destinations outside, who helps whom, when callers are
called back, the emergency switch."""

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from callcenter.callback.rules import CallbackRules, read_callback_rules
from callcenter.config import Settings
from callcenter.ivr.finding import Finding
from callcenter.ivr.hours import Hours, read_hours
from callcenter.ivr.names import PromptId
from callcenter.ivr.site_file import read_site_file
from callcenter.message.rules import read_message_rules
from callcenter.routing.model import CALLBACK, VOICEMAIL, Rules
from callcenter.routing.rules import FILE as LINES_FILE
from callcenter.routing.rules import read_rules

FILE = "destinations.yaml"


class Destination(BaseModel):
    """A number outside that a caller may be sent to."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    number: Annotated[str, StringConstraints(pattern=r"^\+?[0-9]{3,18}$")]
    via: Annotated[str, StringConstraints(pattern=r"^([A-Za-z0-9.-]{1,100}(:[0-9]{2,5})?)?$")] = ""
    """`host` or `host:port` of the carrier's gateway; empty: the first address of the trunk."""
    ring_s: int = Field(30, ge=5, le=120)
    press_1: bool = False
    """A telephone that a voicemail may answer: only who presses 1 takes the call."""
    title: str = Field("", max_length=80)


class Destinations(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    destinations: dict[PromptId, Destination] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Site:
    hours: Hours = field(default_factory=Hours)
    destinations: Mapping[str, Destination] = field(default_factory=dict)
    routing: Rules = field(default_factory=Rules)
    callbacks: CallbackRules = field(default_factory=CallbackRules)
    findings: tuple[Finding, ...] = ()
    """Faults of the site's files. A file with a fault counts as empty."""


def read_site(flows: Path) -> Site:
    """`site/` in the folder of the flows. Never raises for what is in the files."""
    folder = flows / "site"
    hours, findings = read_hours(folder)
    outside, of_destinations = read_site_file(folder / FILE, Destinations, "bad-destination")
    routing, of_routing = read_rules(flows)
    callbacks, of_callbacks = read_callback_rules(folder, hours)
    _, of_messages = read_message_rules(flows)
    of_site = (*of_destinations, *of_routing, *of_callbacks, *of_messages)
    faults = (*findings, *of_site, *_unknown_places(routing, outside.destinations))
    return Site(hours, outside.destinations, routing, callbacks, faults)


def _unknown_places(routing: Rules, destinations: Mapping[str, Destination]) -> Iterator[Finding]:
    for name, line in routing.lines.items():
        for place in dict.fromkeys((*line.overflow, line.interpreter)):
            if place and place not in destinations and place not in (CALLBACK, VOICEMAIL):
                known = ", ".join((CALLBACK, VOICEMAIL, *destinations))
                message = f"line {name} leads to `{place}`, which is not in site/{FILE}; known: {known}"
                yield Finding(f"site/{LINES_FILE}", 1, "unknown-destination", message)


@dataclass(frozen=True, slots=True)
class Emergency:
    """The switch: a file of the home, so that the engine, the dialplan and the command line see the same one."""

    file: Path

    @classmethod
    def of(cls, settings: Settings) -> "Emergency":
        return cls(settings.home / "emergency.on")

    @property
    def is_on(self) -> bool:
        return self.file.exists()

    def switch_on(self, by: str, at: datetime) -> None:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        fresh = self.file.with_name(f".{self.file.name}.{os.getpid()}")
        fresh.write_text(json.dumps({"by": by, "at": at.isoformat()}, ensure_ascii=False) + "\n")
        os.replace(fresh, self.file)

    def switch_off(self) -> None:
        self.file.unlink(missing_ok=True)

    def since(self) -> dict[str, str]:
        """Who switched it on and when; empty when it is off."""
        try:
            return {str(key): str(value) for key, value in json.loads(self.file.read_text()).items()}
        except (OSError, ValueError, AttributeError):
            return {}
