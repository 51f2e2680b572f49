"""`site/lines.yaml` of the flows' folder: read with its line numbers, every fault named."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from callcenter.ivr.finding import Finding
from callcenter.ivr.names import LanguageCode, PromptId
from callcenter.ivr.site_file import read_site_file
from callcenter.routing.model import VOICEMAIL, FirstSeat, LineRule, Rules

FILE = "lines.yaml"

Reason = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,31}$")]

Place = Annotated[PromptId, StringConstraints(max_length=32)]
"""Stands on the record like a seat, and is no longer than one."""


def _ends_with_voicemail(steps: list[str]) -> list[str]:
    if VOICEMAIL in steps[:-1]:
        raise ValueError("nothing comes after voicemail: it ends the call")
    return steps


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    helpers: list[LanguageCode] = []
    helpers_after_s: int = Field(60, ge=1, le=3600)
    keep_free: int = Field(0, ge=0, le=100)
    wait_s: int | None = Field(None, ge=1, le=3600)
    overflow: Annotated[list[Place], Field(max_length=10), AfterValidator(_ends_with_voicemail)] = []
    interpreter: Place | Literal[""] = ""


class _First(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    asked_s: int = Field(60, ge=0, le=600)
    last_adviser_s: int = Field(0, ge=0, le=120)
    last_adviser_days: int = Field(30, ge=1, le=365)
    field_s: int = Field(10, ge=0, le=120)


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    lines: dict[LanguageCode, _Line] = {}
    head_start_s: dict[Reason, Annotated[int, Field(ge=0, le=3600)]] = {}
    missed_rings: int = Field(3, ge=1, le=20)
    first_seat: _First = _First()


def read_rules(flows: Path) -> tuple[Rules, list[Finding]]:
    """Never raises for what is in the file. With a fault in it nobody helps and nobody goes first."""
    file, findings = read_site_file(flows / "site" / FILE, _File, "bad-rule")
    lines = {
        name: LineRule(**{**dict(it), "helpers": tuple(it.helpers), "overflow": tuple(it.overflow)})
        for name, it in file.lines.items()
    }
    first = FirstSeat(**dict(file.first_seat))
    return Rules(lines=lines, head_start_s=file.head_start_s, missed_rings=file.missed_rings, first=first), findings
