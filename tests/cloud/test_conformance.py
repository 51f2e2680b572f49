"""The third way to run a flow does the same as the engine: what is played, what is collected, where it leads."""

import contextlib
import itertools
from collections.abc import Mapping
from urllib.parse import urlsplit

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from callcenter.cloud.document import Sound, Way, document
from callcenter.cloud.number import local
from callcenter.cloud.running import ENDING, begin, event_of, go_on, packed, unpacked
from callcenter.cloud.static import FIRST, Documents, Hosting
from callcenter.errors import BadInput
from callcenter.ivr.flow import KEYPAD, Flow
from callcenter.ivr.hours import told_by_clock
from callcenter.ivr.model import Kept, Note, Spoken, Started
from tests.cloud.caller import CloudCaller, NoEnd, form_of
from tests.given import examples
from tests.ivr.conftest import NOON
from tests.ivr.dialplan_evaluator import Trace
from tests.ivr.random_flows import LANGUAGES, facts, flows
from tests.ivr.test_conformance import HOURS, KEPT_FACTS, SHIPPED, Keys, _paths, by_engine, of_both

BASE = "https://site.example/api/cloud/voice"
ROUTER = "https://handler.example/twiml/EH1"
ENTRIES = {name: flow for name, flow in SHIPPED.items() if flow.purpose == "entry"}


def voice(spoken: Spoken) -> Sound:
    return Sound(url=f"{BASE}/prompts/{spoken.language}/{spoken.prompt}.wav")


def by_cloud(
    flow: Flow, keys: Keys, known: Mapping[str, str], language: str, speaks: int = 0
) -> tuple[list[str], Trace]:
    """What was heard, and the facts that were kept, of the flow and of what takes the place of a person."""
    facts: Trace = []

    def tell(name: str, _language: str) -> str | None:
        return known.get(name, told_by_clock(name, HOURS, NOON))

    def fetch(_method: str, address: str, form: dict[str, str]) -> str:
        where = form_of(address).get("s")
        state = unpacked(where, local(form["From"])) if where else begin(language)
        ending, nodes = state.ending, (ENDING if state.ending else flow).nodes
        event = event_of(nodes[state.session.node], state.session, form) if where else Started()
        turn = go_on(flow, ENDING, state, event, tell, lambda *_: Kept(True))
        for it in turn.instructions:
            ending = ending or (isinstance(it, Note) and it.name == "node" and it.value == "away")
            if isinstance(it, Note) and it.name in KEPT_FACTS and not ending:
                facts.append(("fact", it.name, it.value))
        return document(turn, Way(f"{BASE}/step?s={packed(turn.state)}"), voice)

    return CloudCaller(fetch, keys, speaks=speaks).call(BASE), facts


def compared(flow: Flow, entries: list[str], known: Mapping[str, str], language: str = "zh") -> list[str]:
    engine = by_engine(flow, Keys(entries), known, language)
    heard, facts = by_cloud(flow, Keys(entries), known, language)
    played = [it[1] for it in engine if it[0] == "play"]
    assert heard[: len(played)] == played
    rest = heard[len(played) :]
    match engine[-1]:
        case ("goodbye",):
            assert rest == []
        case ("queue", _, last) | ("transfer", _, last):
            assert rest[0] == f"{last}/cloud-away"
    assert facts == [it for it in engine if it[0] == "fact"]
    return heard


@pytest.mark.parametrize("name", sorted(ENTRIES))
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_path_of_the_shipped_flows_is_the_same(name: str, language: str) -> None:
    for entries in _paths(ENTRIES[name], 3 if language == "zh" else 2):
        compared(ENTRIES[name], entries, of_both({}), language)


@settings(max_examples=examples(60), deadline=None)
@given(flows(engine=False), st.lists(st.text(KEYPAD, max_size=4), max_size=12), facts(), st.sampled_from(LANGUAGES))
def test_random_flows_and_callers_are_the_same(
    flow: Flow, entries: list[str], known: dict[str, str], language: str
) -> None:
    """The provider has no recogniser of ours: a spoken menu is its keys there, as for an engine without one."""
    compared(flow, entries, known | {"speech": "no"}, language)


@settings(max_examples=examples(40), deadline=None)
@given(flows(), st.lists(st.text(KEYPAD, max_size=3), max_size=20), facts(), st.integers(0, 5))
def test_whatever_the_flow_and_the_caller_the_call_comes_to_its_end(
    flow: Flow, entries: list[str], known: dict[str, str], speaks: int
) -> None:
    by_cloud(flow, Keys(entries), known, "zh", speaks)


class Hosted:
    """The documents at the provider: plain files, and the template that finds the one for a key."""

    def __init__(self, flow: Flow, language: str) -> None:
        self.files = Documents(flow, Hosting(BASE, ROUTER), voice, language).make()

    def fetch(self, method: str, address: str, form: dict[str, str]) -> str:
        assert method == "GET"
        if address.startswith(ROUTER):
            text = self.files["router.xml"]
            for name, value in {**form_of(address), **form}.items():
                text = text.replace("{{" + name + "}}", value)
            assert "{{" not in text
            return text
        return self.files[urlsplit(address).path.rsplit("/", 1)[1]]


@pytest.mark.parametrize("name", sorted(ENTRIES))
def test_documents_without_a_site_play_the_same_flow(name: str) -> None:
    flow, hosted = ENTRIES[name], Hosted(ENTRIES[name], "zh")
    for entries in itertools.product(("", "0", "1", "2", "3", "7", "*"), repeat=3):
        engine = by_engine(flow, Keys(list(entries)), of_both({}), "zh")
        heard = CloudCaller(hosted.fetch, Keys(list(entries))).call(f"{BASE}/{FIRST}", "GET")
        played = [it[1] for it in engine if it[0] == "play"]
        assert heard[: len(played)] == played
        assert heard[len(played)] == f"{engine[-1][2]}/cloud-away"


@settings(max_examples=examples(10), deadline=None)
@given(flows(), st.lists(st.sampled_from([*"0123456789*#", ""]), max_size=20))
def test_hosted_documents_of_any_flow_lack_none(flow: Flow, entries: list[str]) -> None:
    """In a flow that the checker would refuse a caller may go round for ever; no document is missing there either. One
    that needs too many documents is refused as a whole."""
    try:
        hosted = Hosted(flow, "zh")
    except BadInput:
        reject()
    with contextlib.suppress(NoEnd):
        CloudCaller(hosted.fetch, Keys(entries)).call(f"{BASE}/{FIRST}", "GET")
