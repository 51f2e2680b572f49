"""Lint of flows as graphs: whoever edits a flow can neither strand a caller nor hide a person from him."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from callcenter.errors import BadInput
from callcenter.ivr.finding import Finding
from callcenter.ivr.flow import (
    BY_LANGUAGE,
    Branch,
    Collect,
    Exit,
    Flow,
    Goodbye,
    Language,
    Menu,
    Node,
    Play,
    Queue,
    Set,
    Survey,
)
from callcenter.ivr.reading import FlowFile, read_flow

_INPUTS = (Menu, Language, Collect, Survey)
_ENDS = (Queue, Goodbye)


@dataclass(frozen=True, slots=True)
class Rules:
    """What a site has: flows are checked against it."""

    lines: Collection[str]
    languages: Collection[str]
    default_line: str
    words: Mapping[str, Collection[str]] = field(default_factory=dict)
    """Language -> ids of the prompts that have words. A language without an entry is not checked."""
    max_depth: int = 3
    """Inputs one after another on any way. GB/T 33358 advises against menus at all."""


def flow_files(folder: Path) -> list[Path]:
    """The flows of a folder; a single file stands for itself. Raises `BadInput` when there is nothing of the name."""
    if folder.is_file():
        return [folder]
    if not folder.is_dir():
        raise BadInput(f"{folder}: no such folder; name a folder with flows (*.yaml) or one flow file")
    return sorted(path for path in folder.iterdir() if path.suffix in (".yaml", ".yml") and path.is_file())


def check_folder(folder: Path, rules: Rules) -> list[Finding]:
    """All findings of all flows in `folder`, in order of file and line."""
    paths = flow_files(folder)
    findings: list[Finding] = []
    if not paths:
        findings.append(Finding(str(folder), 1, "no-flow-files", f"{folder} holds no *.yaml; put the flows there"))
    owner: dict[str, str] = {}
    for path in paths:
        file = read_flow(path)
        findings += file.findings
        if file.flow is None:
            continue
        findings += check_flow(file, file.flow, rules)
        first = owner.setdefault(file.flow.id, file.name)
        if first != file.name:
            message = f"flow `{file.flow.id}` is already in {first}; give one of them another id"
            findings.append(Finding(file.name, file.source.line("id"), "id-twice", message))
    return sorted(findings)


def check_flow(file: FlowFile, flow: Flow, rules: Rules) -> list[Finding]:
    """Faults of one flow whose form is right."""
    say = _Sayer(file)
    findings = list(_targets(flow, say))
    if findings:
        return findings  # the graph has holes: what follows from it would only confuse
    reached = _reachable(flow, [flow.start])
    for rule in (_reach, _ends, _loops, _depth, _persons, _survey, _sites, _prompts, _listening):
        findings += rule(flow, say, rules, reached)
    return findings


@dataclass(frozen=True, slots=True)
class _Sayer:
    file: FlowFile

    def __call__(self, code: str, node: str, message: str, *path: str) -> Finding:
        line = self.file.source.line("nodes", node, *path)
        return Finding(self.file.name, line, code, f"node `{node}`: {message}")


def _targets(flow: Flow, say: _Sayer) -> Iterator[Finding]:
    if flow.start not in flow.nodes:
        message = f"start: there is no node `{flow.start}`; name one that exists"
        yield Finding(say.file.name, say.file.source.line("start"), "unknown-target", message)
    for node_id, node in flow.nodes.items():
        for exit_ in dict.fromkeys(node.exits()):
            if exit_.target not in flow.nodes:
                label = f"key {exit_.label}" if exit_.by_key else exit_.label or "next"
                message = f"{label} leads to `{exit_.target}`, which is not there; add the node or name another"
                yield say("unknown-target", node_id, message, *_place(node_id, exit_, flow))


def _reach(flow: Flow, say: _Sayer, _rules: Rules, reached: set[str]) -> Iterator[Finding]:
    for node_id in flow.nodes:
        if node_id not in reached:
            yield say("unreachable-node", node_id, "no caller can come here; lead an arrow to it or delete it")


def _ends(flow: Flow, say: _Sayer, _rules: Rules, reached: set[str]) -> Iterator[Finding]:
    for node_id in flow.nodes:
        if node_id in reached and not any(isinstance(flow.nodes[end], _ENDS) for end in _reachable(flow, [node_id])):
            yield say("dead-end", node_id, "no queue and no goodbye can be reached from here; lead it to one")


def _loops(flow: Flow, say: _Sayer, _rules: Rules, reached: set[str]) -> Iterator[Finding]:
    asks_nothing = _cycle(flow, reached, lambda node_id, exit_: not isinstance(flow.nodes[node_id], _INPUTS))
    if asks_nothing:
        yield say("endless-loop", asks_nothing[0], f"runs in a circle ({_way(asks_nothing)}) and never asks the caller")
        return
    silent = _cycle(flow, reached, lambda _node_id, exit_: not exit_.by_key)
    if silent:
        message = f"a caller who presses nothing runs in a circle ({_way(silent)}); lead `otherwise` to an end"
        yield say("silent-loop", silent[0], message)


def _depth(flow: Flow, say: _Sayer, rules: Rules, reached: set[str]) -> Iterator[Finding]:
    deepest: dict[str, int] = {}
    stack: list[tuple[str, int, frozenset[str]]] = [(flow.start, 0, frozenset())]
    while stack:
        node_id, depth, behind = stack.pop()
        if node_id in behind:
            continue
        depth += isinstance(flow.nodes[node_id], _INPUTS)
        if depth > rules.max_depth:
            message = f"it is the {depth}. input on its way, {rules.max_depth} are allowed; shorten the way"
            yield say("too-deep", node_id, message)
            return
        if deepest.get(node_id, -1) >= depth:
            continue
        deepest[node_id] = depth
        stack += [(exit_.target, depth, behind | {node_id}) for exit_ in flow.nodes[node_id].exits()]


def _persons(flow: Flow, say: _Sayer, rules: Rules, reached: set[str]) -> Iterator[Finding]:
    if flow.purpose == "survey":
        return
    for node_id in sorted(reached):
        node = flow.nodes[node_id]
        if not isinstance(node, Menu | Language | Collect | Survey):
            continue
        target = node.keys.get("0")
        if target is None:
            message = 'key 0 leads nowhere; add `"0"` to `keys`, leading to a queue'
        elif not _leads_to_a_person(flow, target, rules):
            message = f"key 0 leads to `{target}`, from which no person is reached at once; lead it to a queue"
        else:
            continue
        yield say("no-way-to-a-person", node_id, message, "keys", "0")


def _leads_to_a_person(flow: Flow, target: str, rules: Rules) -> bool:
    """Every way from `target` comes to the default line (or the one of the caller's language) without a question."""
    todo, seen = [target], set[str]()
    while todo:
        node_id = todo.pop()
        if node_id in seen:
            continue
        seen.add(node_id)
        node = flow.nodes[node_id]
        if isinstance(node, Queue):
            if node.queue not in (BY_LANGUAGE, rules.default_line):
                return False
        elif isinstance(node, Play | Set | Branch):
            todo += [exit_.target for exit_ in node.exits()]
        else:
            return False
    return True


def _survey(flow: Flow, say: _Sayer, _rules: Rules, reached: set[str]) -> Iterator[Finding]:
    if flow.purpose != "survey":
        return
    for node_id in sorted(reached):
        if isinstance(flow.nodes[node_id], Queue):
            yield say("queue-in-survey", node_id, "the talk is over; a survey ends with a goodbye")
    if not any(isinstance(flow.nodes[node_id], Survey) for node_id in reached):
        yield say("survey-without-question", flow.start, "no node of kind `survey` is reached; add one")


def _sites(flow: Flow, say: _Sayer, rules: Rules, _reached: set[str]) -> Iterator[Finding]:
    for node_id, node in flow.nodes.items():
        if isinstance(node, Queue) and node.queue not in (*rules.lines, BY_LANGUAGE):
            known = ", ".join([BY_LANGUAGE, *rules.lines])
            yield say("unknown-line", node_id, f"there is no line `{node.queue}`; known: {known}", "queue")
        named = [("choices", *choice) for choice in node.choices.items()] if isinstance(node, Language) else []
        if isinstance(node, Set) and "language" in node.set:
            named = [("set", "language", node.set["language"])]
        for field_, key, language in named:
            if language not in rules.languages:
                known = ", ".join(rules.languages)
                message = f"there is no language `{language}`; known: {known}"
                yield say("unknown-language", node_id, message, field_, key)


def _prompts(flow: Flow, say: _Sayer, rules: Rules, _reached: set[str]) -> Iterator[Finding]:
    for node_id, node in flow.nodes.items():
        for prompt in dict.fromkeys(node.prompts()):
            lacking = [language for language, known in rules.words.items() if prompt not in known]
            if lacking:
                message = f"prompt `{prompt}` has no words in {', '.join(lacking)}; add it to prompts/<language>.yaml"
                field_ = "again" if prompt in _again(node) else node.kind
                yield say("missing-prompt", node_id, message, field_)


def _listening(flow: Flow, say: _Sayer, _rules: Rules, reached: set[str]) -> Iterator[Finding]:
    for node_id in sorted(reached):
        node = flow.nodes[node_id]
        if isinstance(node, Play) and not node.interrupt and isinstance(flow.nodes[node.next], _INPUTS):
            message = "a key does not end this prompt although a question follows; take out `interrupt: false`"
            yield say("keys-lost", node_id, message, "interrupt")


def _reachable(flow: Flow, starts: Iterable[str]) -> set[str]:
    todo, seen = list(starts), set[str]()
    while todo:
        node_id = todo.pop()
        if node_id not in seen:
            seen.add(node_id)
            todo += [exit_.target for exit_ in flow.nodes[node_id].exits()]
    return seen


def _cycle(flow: Flow, reached: set[str], follows: Callable[[str, Exit], bool]) -> list[str]:
    """A circle over the arrows that `follows` accepts, as node ids, or an empty list."""
    done: set[str] = set()
    for first in flow.nodes:
        if first not in reached or first in done:
            continue
        way: list[str] = []
        stack: list[tuple[str, Iterator[Exit]]] = [(first, iter(flow.nodes[first].exits()))]
        way.append(first)
        while stack:
            node_id, arrows = stack[-1]
            for arrow in arrows:
                if not follows(node_id, arrow) or arrow.target in done:
                    continue
                if arrow.target in way:
                    return way[way.index(arrow.target) :]
                way.append(arrow.target)
                stack.append((arrow.target, iter(flow.nodes[arrow.target].exits())))
                break
            else:
                stack.pop()
                done.add(way.pop())
    return []


def _again(node: Node) -> tuple[str, ...]:
    """Prompts that only a second asking plays."""
    return node.prompts()[len(node.asks()) :] if isinstance(node, _INPUTS) else ()


def _way(nodes: list[str]) -> str:
    return " -> ".join([*nodes, nodes[0]])


def _place(node_id: str, exit_: Exit, flow: Flow) -> tuple[str, ...]:
    node = flow.nodes[node_id]
    if exit_.by_key and exit_.label in getattr(node, "keys", {}):
        return ("keys", exit_.label)
    if exit_.label == "otherwise":
        return ("otherwise",)
    if isinstance(node, Branch):
        index = next((i for i, condition in enumerate(node.branch) if condition.go == exit_.target), 0)
        return ("branch", str(index), "go")
    return ("next",)
