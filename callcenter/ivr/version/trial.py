"""A flow of a set tried without a telephone."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from callcenter.errors import BadInput
from callcenter.ivr.check import Rules
from callcenter.ivr.flow import KEYPAD
from callcenter.ivr.hours import told_by_clock
from callcenter.ivr.subflow import assemble, unknown_parts
from callcenter.ivr.version.flow_set import Files, errors_of, whole_flows
from callcenter.ivr.walk import walk

KEYS_MAX = 100


def try_out(
    flow: str,
    files: Files,
    rules: Rules,
    *,
    keys: Sequence[str],
    language: str,
    at: datetime,
    facts: Mapping[str, str],
) -> list[dict[str, Any]]:
    """As `callcenter flows walk --json`. Raises BadInput for a flow with errors, or keys that are none."""
    if len(keys) > KEYS_MAX or any(key not in KEYPAD for entry in keys for key in entry):
        raise BadInput(f"keys: at most {KEYS_MAX} entries of 0-9, * and #")
    if language not in rules.languages:
        raise BadInput(f"lang: `{language}` is not set up; known: {', '.join(rules.languages)}")
    if errors := errors_of(flow, files, rules):
        raise BadInput(f"{errors[0].as_text()}; a flow with errors cannot be walked")
    flows = whole_flows(files)
    wanted = flows[flow]
    if wanted.purpose == "part" or unknown_parts(wanted, flows):
        raise BadInput(f"`{flow}` is a part; walk a flow that uses it")
    hours = rules.site.hours
    walked = walk(
        assemble(wanted, flows),
        keys,
        language=language,
        facts=facts,
        look=lambda name: told_by_clock(name, hours, at),
    )
    return walked.as_json()
