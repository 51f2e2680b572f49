"""A flow as plain dialplan: what callers meet while no engine answers. Rendered with Asterisk's other files.

Every node is an extension `n_<node>` of the context `flow-<flow>`; `s` goes on at the node in `CC_NODE`, where an
engine that died has left the caller, or begins. What only an engine can do (look into the past, keep a message) goes
the node's `otherwise`; a speech menu asks for keys; numbers are not spoken; keys pressed during a prompt that no key
ends are lost. All else the caller hears, presses and gets alike: a test compares both.

Variables: CC_LANG, CC_LINE, CC_TOPIC, CC_GRADE as with the engine; CC_F_<NAME> a fact the flow wrote; CC_AHEAD keys
pressed before they were asked for; CC_KEY, CC_PART what is being entered; CC_COUNT nodes entered.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import cast

from callcenter.ivr.condition import Condition
from callcenter.ivr.dialplan_hours import CHINA_NOW
from callcenter.ivr.dialplan_words import asked, exten, extension, fact, go, meant, sounds, write, written
from callcenter.ivr.facts import BROUGHT, PER_LINE
from callcenter.ivr.flow import (
    BY_LANGUAGE,
    Branch,
    Callback,
    Collect,
    Emergency,
    Flow,
    Goodbye,
    Hours,
    InputNode,
    Knowledge,
    Language,
    Menu,
    Node,
    Play,
    Progress,
    Queue,
    Say,
    Set,
    Speech,
    Survey,
    Transfer,
    Voicemail,
)
from callcenter.ivr.interpreter import MAX_NODES
from callcenter.ivr.knowledge import SpokenEntry
from callcenter.ivr.node import ids_of

NO_WAIT = "0.01"
"""Seconds after a prompt in which a key still ends it; 0 would be Asterisk's own ten."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the generated text must know of the home."""

    default_language: str
    emergency_file: Path
    entry: Callable[[str], SpokenEntry | None] = lambda _id: None
    """The knowledge entries as they are when this is made."""


def compile_flow(flow: Flow, around: Surroundings, version: int = 0) -> str:
    """The context `flow-<id>`, or `flow-<id>-<version>`. Only for an assembled flow that the checker accepts."""
    lines = [f"[flow-{flow.id}-{version}]" if version else f"[flow-{flow.id}]", *_frame(flow, around, version)]
    for node_id in flow.nodes:
        lines += _Node(flow, node_id, around).extension()
    return "\n".join(lines) + "\n"


def _frame(flow: Flow, around: Surroundings, version: int) -> Iterator[str]:
    start = exten(flow.start)
    yield from extension(
        "s",
        [
            f"Set(TIMEOUT(absolute)={flow.deadline_s})",
            *([fact("flow", f"{flow.id}@{version}")] if version else []),
            "Set(CC_COUNT=0)",
            "Set(CC_AHEAD=)",
            f'Set(CC_LANG=${{IF($["${{CC_LANG}}" = ""]?{around.default_language}:${{CC_LANG}})}})',
            f'GotoIf($["${{CC_NODE}}" = ""]?{start},1)',
            "Goto(n_${REPLACE(CC_NODE,-,_)},1)",
        ],
    )
    yield "; The flow has changed and that node is no more."
    yield from extension("i", [f"Goto({start},1)"])
    yield "; Time is up."
    yield from extension("T", ["Goto(give_up,1)"])
    if flow.purpose == "survey":
        yield from extension("give_up", ["Goto(bye,1)"])
    else:
        yield from extension("give_up", ["Set(CC_LINE=${CC_LANG})", "Goto(wait,1)"])
        yield from extension("wait", ["Set(TIMEOUT(absolute)=0)", "Goto(next-queue,s,1)"])
        yield from extension("transfer", ["Set(TIMEOUT(absolute)=0)", "Goto(next-transfer,s,1)"])
    yield from extension("bye", ["Set(TIMEOUT(absolute)=0)", "Goto(next-goodbye,s,1)"])


