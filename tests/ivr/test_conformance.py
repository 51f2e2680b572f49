"""One flow, two ways to run it: the engine's interpreter and the generated dialplan do the same."""

import itertools
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callcenter.asterisk.channel_control import Digits, Finished, NoInput
from callcenter.config import Settings
from callcenter.ivr.dialplan import Surroundings, compile_flow
from callcenter.ivr.dialplan_hours import compile_hours
from callcenter.ivr.flow import KEYPAD, Flow
from callcenter.ivr.hours import Hours, told_by_clock
from callcenter.ivr.interpreter import step
from callcenter.ivr.knowledge import SpokenEntry
from callcenter.ivr.model import Ask, Input, Known, Leave, Look, Note, PlayPrompts, Session, Spoken, Started
from callcenter.ivr.shipped import load_flows
from tests.given import examples
from tests.ivr.conftest import NOON, flow_of
from tests.ivr.dialplan_evaluator import Call, Dialplan, Trace
from tests.ivr.random_flows import LANGUAGES, facts, flows

SHIPPED = load_flows(Settings())
SWITCH = Path("/home/emergency.on")
ENTRIES = {
    "law/valid": SpokenEntry("law/valid", "", date(2020, 1, 1), None, False),
    "law/over": SpokenEntry("law/over", "", date(2020, 1, 1), date(2026, 1, 5), False),
    "law/retired": SpokenEntry("law/retired", "", date(2020, 1, 1), None, True),
}
AROUND = Surroundings("zh", SWITCH, ENTRIES.get)
HOURS = Hours.model_validate(
    {
        "lines": {
            "zh": {"workday": ["09:00-12:00", "13:30-18:00"], "holiday": ["10:00-11:00"]},
            "bo": {"workday": ["00:00-24:00"], "special": {"2026-01-05": []}},
        }
    }
)
KEPT_FACTS = ("node", "key", "topic", "grade", "transfer")


class Keys:
    """What the caller presses, one entry for each time somebody listens."""

    def __init__(self, entries: list[str]) -> None:
        self._entries = iter(entries)

    def __call__(self, _listens: str) -> str:
        return next(self._entries, "")


def by_engine(flow: Flow, keys: Keys, known: Mapping[str, str], language: str) -> Trace:
    trace: Trace = []
    session, event = Session(language), Started()
    while True:
        session, instructions = step(flow, session, event)  # type: ignore[arg-type]
        for instruction in instructions:
            match instruction:
                case Note(name, value) if name in KEPT_FACTS:
                    trace.append(("fact", name, value))
                case PlayPrompts(prompts) | Ask(prompts):
                    trace += [("play", f"{it.language}/{it.prompt}") for it in prompts if isinstance(it, Spoken)]
                case Leave("queue", line):
                    return [*trace, ("queue", line, session.language)]
                case Leave("transfer", line, to):
                    return [*trace, ("transfer", to, line)]
                case Leave("goodbye"):
                    return [*trace, ("goodbye",)]
        event = _answer(instructions[-1], keys, known)  # type: ignore[assignment]


def _answer(instruction: object, keys: Keys, known: Mapping[str, str]) -> Input:
    match instruction:
        case PlayPrompts(interrupt=True):
            key = keys("play")[:1]
            return Digits(key) if key else Finished()
        case Ask(_, wanted, _, terminator):
            entered = ""
            for key in keys("ask"):
                if key in terminator:
                    return Digits(entered)
                entered += key
                if len(entered) == wanted:
                    break
            return Digits(entered) if entered else NoInput()
        case Look(names):
            told = {name: known.get(name, told_by_clock(name, HOURS, NOON)) for name in names}
            return Known({name: value for name, value in told.items() if value is not None})
    return Finished()


def by_dialplan(flow: Flow, keys: Keys, known: Mapping[str, str], language: str) -> Trace:
    call = Call(_plan(flow), keys, NOON, {"CC_LANG": language})
    call.functions = {
        f"STAT(e,{SWITCH})": "1" if known.get("emergency") == "yes" else "0",
        **{f"QUEUE_WAITING_COUNT({line})": known.get("queue_length", "0") for line in LANGUAGES},
        **{f"QUEUE_MEMBER({line},ready)": known.get("seats_ready", "0") for line in LANGUAGES},
    }
    trace = call.run(f"flow-{flow.id}")
    return [it for it in trace if it[0] != "fact" or it[1] in KEPT_FACTS]


def _plan(flow: Flow) -> Dialplan:
    """Read anew only when it is another flow than the last one."""
    if _last.get("flow") is not flow:
        _last["flow"] = flow
        _last["plan"] = Dialplan.parse(compile_flow(flow, AROUND) + compile_hours(HOURS, LANGUAGES, [2026]))
    return cast(Dialplan, _last["plan"])


_last: dict[str, object] = {}


