"""Lint of flows as graphs: whoever edits a flow can neither strand a caller nor hide a person from him."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from callcenter.errors import BadInput
from callcenter.ivr.check_site import Rules, site_findings
from callcenter.ivr.check_spoken import spoken_findings
from callcenter.ivr.finding import Finding
from callcenter.ivr.flow import (
    BY_LANGUAGE,
    Branch,
    Callback,
    Collect,
    Emergency,
    Exit,
    Flow,
    Goodbye,
    Hours,
    Knowledge,
    Language,
    Menu,
    Play,
    Progress,
    Queue,
    Return,
    Say,
    Set,
    Speech,
    Survey,
    Transfer,
    Voicemail,
)
from callcenter.ivr.reading import FlowFile, read_flow
from callcenter.ivr.subflow import assemble, unknown_parts

__all__ = ["Rules", "check_flow", "check_folder", "flow_files", "parts_of"]

_INPUTS = (Menu, Language, Collect, Survey, Callback, Progress, Speech)
_ENDS = (Queue, Goodbye, Transfer, Return)


def flow_files(folder: Path) -> list[Path]:
    """The flows of a folder; a single file stands for itself. Raises `BadInput` when there is nothing of the name."""
    if folder.is_file():
        return [folder]
    if not folder.is_dir():
        raise BadInput(f"{folder}: no such folder; name a folder with flows (*.yaml) or one flow file")
    return sorted(path for path in folder.iterdir() if path.suffix in (".yaml", ".yml") and path.is_file())


def check_folder(folder: Path, rules: Rules) -> list[Finding]:
    """All findings of all flows in `folder`, in order of file and line. A single file may use parts beside it."""
    paths = flow_files(folder)
    findings: list[Finding] = list(rules.site.findings) if folder.is_dir() else []
    if not paths:
        findings.append(Finding(str(folder), 1, "no-flow-files", f"{folder} holds no *.yaml; put the flows there"))
    owner: dict[str, str] = {}
    files = [read_flow(path) for path in paths]
    parts = parts_of(files, folder)
    for file in files:
        findings += file.findings
        if file.flow is None:
            continue
        findings += check_flow(file, file.flow, rules, parts)
        first = owner.setdefault(file.flow.id, file.name)
        if first != file.name:
            message = f"flow `{file.flow.id}` is already in {first}; give one of them another id"
            findings.append(Finding(file.name, file.source.line("id"), "id-twice", message))
    return sorted(findings)


def parts_of(files: Sequence[FlowFile], folder: Path) -> dict[str, Flow]:
    """Flows that others may call: of `files`, and of the folder of a file that is checked alone."""
    if folder.is_file():
        beside = [read_flow(path) for path in flow_files(folder.parent) if path != folder]
        files = [*files, *(file for file in beside if file.flow is not None and file.flow.purpose == "part")]
    return {file.flow.id: file.flow for file in files if file.flow is not None}


def check_flow(file: FlowFile, flow: Flow, rules: Rules, parts: Mapping[str, Flow]) -> list[Finding]:
    """Faults of one flow whose form is right."""
    say = _Sayer(file)
    findings = list(_targets(flow, say))
    findings += [say("unknown-flow", node_id, reason, "subflow") for node_id, reason in unknown_parts(flow, parts)]
    if findings:
        return findings  # the graph has holes: what follows from it would only confuse
    reached = _reachable(flow, [flow.start])
    findings += _reach(flow, say, reached)
    findings += site_findings(flow, say, rules)
    findings += spoken_findings(flow, say, rules)
    findings += _listening(flow, say, reached)
    whole = assemble(flow, parts)
    reached = _reachable(whole, [whole.start])
    for rule in (_ends, _loops, _depth, _persons, _purpose):
        findings += rule(whole, say, rules, reached)
    return list(dict.fromkeys(findings))


@dataclass(frozen=True, slots=True)
class _Sayer:
    """A node of a part has the line of the node that calls the part."""

    file: FlowFile

    def __call__(self, code: str, node: str, message: str, *path: str) -> Finding:
        outer, inside, _ = node.partition("--")
        line = self.file.source.line("nodes", outer, *(() if inside else path))
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


def _reach(flow: Flow, say: _Sayer, reached: set[str]) -> Iterator[Finding]:
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
        if not isinstance(node, _INPUTS):
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
        elif isinstance(node, Hours):
            todo.append(node.open)  # while the line is closed there is nobody
        elif isinstance(node, Return):
            continue  # the flow that calls this part is checked with it
        elif isinstance(node, Play | Set | Branch | Say | Emergency | Knowledge):
            todo += [exit_.target for exit_ in node.exits()]
        else:
            return False
    return True


def _purpose(flow: Flow, say: _Sayer, _rules: Rules, reached: set[str]) -> Iterator[Finding]:
    """Nodes that a purpose cannot have, or must have."""
    kinds = {node_id: flow.nodes[node_id] for node_id in sorted(reached)}
    for node_id, node in kinds.items():
        if flow.purpose == "survey" and isinstance(node, Queue | Transfer):
            yield say("queue-in-survey", node_id, "the talk is over; a survey ends with a goodbye")
        is_message = isinstance(node, Voicemail) and not node.comment
        if flow.purpose == "survey" and (is_message or isinstance(node, Callback | Progress | Knowledge)):
            yield say("misplaced", node_id, "after the talk nothing is left to be asked for; take it out")
        if flow.purpose == "entry" and isinstance(node, Voicemail) and node.comment:
            yield say("misplaced", node_id, "there is no grade yet to comment on; take `comment` out", "comment")
        if flow.purpose != "survey" and isinstance(node, Survey):
            yield say("misplaced", node_id, "a grade is asked after the talk; set `purpose: survey` or take it out")
        if flow.purpose != "part" and isinstance(node, Return):
            yield say("misplaced", node_id, "only a part can return; set `purpose: part` or lead it to an end")
    if flow.purpose == "survey" and not any(isinstance(node, Survey) for node in kinds.values()):
        yield say("survey-without-question", flow.start, "no node of kind `survey` is reached; add one")
    if flow.purpose == "part" and not any(isinstance(node, Return) for node in kinds.values()):
        yield say("no-return", flow.start, "no `return` is reached, so no flow can go on after this part; add one")


def _listening(flow: Flow, say: _Sayer, reached: set[str]) -> Iterator[Finding]:
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


def _way(nodes: list[str]) -> str:
    return " -> ".join([*nodes, nodes[0]])


def _place(node_id: str, exit_: Exit, flow: Flow) -> tuple[str, ...]:
    node = flow.nodes[node_id]
    if exit_.by_key and exit_.label in getattr(node, "keys", {}):
        return ("keys", exit_.label)
    if exit_.by_key and exit_.label in getattr(node, "words", {}):
        return ("words", exit_.label)
    if exit_.label in ("otherwise", "open", "closed"):
        return (exit_.label,)
    if isinstance(node, Branch):
        index = next((i for i, condition in enumerate(node.branch) if condition.go == exit_.target), 0)
        return ("branch", str(index), "go")
    return ("next",)
