"""Sets of flows out of their texts: read, checked against each other, put together. No files, no database."""

import logging
from collections.abc import Iterable, Mapping

from callcenter.ivr.check import Rules, check_flow
from callcenter.ivr.finding import Finding
from callcenter.ivr.flow import Flow
from callcenter.ivr.reading import FlowFile, parse_flow
from callcenter.ivr.subflow import assemble, unknown_parts

log = logging.getLogger(__name__)

OF_THE_SITE = frozenset({"missing-prompt", "words-changed", "unknown-hours", "calendar-unknown"})
"""Errors that refuse a publication, and that may come over a published version when the site's files change: the
version runs on, for a menu with one stale prompt is better than none."""

Files = Mapping[str, FlowFile]


def read_texts(texts: Mapping[str, str]) -> dict[str, FlowFile]:
    return {flow: parse_flow(text.encode(), f"{flow}.yaml", expected_id=flow) for flow, text in texts.items()}


def whole_flows(files: Files) -> dict[str, Flow]:
    """Those whose form is right."""
    return {name: file.flow for name, file in files.items() if file.flow is not None and file.flow.id == name}


def findings_of(name: str, files: Files, rules: Rules) -> list[Finding]:
    """All that is wrong with one flow of a set."""
    file = files[name]
    found = list(file.findings)
    if file.flow is not None:
        found += check_flow(file, file.flow, rules, whole_flows(files))
    return sorted(found)


def errors_of(name: str, files: Files, rules: Rules) -> list[Finding]:
    return [finding for finding in findings_of(name, files, rules) if finding.level == "error"]


def refusals(name: str, before: Files, after: Files, rules: Rules) -> list[Finding]:
    """Why `after`, which differs from `before` in the text of `name`, cannot be published.

    A part may be right by itself and still break the flow that uses it: that flow's new errors count as well.
    """
    found = errors_of(name, after, rules)
    for other in users_of(name, after):
        if other in before and not errors_of(other, before, rules):
            found += errors_of(other, after, rules)
    return found


def users_of(part: str, files: Files) -> list[str]:
    """Flows that come, by subflows, to this part."""
    users: list[str] = []
    todo = [part]
    while todo:
        wanted = todo.pop()
        for name, flow in whole_flows(files).items():
            calls = {getattr(node, "subflow", None) for node in flow.nodes.values()}
            if wanted in calls and name not in users and name != part:
                users.append(name)
                todo.append(name)
    return users


def playable(files: Files, rules: Rules, only: Iterable[str] | None = None) -> dict[str, Flow]:
    """Flows a caller can be sent into, put together from their parts. What is left out is named in the log."""
    flows = whole_flows(files)
    wanted = set(files if only is None else only)
    found: dict[str, Flow] = {}
    for name, file in files.items():
        if name not in wanted:
            continue
        errors = [finding for finding in errors_of(name, files, rules) if finding.code not in OF_THE_SITE]
        for finding in errors:
            log.error("ivr.flow_refused %s", finding.as_text())
        flow = flows.get(name)
        if errors or flow is None or file.flow is None or flow.purpose == "part" or unknown_parts(flow, flows):
            continue
        found[name] = assemble(flow, flows)
    return found