@dataclass(frozen=True, slots=True)
class _Node:
    flow: Flow
    id: str
    around: Surroundings

    def extension(self) -> Iterator[str]:
        begin = [
            f"GotoIf($[${{CC_COUNT}} >= {MAX_NODES}]?give_up,1)",
            "Set(CC_COUNT=$[${CC_COUNT} + 1])",
            fact("node", self.id),
        ]
        yield from extension(exten(self.id), [*begin, *self._steps(cast(Node, self.flow.nodes[self.id]))])

    def _steps(self, node: Node) -> Iterator[str]:
        match node:
            case Play():
                if node.interrupt:
                    yield f"Read(CC_KEY,{sounds(node.prompts())},1,t,1,{NO_WAIT})"
                    yield "Set(CC_AHEAD=${CC_AHEAD}${CC_KEY})"
                else:
                    yield f"Playback({sounds(node.prompts())})"
                yield go(node.next)
            case Set():
                for name, value in node.set.items():
                    yield from write(name, value)
                yield go(node.next)
            case Branch():
                for index, condition in enumerate(node.branch):
                    yield from self._test(condition, index)
                yield f"(no{len(node.branch)}){go(node.otherwise)}"
            case Hours():
                line = "${CC_LANG}" if node.hours == BY_LANGUAGE else node.hours
                yield f"Gosub(hours-{line},s,1)"
                yield f'GotoIf($["${{GOSUB_RETVAL}}" = "closed"]?{exten(node.closed)},1)'
                yield go(node.open)
            case Emergency():
                yield f'GotoIf($["${{STAT(e,{self.around.emergency_file})}}" != "1"]?{exten(node.next)},1)'
                yield f"Playback({sounds(node.prompts())})"
                yield go(node.next)
            case Say():
                yield go(node.next)
            case Voicemail() | Callback() | Progress():
                yield go(node.otherwise)
            case Knowledge():
                yield from self._entry(node)
            case Queue():
                yield f"Set(CC_LINE={'${CC_LANG}' if node.queue == BY_LANGUAGE else node.queue})"
                yield "Goto(wait,1)"
            case Transfer():
                yield fact("transfer", node.transfer)
                yield f"Set(CC_TRANSFER={node.transfer})"
                yield "Set(CC_LINE=${CC_LANG})"
                yield "Goto(transfer,1)"
            case Goodbye():
                if node.prompts():
                    yield f"Playback({sounds(node.prompts())})"
                yield "Goto(bye,1)"
            case Collect():
                yield from self._number(node)
            case _:
                yield from self._key(node)

    def _entry(self, node: Knowledge) -> Iterator[str]:
        entry = self.around.entry(node.knowledge)
        if entry is None or entry.retired:
            yield go(node.otherwise)
            return
        for language in sorted(entry.stale):
            yield f'GotoIf($["${{CC_LANG}}" = "{language}"]?{exten(node.otherwise)},1)'
        for language in node.languages:
            yield f'GotoIf($["${{CC_LANG}}" = "{language}"]?speak)'
        if node.languages:
            yield go(node.otherwise)
        today = f"${{STRFTIME({CHINA_NOW},UTC,%Y%m%d)}}"
        until = entry.valid_until or date.max
        outside = f"{today} < {entry.valid_from:%Y%m%d} | {today} >= {until:%Y%m%d}"
        yield f"(speak)GotoIf($[{outside}]?{exten(node.otherwise)},1)"
        yield f"Read(CC_KEY,{sounds(node.prompts())},1,t,1,{NO_WAIT})"
        yield "Set(CC_AHEAD=${CC_AHEAD}${CC_KEY})"
        yield go(node.next)

    def _key(self, node: Menu | Language | Survey | Speech) -> Iterator[str]:
        """One key: asked, or taken from those pressed ahead."""
        yield "Set(CC_WRONG=0)"
        yield "Set(CC_SILENT=0)"
        yield 'GotoIf($["${CC_AHEAD}" != ""]?ahead)'
        yield f"(ask)Read(CC_KEY,{asked(node, node.asks())},1,t,1,{node.timeout_s:g})"
        yield "(got)NoOp()"
        yield 'GotoIf($["${CC_KEY}" = ""]?silent)'
        yield fact("key", f"{self.id}=${{CC_KEY}}")
        chosen = dict.fromkeys([*node.keys, *meant(node)])
        for index, key in enumerate(chosen):
            yield f'GotoIf($["${{CC_KEY}}" = "{key}"]?k{index})'
        yield "Set(CC_AHEAD=)"
        yield from self._wrong_or_silent(node, asked(node, ids_of(node.again) or node.asks()), "1,t")
        for index, key in enumerate(chosen):
            steps = [*meant(node).get(key, ()), go(node.keys.get(key, getattr(node, "next", "")))]
            yield f"(k{index}){steps[0]}"
            yield from steps[1:]
        yield "(ahead)Set(CC_KEY=${CC_AHEAD:0:1})"
        yield "Set(CC_AHEAD=${CC_AHEAD:1})"
        yield "Goto(got)"

    def _number(self, node: Collect) -> Iterator[str]:
        """Several keys. `CC_PART`: those entered so far."""
        ends = f"t({node.terminator})" if node.terminator else "t"
        limits = f"{ends},1,{node.timeout_s:g}"
        yield "Set(CC_WRONG=0)"
        yield "Set(CC_SILENT=0)"
        yield "Set(CC_PART=)"
        yield 'GotoIf($["${CC_AHEAD}" != ""]?ahead)'
        yield f"(ask)Read(CC_PART,{asked(node, node.asks())},{node.max_digits},{limits})"
        yield '(got)GotoIf($["${CC_PART}" = "" & "${READSTATUS}" = "TIMEOUT"]?silent)'
        yield "(have)NoOp()"
        for index, key in enumerate(node.keys):
            yield f'GotoIf($["${{CC_PART}}" = "{key}"]?k{index})'
        yield fact("key", f"{self.id}=(${{LEN(${{CC_PART}})}} keys)")
        enough = f"${{LEN(${{CC_PART}})}} >= {node.min_digits} & ${{LEN(${{CC_PART}})}} <= {node.max_digits}"
        yield f'GotoIf($[${{REGEX("^[0-9]+$" ${{CC_PART}})}} = 1 & {enough}]?good)'
        yield "Set(CC_AHEAD=)"
        yield from self._wrong_or_silent(
            node, asked(node, ids_of(node.again) or node.asks()), f"{node.max_digits},{ends}"
        )
        for index, (key, target) in enumerate(node.keys.items()):
            yield f"(k{index}){fact('key', f'{self.id}={key}')}"
            yield go(target)
        yield f"(good)Set({written(node.into)}=${{CC_PART}})"
        yield go(node.next)
        yield "(ahead)Set(CC_KEY=${CC_AHEAD:0:1})"
        yield "Set(CC_AHEAD=${CC_AHEAD:1})"
        if node.terminator:
            yield f'GotoIf($["${{CC_KEY}}" = "{node.terminator}"]?have)'
        yield "Set(CC_PART=${CC_PART}${CC_KEY})"
        yield f"GotoIf($[${{LEN(${{CC_PART}})}} >= {node.max_digits}]?{'full' if node.terminator else 'have'})"
        yield 'GotoIf($["${CC_AHEAD}" != ""]?ahead)'
        yield f"Read(CC_KEY,,$[{node.max_digits} - ${{LEN(${{CC_PART}})}}],{limits})"
        yield "Set(CC_PART=${CC_PART}${CC_KEY})"
        yield "Goto(have)"
        if node.terminator:
            yield f'(full)GotoIf($["${{CC_AHEAD:0:1}}" != "{node.terminator}"]?have)'
            yield "Set(CC_AHEAD=${CC_AHEAD:1})"
            yield "Goto(have)"

    def _wrong_or_silent(self, node: InputNode, files: str, digits: str) -> Iterator[str]:
        variable = "CC_PART" if isinstance(node, Collect) else "CC_KEY"
        yield "Set(CC_WRONG=$[${CC_WRONG} + 1])"
        yield f"GotoIf($[${{CC_WRONG}} > {node.retries}]?{exten(node.otherwise)},1:again)"
        yield "(silent)Set(CC_SILENT=$[${CC_SILENT} + 1])"
        yield f"GotoIf($[${{CC_SILENT}} > {node.silence_retries}]?{exten(node.otherwise)},1)"
        yield f"(again)Read({variable},{files},{digits},1,{node.timeout_s:g})"
        yield "Goto(got)"

    def _test(self, condition: Condition, index: int) -> Iterator[str]:
        known = self._known(condition.fact)
        target, label = exten(condition.go), f"(no{index})"
        if not known:
            yield f"{label}NoOp({condition.fact} needs the engine)"
            return
        if condition.fact == "day":
            yield f"{label}Gosub(calendar,s,1)"
            label = ""
        yield f"{label}Set(CC_V={known})"
        if condition.is_ is not None or condition.one_of is not None:
            values = [condition.is_] if condition.is_ is not None else condition.one_of or []
            tests = " | ".join(f'"${{CC_V}}" = "{value}"' for value in values)
            yield f"GotoIf($[{tests}]?{target},1)"
            return
        is_number = '$[${REGEX("^[0-9]+$" ${CC_V})} = 1 & ${LEN(${CC_V})} <= 15]'
        yield f"GotoIf({is_number}?:no{index + 1})"
        limit = f">= {condition.at_least}" if condition.at_least is not None else f"<= {condition.at_most}"
        yield f"GotoIf($[${{CC_V}} {limit}]?{target},1)"

    def _known(self, name: str) -> str:
        """Where the dialplan finds a fact; empty when it cannot."""
        if name in ("language", "topic", "grade"):
            return {"language": "${CC_LANG}", "topic": "${CC_TOPIC}", "grade": "${CC_GRADE}"}[name]
        if name in self.flow.written_facts:
            return f"${{{written(name)}}}"
        if name in BROUGHT:
            return f"${{CC_{name.upper()}}}"
        line = "${CC_LANG}"
        if per_line := PER_LINE.match(name):
            name, line = per_line[1], per_line[2]
        return {
            "time": f"${{STRFTIME({CHINA_NOW},UTC,%H%M)}}",
            "date": f"${{STRFTIME({CHINA_NOW},UTC,%Y-%m-%d)}}",
            "weekday": f"${{STRFTIME({CHINA_NOW},UTC,%u)}}",
            "day": "${CC_DAY}",
            "queue_length": f"${{QUEUE_WAITING_COUNT({line})}}",
            "seats_ready": f"${{QUEUE_MEMBER({line},ready)}}",
            "emergency": f'${{IF($["${{STAT(e,{self.around.emergency_file})}}" = "1"]?yes:no)}}',
        }.get(name, "")