def of_both(known: Mapping[str, str]) -> dict[str, str]:
    """Facts as both can know them: counts are the same in all lines, and the time is the clock's."""
    plain = {"queue_length": "0", "seats_ready": "0", "emergency": "no", **known}
    plain |= {"seats_ready_bo": plain["seats_ready"]}
    entries = {f"entry:{name}": "yes" if it.valid_on(NOON.date()) else "no" for name, it in ENTRIES.items()}
    return {name: plain[name] for name in ("queue_length", "seats_ready", "seats_ready_bo", "emergency")} | entries


def same(flow: Flow, entries: list[str], known: Mapping[str, str], language: str = "zh") -> Trace:
    engine = by_engine(flow, Keys(entries), known, language)
    assert by_dialplan(flow, Keys(entries), known, language) == engine
    return engine


def _paths(flow: Flow, length: int) -> Iterator[list[str]]:
    keys = [
        "",
        *sorted({"0", "7", *(key for node in flow.nodes.values() for key in getattr(node, "keys", {}))}),
        "1",
        "5",
    ]
    yield from map(list, itertools.product(dict.fromkeys(keys), repeat=length))


@pytest.mark.parametrize("name", sorted(SHIPPED))
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_path_of_the_shipped_flows_is_the_same(name: str, language: str) -> None:
    flow, seen = SHIPPED[name], set[str]()
    for entries in _paths(flow, 4 if language == "zh" else 2):
        trace = same(flow, entries, of_both({}), language)
        seen |= {it[2] for it in trace if it[:2] == ("fact", "node")}
    assert language != "zh" or seen == set(flow.nodes)


ENTRY = st.one_of(st.just(""), st.sampled_from(KEYPAD), st.text(KEYPAD, max_size=5))


@settings(max_examples=examples(600), deadline=None)
@given(
    flow=flows(engine=False),
    entries=st.lists(ENTRY, max_size=40),
    known=facts(),
    language=st.sampled_from(LANGUAGES),
)
def test_random_flows_and_callers_are_the_same(
    flow: Flow, entries: list[str], known: dict[str, str], language: str
) -> None:
    same(flow, entries, of_both(known), language)


@pytest.mark.parametrize(
    ("at", "line", "is_open"),
    [
        ("2026-01-05T01:00", "zh", "open"),  # Monday 09:00
        ("2026-01-05T04:00", "zh", "closed"),  # 12:00 sharp
        ("2026-01-04T02:00", "zh", "open"),  # a Sunday that is worked
        ("2026-10-01T02:30", "zh", "open"),  # National Day has hours of its own
        ("2026-10-01T04:30", "zh", "closed"),
        ("2026-10-11T02:00", "zh", "closed"),  # an ordinary Sunday
        ("2026-01-05T02:00", "bo", "closed"),  # a special day
        ("2026-01-05T16:00", "bo", "open"),  # the next day has begun in China
        ("2026-01-05T20:00", "mn", "open"),  # no hours: always
    ],
)
def test_hours_are_the_same(at: str, line: str, is_open: str) -> None:
    when = datetime.fromisoformat(at).replace(tzinfo=UTC)
    ask = f"[next]\nexten => s,1,Gosub(hours-{line},s,1)\n same => n,Goto(next-goodbye,s,1)\n"
    call = Call(Dialplan.parse(compile_hours(HOURS, LANGUAGES, [2026]) + ask), Keys([]), when)
    call.run("next")
    assert call.variables["GOSUB_RETVAL"] == is_open
    assert HOURS.is_open(line, when) in ({True, None} if is_open == "open" else {False})


QUESTIONS = flow_of(
    """
start: one
nodes:
  one: {play: welcome, next: two}
  two: {play: notice, next: three}
  three: {play: welcome, next: zero}
  zero: {menu: topic-menu, keys: {"0": first, "1": second}, otherwise: first}
  first:
    collect: topic-menu
    into: number
    min_digits: 2
    max_digits: 2
    keys: {"0": person}
    retries: 1
    next: second
    otherwise: second
  second:
    menu: topic-menu
    keys: {"1": third, "0": person, "#": other}
    otherwise: third
  third:
    menu: topic-menu
    again: closed
    keys: {"1": bye, "0": person, "#": other}
    silence_retries: 1
    otherwise: person
  other: {goodbye: []}
  bye: {goodbye: thanks}
  person: {queue: by-language}
"""
)


@pytest.mark.parametrize("first", ["zero", "first"])
def test_keys_typed_ahead_of_questions_are_the_same(first: str) -> None:
    nodes = {**QUESTIONS.nodes, "three": QUESTIONS.nodes["three"].model_copy(update={"next": first})}
    flow = QUESTIONS.model_copy(update={"nodes": nodes})
    for ahead in itertools.product(["", "1", "0", "9", "#"], repeat=3):
        for asked in (["1#", "1"], ["11", "7", "1"], ["#"], ["", "0"], ["01", "9", "9", "#"]):
            same(flow, [*ahead, *asked], {})
