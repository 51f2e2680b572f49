"""Questions, keys typed ahead, numbers, branches: one step at a time."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callcenter.asterisk.channel_control import ChannelGone, Digits, Finished, NoInput
from callcenter.errors import IllegalTransition
from callcenter.ivr.check import Rules, check_flow
from callcenter.ivr.flow import KEYPAD, Flow
from callcenter.ivr.interpreter import MAX_NODES, step
from callcenter.ivr.model import (
    Ask,
    File,
    Input,
    Kept,
    Known,
    Leave,
    Look,
    Note,
    Overdue,
    PlayPrompts,
    Record,
    Session,
    SetVariable,
    Started,
)
from callcenter.ivr.reading import FlowFile
from callcenter.ivr.walk import walk
from callcenter.ivr.yaml_source import YamlSource
from tests.given import examples
from tests.ivr.conftest import flow_of
from tests.ivr.random_flows import facts, flows

ORDER = flow_of(
    """
start: hello
nodes:
  hello: {play: welcome, next: number}
  number:
    collect: order-number
    into: order
    min_digits: 4
    max_digits: 6
    keys: {"0": person}
    retries: 1
    silence_retries: 1
    again: order-again
    next: who
    otherwise: person
  who:
    branch:
      - {fact: source, is: "110", go: urgent}
      - {fact: order, one_of: ["1234", "4321"], go: known}
      - {fact: waiting, at_least: 5, go: known}
    otherwise: person
  urgent: {set: {priority: "1", topic: urgent}, next: person}
  known: {goodbye: thanks}
  person: {queue: by-language}
"""
)


def end_of(flow: Flow, *keys: str, **facts: str) -> str:
    end = walk(flow, keys, language="zh", facts=facts).end
    return f"{end.next} {end.queue}".strip()


def start(flow: Flow, *events: Input) -> tuple[Session, list[object]]:
    session, out = step(flow, Session("zh"), Started())
    for event in events:
        session, out = step(flow, session, event)
    return session, list(out)


@pytest.mark.parametrize(
    ("keys", "end"),
    [
        (["1234"], "goodbye"),
        (["123456"], "queue zh"),
        (["0"], "queue zh"),
        (["12", "4321"], "goodbye"),
        (["12", "34"], "queue zh"),
        (["", "1234"], "goodbye"),
        (["", "", "1234"], "queue zh"),
    ],
)
def test_a_number_is_taken_asked_again_or_left(keys: list[str], end: str) -> None:
    assert end_of(ORDER, *keys) == end


def test_facts_that_come_with_the_call_decide_a_branch() -> None:
    assert ORDER.outside_facts == {"source", "waiting"}
    assert end_of(ORDER, "9999", waiting="5") == "goodbye"
    assert end_of(ORDER, "9999", waiting="4") == "queue zh"
    assert end_of(ORDER, "9999", waiting="many") == "queue zh"
    assert walk(ORDER, ["9999"], language="zh", facts={"source": "110"}).session.topic == "urgent"


def test_the_record_keeps_how_many_keys_a_number_had_but_not_which() -> None:
    _session, out = start(ORDER, Finished(), Digits("987654"))
    assert Note("key", "number=(6 keys)") in out
    assert "987654" not in str(out)


def test_keys_pressed_during_the_greeting_are_the_first_keys_of_the_number() -> None:
    session, out = start(ORDER, Digits("1"))
    assert out[-1] == Ask((), 5, 5.0, "#")
    session, out = step(ORDER, session, Digits("234"))
    assert session.facts["order"] == "1234"
    assert session.ended is False
    assert isinstance(out[-1], PlayPrompts)


def test_a_number_typed_ahead_and_ended_is_not_asked_for() -> None:
    session, out = start(ORDER, Digits("1234#7"))
    assert session.facts["order"] == "1234"
    assert session.typed == "7"
    assert not any(isinstance(it, Ask) for it in out)


def test_keys_after_a_wrong_key_are_dropped_not_taken_for_the_answer() -> None:
    flow = flow_of('start: m\nnodes:\n  m: {menu: x, keys: {"0": p}, otherwise: p}\n  p: {queue: zh}\n')
    session, out = start(flow, Digits("930"))
    assert session.typed == ""
    assert isinstance(out[-1], Ask)


def test_variables_come_before_the_way_out_and_the_way_out_last() -> None:
    session, out = start(ORDER, Finished(), Digits("0"))
    assert [it for it in out if not isinstance(it, Note)] == [
        SetVariable("CC_LANG", "zh"),
        SetVariable("CC_LINE", "zh"),
        Leave("queue", "zh"),
    ]
    assert session.path == ("hello", "number", "person")


@pytest.mark.parametrize("before", [(), (Finished(),), (Finished(), NoInput())])
def test_a_caller_who_hangs_up_ends_the_session_and_nothing_is_done_any_more(before: tuple[Input, ...]) -> None:
    session, _out = start(ORDER, *before)
    session, out = step(ORDER, session, ChannelGone())
    assert session.ended
    assert out == []
    with pytest.raises(IllegalTransition, match="has ended"):
        step(ORDER, session, Finished())


def test_when_the_time_is_up_the_caller_comes_to_a_person() -> None:
    _session, out = start(ORDER, Finished(), Overdue())
    assert out[-1] == Leave("queue", "zh")


def test_a_session_starts_once() -> None:
    with pytest.raises(IllegalTransition, match="not expected"):
        start(ORDER, Started())
    with pytest.raises(IllegalTransition, match="not expected"):
        step(ORDER, Session("zh"), Finished())


def test_who_goes_round_and_round_by_keys_is_brought_to_a_person() -> None:
    flow = flow_of(
        'start: m\nnodes:\n  m: {menu: x, keys: {"0": p, "9": m}, otherwise: p}\n  p: {queue: by-language}\n'
    )
    found = walk(flow, ["9"] * 200, language="mn")
    assert found.end == Leave("queue", "mn")
    assert len(found.session.path) == MAX_NODES


EVENT = st.one_of(
    st.builds(Digits, st.text(KEYPAD, max_size=5)),
    st.sampled_from([Finished(), NoInput(), Overdue(), ChannelGone()]),
)
STRANDED = {"endless-loop", "silent-loop", "dead-end"}
RULES = Rules(["zh", "bo", "mn"], ["zh", "bo", "mn"], "zh", max_depth=10)


@settings(max_examples=examples(300), deadline=None)
@given(flow=flows(), events=st.lists(EVENT, max_size=30), known=facts(), kept=st.booleans())
def test_no_flow_and_no_caller_make_a_session_without_end(
    flow: Flow, events: list[Input], known: dict[str, str], kept: bool
) -> None:
    session, out = step(flow, Session("zh"), Started())
    for event in [*events, *[NoInput()] * 5 * MAX_NODES]:
        if session.ended:
            break
        if not isinstance(event, ChannelGone | Overdue):
            match out[-1]:
                case Look(names):
                    event = Known({name: known[name] for name in names if name in known})
                case Record() | File():
                    event = Kept(kept)
        session, out = step(flow, session, event)
    assert session.ended
    assert len(session.path) <= MAX_NODES
    assert out == [] or isinstance(out[-1], Leave)


@settings(max_examples=examples(300), deadline=None)
@given(flow=flows())
def test_in_a_flow_the_checker_accepts_a_silent_caller_ends_without_the_emergency_brake(flow: Flow) -> None:
    found = {finding.code for finding in check_flow(FlowFile(YamlSource("any.yaml")), flow, RULES, {})}
    session = walk(flow, [], language="zh").session
    assert found & STRANDED or len(session.path) <= len(flow.nodes)
