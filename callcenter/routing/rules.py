"""`site/lines.yaml` of the flows' folder: read with its line numbers, every fault named."""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from callcenter.ivr.finding import Finding
from callcenter.ivr.names import LanguageCode
from callcenter.ivr.site_file import read_site_file
from callcenter.routing.model import LineRule, Rules

FILE = "lines.yaml"

Reason = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,31}$")]


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    helpers: list[LanguageCode] = []
    helpers_after_s: int = Field(60, ge=1, le=3600)
    keep_free: int = Field(0, ge=0, le=100)


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    lines: dict[LanguageCode, _Line] = {}
    head_start_s: dict[Reason, Annotated[int, Field(ge=0, le=3600)]] = {}
    missed_rings: int = Field(3, ge=1, le=20)


def read_rules(flows: Path) -> tuple[Rules, list[Finding]]:
    """Never raises for what is in the file. With a fault in it nobody helps and nobody goes first."""
    file, findings = read_site_file(flows / "site" / FILE, _File, "bad-rule")
    lines = {
        name: LineRule(helpers=tuple(it.helpers), helpers_after_s=it.helpers_after_s, keep_free=it.keep_free)
        for name, it in file.lines.items()
    }
    return Rules(lines=lines, head_start_s=file.head_start_s, missed_rings=file.missed_rings), findings
