"""Whatever flow the checker lets pass, whoever calls: the call ends, and `0` reaches a person."""

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from callcenter.asterisk.channel_control import Digits, Finished, NoInput
from callcenter.ivr.check import Rules, check_flow
from callcenter.ivr.flow import KEYPAD, Flow, Queue, Transfer
from callcenter.ivr.hours import Hours
from callcenter.ivr.interpreter import MAX_NODES, step
from callcenter.ivr.model import (
    Ask,
    File,
    Heard,
    Instruction,
    Kept,
    Known,
    Leave,
    Listen,
    Look,
    PlayPrompts,
    Record,
    Session,
    Started,
)
from callcenter.ivr.reading import FlowFile
from callcenter.ivr.site import Destination, Site
from callcenter.ivr.yaml_source import YamlSource
from tests.given import examples
from tests.ivr.random_flows import LANGUAGES, NAMES, facts, flows

OPEN = {"workday": ["08:00-20:00"], "weekend": []}
SITE = Site(
    Hours.model_validate({"lines": dict.fromkeys(LANGUAGES, OPEN)}), {"duty": Destination(number="09711234567")}
)
RULES = Rules(LANGUAGES, LANGUAGES, "zh", max_depth=6, site=SITE)
PERSON = NAMES[-1]


def with_a_person(flow: Flow) -> Flow:
    """Most random flows know no person at all; this one has one, and `0` leads to it."""
    nodes = {
        name: node.model_copy(update={"keys": {**node.keys, "0": PERSON}}) if hasattr(node, "keys") else node
        for name, node in flow.nodes.items()
    }
    return flow.model_copy(update={"nodes": {**nodes, PERSON: Queue(queue="by-language")}})


def accepted(flow: Flow) -> bool:
    """Unreachable nodes are nonsense but strand nobody; without the others hardly any random flow would be left."""
    found = check_flow(FlowFile(YamlSource("any.yaml")), flow, RULES, {})
    return not [it for it in found if it.level == "error" and it.code not in ("unreachable-node", "unknown-fact")]


def told(names: tuple[str, ...], known: dict[str, str]) -> Known:
    """Whatever the number of an order, its state is the one under `order:`."""
    keys = {name: "order:" if name.startswith("order:") else name for name in names}
    return Known({name: known[key] for name, key in keys.items() if key in known})


def serve(flow: Flow, pressed: list[str], known: dict[str, str], kept: bool) -> tuple[Session, list[Instruction]]:
    """One call to its end; the caller presses `pressed` in turn, then nothing. All instructions, in order."""
    keys = iter(pressed)
    session, out = step(flow, Session("zh"), Started())
    heard = list(out)
    for _ in range(20 * MAX_NODES):
        if session.ended:
            return session, heard
        match out[-1]:
            case PlayPrompts(_, True):
                key = next(keys, "")[:1]
                event = Digits(key) if key else Finished()
            case Ask():
                entry = next(keys, "")
                event = Digits(entry) if entry else NoInput()
            case Listen(_, words):
                entry = next(keys, "")
                event = NoInput() if not entry else Heard(words[-1]) if entry == "*" else Digits(entry[:1])
            case Look(names):
                event = told(names, known)
            case Record() | File():
                event = Kept(kept)
            case _:
                event = Finished()
        session, out = step(flow, session, event)
        heard += out
    raise AssertionError(f"no end: {session.path}")


FLOWS = flows().map(with_a_person).filter(accepted)
ENTRIES = st.lists(st.one_of(st.just(""), st.sampled_from(KEYPAD), st.text(KEYPAD, max_size=6)), max_size=60)
SLOW = settings(
    max_examples=examples(150), deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow]
)


@SLOW
@given(flow=FLOWS, pressed=ENTRIES, known=facts(), kept=st.booleans())
def test_every_caller_comes_to_an_end(flow: Flow, pressed: list[str], known: dict[str, str], kept: bool) -> None:
    session, heard = serve(flow, pressed, known, kept)
    assert isinstance(heard[-1], Leave)
    assert heard[-1].next != "queue" or heard[-1].queue in LANGUAGES
    assert len(session.path) <= MAX_NODES


@SLOW
@given(flow=FLOWS, known=facts(), kept=st.booleans())
def test_who_presses_nothing_ends_without_the_emergency_brake(flow: Flow, known: dict[str, str], kept: bool) -> None:
    session, _heard = serve(flow, [], known, kept)
    assert len(session.path) < MAX_NODES
    assert isinstance(flow.nodes[session.path[-1]], Queue | Transfer) or flow.nodes[session.path[-1]].kind == "goodbye"


@SLOW
@given(flow=FLOWS, before=ENTRIES, known=facts())
def test_zero_reaches_a_person_from_every_question(flow: Flow, before: list[str], known: dict[str, str]) -> None:
    session, out = step(flow, Session("zh"), Started())
    keys = iter(before)
    while not session.ended:
        match out[-1]:
            case Ask():
                entry = next(keys, "0")
                assume(session.part == "" or entry != "0")
                session, out = step(flow, session, Digits(entry) if entry else NoInput())
                if entry == "0":
                    assert session.ended
                    assert out[-1] == Leave("queue", session.language)
            case Listen():
                entry = next(keys, "0")
                session, out = step(flow, session, Digits(entry[:1]) if entry else NoInput())
                if entry == "0":
                    assert session.ended
                    assert out[-1] == Leave("queue", session.language)
            case Look(names):
                session, out = step(flow, session, told(names, known))
            case Record() | File():
                session, out = step(flow, session, Kept(True))
            case _:
                session, out = step(flow, session, Finished())
