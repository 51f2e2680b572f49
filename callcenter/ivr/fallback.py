"""All of Asterisk's dialplan that comes from flows and the site's files: the menus without an engine, transfers."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import partial

from callcenter.clock import Clock, SystemClock
from callcenter.config import Settings
from callcenter.instants import CHINA
from callcenter.ivr.dialplan import Surroundings, compile_flow
from callcenter.ivr.dialplan_hours import compile_hours
from callcenter.ivr.dialplan_words import extension
from callcenter.ivr.flow import Flow
from callcenter.ivr.knowledge import entry_folders, read_spoken, recorded_words
from callcenter.ivr.shipped import NEEDED
from callcenter.ivr.site import Destination, Emergency, read_site
from callcenter.ivr.version.playing import Playing, now_playing, once_played

log = logging.getLogger(__name__)

LAST_RESORT: Mapping[str, Flow] = {
    "main": Flow.model_validate({"id": "main", "start": "person", "nodes": {"person": {"queue": "by-language"}}}),
    "survey": Flow.model_validate(
        {"id": "survey", "purpose": "survey", "start": "end", "nodes": {"end": {"goodbye": []}}}
    ),
}
"""When a file is so broken that nothing can be made of it: a person at once, and no survey."""


def fallback_dialplan(settings: Settings, clock: Clock | None = None) -> str:
    """Text of the contexts `flow-…`, `hours-…`, `calendar` and `next-transfer`."""
    entry = partial(read_spoken, entry_folders(settings), languages=settings.languages, words=recorded_words(settings))
    around = Surroundings(settings.default_language, Emergency.of(settings).file, entry)
    now, before = now_playing(settings), once_played(settings)
    parts = [part for name in NEEDED for part in _versions(name, now, before, around)]
    site = read_site(settings.flows_dir)
    today = (clock or SystemClock()).now().astimezone(CHINA).date()
    parts.append(compile_hours(site.hours, settings.languages, _years(today)))
    parts.append(_transfers(site.destinations, settings))
    return "\n".join(parts)


def _versions(name: str, now: Playing, before: Sequence[Playing], around: Surroundings) -> Iterator[str]:
    """The flow as the next caller meets it, and as callers who began earlier do: they go on in their own version, also
    when Asterisk reads its dialplan anew while they are in it. `CC_FLOWS` is the set a call began in."""
    flow, version = now.flows.get(name, LAST_RESORT[name]), now.versions.get(name, 0)
    if name not in now.flows or not version:
        yield compile_flow(flow, around)
        return
    older = [one for one in before if name in one.flows and one.versions.get(name, version) != version]
    steps = [f'GotoIf($["${{CC_FLOWS}}" = "{one.number}"]?flow-{name}-{one.versions[name]},s,1)' for one in older]
    yield "\n".join([f"[flow-{name}]", *extension("s", [*steps, f"Goto(flow-{name}-{version},s,1)"])]) + "\n"
    yield compile_flow(flow, around, version)
    for number, one in {one.versions[name]: one for one in older}.items():
        yield compile_flow(one.flows[name], around, number)


def _years(today: date) -> list[int]:
    return [today.year, today.year + 1]


def _transfers(destinations: Mapping[str, Destination], settings: Settings) -> str:
    """Only the numbers of `site/destinations.yaml`. Nobody there: the line of the caller's language."""
    lines = ["[next-transfer]"]
    lines += extension("s", ["Goto(d_${REPLACE(CC_TRANSFER,-,_)},1)"])
    for name, to in destinations.items():
        host = to.via or settings.trunk_addresses[0]
        dial = f"Dial(PJSIP/trunk/sip:{to.number}@{host},{to.ring_s},g)"
        lines += extension(f"d_{name.replace('-', '_')}", [dial, "Goto(after,1)"])
    lines += extension("after", ['GotoIf($["${DIALSTATUS}" = "ANSWER"]?next-goodbye,s,1:next-queue,s,1)'])
    lines += extension("i", ["Goto(next-queue,s,1)"])
    lines.append("; Told when the talk is over, whoever ended it: a number that nobody answers is no way out.")
    lines += extension("h", ['GosubIf($["${DIALSTATUS}" = "ANSWER"]?fact,s,1(outcome,transferred_out))'])
    return "\n".join(lines) + "\n"
