"""The flow as TwiML documents that need no site behind them: to be hosted at the provider, for the hours when ours is
away altogether.

A document is a plain file; only which one follows on a key has to be worked out, by one template at the provider
(`router.xml`, a TwiML Bin). A document's name is `<flow>-<node>[.n].<language>.xml`; that of the caller's key adds
`.<key>`. What needs the site goes its `otherwise`: numbers typed in are not taken, facts are not known.

Beside what the engine does, `#` counts as no key, for an address cannot hold it.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from callcenter.asterisk.channel_control import Digits, Finished, NoInput
from callcenter.cloud.document import Voice, Way, document
from callcenter.cloud.running import ENDING_ALONE, State, Turn, begin, go_on, packed
from callcenter.errors import BadInput
from callcenter.ivr.flow import Collect, Flow, Survey
from callcenter.ivr.model import Ask, Input, Kept, PlayPrompts, Record, Started
from callcenter.ivr.node import BaseNode

KEYS = "0123456789*"
MOST_DOCUMENTS = 2000
FIRST = "index.xml"
ROUTER = "router.xml"
KEPT, NOTHING = "kept", "none"


@dataclass(frozen=True, slots=True)
class Hosting:
    """`base`: address under which the files lie. `router`: of the template. `recorded`: of the site, for messages."""

    base: str
    router: str
    recorded: str = ""


@dataclass(slots=True)
class Documents:
    """Every document the flow can come to. Two places from which all that follows is the same share one."""

    flow: Flow
    hosting: Hosting
    voice: Voice
    language: str
    made: dict[str, str] = field(default_factory=dict)
    """File name -> TwiML."""
    _names: dict[str, str] = field(default_factory=dict)

    def make(self) -> dict[str, str]:
        """Raises `BadInput` when the flow has more places than can be hosted by hand."""
        flow = without_site(self.flow)
        first = self._turn(flow, begin(self.language), Started())
        todo = deque([] if first.over else [first])
        self.made[FIRST] = self._text(first)
        seen = {self._name(first)}
        while todo:
            turn = todo.popleft()
            name = self._name(turn)
            for suffix, event in _answers(turn):
                following = self._turn(flow, turn.state, event)
                self.made[f"{name}.{suffix}.xml"] = self._text(following)
                if self._name(following) not in seen and not following.over:
                    seen.add(self._name(following))
                    todo.append(following)
            if len(self.made) > MOST_DOCUMENTS:
                message = f"{flow.id}: more than {MOST_DOCUMENTS} documents; make the flow shorter to host it"
                raise BadInput(message)
        target = f"{self.hosting.base}/{{{{at}}}}.{{{{Digits}}}}.xml"
        redirect = f'<Response><Redirect method="GET">{target}</Redirect></Response>'
        self.made[ROUTER] = f'<?xml version="1.0" encoding="UTF-8"?>{redirect}'
        return self.made

    def _turn(self, flow: Flow, state: State, event: Input) -> Turn:
        turn = go_on(
            flow, ENDING_ALONE, state, event, lambda _name, _language: None, lambda _number, _language: Kept(False)
        )
        # How long the caller has gone about makes no other document, and one key typed ahead is enough of them.
        session = replace(turn.state.session, path=(), typed=turn.state.session.typed[:1])
        return replace(turn, state=replace(turn.state, session=session))

    def _text(self, turn: Turn) -> str:
        name, base = self._name(turn), self.hosting.base
        silence = f"{base}/{name}.{NOTHING}.xml"
        records = isinstance(turn.instructions[-1] if turn.instructions else None, Record)
        keys = f"{base}/{name}.{KEPT}.xml" if records else f"{self.hosting.router}?at={name}"
        recorded = self.hosting.recorded and f"{self.hosting.recorded}?language={turn.state.session.language}"
        return document(turn, Way(keys, silence, recorded, method="GET"), self.voice)

    def _name(self, turn: Turn) -> str:
        """The same for the same state; numbered when a node has several."""
        state = turn.state
        flow, session = ("cloud" if state.ending else self.flow.id), state.session
        place = f"{packed(state)}{turn.over}"
        if place not in self._names:
            stem, count = f"{flow}-{session.node}", 0
            taken = set(self._names.values())
            while (name := f"{stem}{f'.{count}' if count else ''}.{session.language}") in taken:
                count += 1
            self._names[place] = name
        return self._names[place]


def without_site(flow: Flow) -> Flow:
    """Numbers and grades cannot be kept by a plain file: such a node is passed over."""
    passed: dict[str, BaseNode] = {}
    for id_, node in flow.nodes.items():
        if isinstance(node, Collect | Survey):
            way_on = {"set": {"passed_over": id_}, "next": node.otherwise}
            passed[id_] = Flow.model_validate({"id": "x", "start": id_, "nodes": {id_: way_on}}).nodes[id_]
    return flow.model_copy(update={"nodes": {**flow.nodes, **passed}})


def _answers(turn: Turn) -> Iterable[tuple[str, Input]]:
    match turn.instructions[-1] if turn.instructions else None:
        case Record():
            yield KEPT, Kept(True)
            yield NOTHING, Kept(False)
        case Ask():
            yield from ((key, Digits(key)) for key in KEYS)
            yield NOTHING, NoInput()
        case PlayPrompts():
            yield from ((key, Digits(key)) for key in KEYS)
            yield NOTHING, Finished()


def write(documents: dict[str, str], folder: Path) -> None:
    """Into an empty folder, so that no document of an older flow stays reachable. Raises `BadInput`."""
    if folder.exists() and any(folder.iterdir()):
        raise BadInput(f"{folder} is not empty; name a folder that is not there yet")
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in documents.items():
        (folder / name).write_text(text + "\n")
