"""A flow, step by step, with no telephone: `step(flow, session, input) -> (session, instructions)`.

Pure: no clock, no sockets, no files. Whatever comes in, a session ends within `MAX_NODES` nodes, at a queue or, in a
survey, at the goodbye.
"""

from dataclasses import replace

from callcenter.asterisk.channel_control import ChannelGone, Digits, Finished, NoInput
from callcenter.errors import IllegalTransition
from callcenter.ivr.flow import (
    BY_LANGUAGE,
    KEYPAD,
    Branch,
    Collect,
    Flow,
    Goodbye,
    InputNode,
    Language,
    Menu,
    Play,
    Queue,
    Set,
)
from callcenter.ivr.model import (
    Ask,
    Input,
    Instruction,
    Leave,
    Note,
    Overdue,
    PlayPrompts,
    Session,
    SetVariable,
    Spoken,
    Started,
)

MAX_NODES = 60
"""A caller who goes round and round by keys is brought to a person after so many nodes."""

Step = tuple[Session, list[Instruction]]


def step(flow: Flow, session: Session, event: Input) -> Step:
    """What follows from `event`. The last instruction is the one that is answered by the next input, or `Leave`.

    Raises `IllegalTransition` for an input that answers nothing (after the end, or a second `Started`).
    """
    if session.ended:
        raise IllegalTransition(f"flow {flow.id}: the session has ended; {type(event).__name__} comes too late")
    if isinstance(event, ChannelGone):
        return replace(session, ended=True), []
    if isinstance(event, Overdue):
        return _give_up(flow, session, [])
    if isinstance(event, Started) != (session.node == ""):
        raise IllegalTransition(f"flow {flow.id} at `{session.node}`: {type(event).__name__} is not expected")
    if isinstance(event, Started):
        return _enter(flow, session, flow.start, [])
    node = flow.nodes[session.node]
    if isinstance(node, Play):
        return _enter(flow, _keep(session, event), node.next, [])
    if isinstance(node, Goodbye):
        return _leave(session, Leave("goodbye"), [])
    if isinstance(node, InputNode):
        return _answered(flow, session, node, event, [])
    raise IllegalTransition(f"flow {flow.id} at `{session.node}`: nothing was asked of the caller")


def _enter(flow: Flow, session: Session, node_id: str, out: list[Instruction]) -> Step:
    """Go on from node to node until the caller has to be heard or the flow ends."""
    while True:
        if len(session.path) >= MAX_NODES:
            return _give_up(flow, session, out)
        session = replace(session, node=node_id, path=(*session.path, node_id), wrong=0, silent=0, part="")
        out.append(Note("node", node_id))
        node = flow.nodes[node_id]
        match node:
            case Play():
                out.append(PlayPrompts(_spoken(session, node.prompts()), node.interrupt))
                return session, out
            case Set():
                for name, value in node.set.items():
                    session = _write(session, name, value, out)
                node_id = node.next
            case Branch():
                holding = (it.go for it in node.branch if it.holds(session.fact(it.fact)))
                node_id = next(holding, node.otherwise)
            case Queue():
                line = session.language if node.queue == BY_LANGUAGE else node.queue
                return _leave(session, Leave("queue", line), out)
            case Goodbye():
                if not node.prompts():
                    return _leave(session, Leave("goodbye"), out)
                out.append(PlayPrompts(_spoken(session, node.prompts()), interrupt=False))
                return session, out
            case _:
                return _ask(flow, session, node, out)


def _ask(flow: Flow, session: Session, node: InputNode, out: list[Instruction]) -> Step:
    """Ask, unless the caller has typed the answer ahead."""
    wanted = node.max_digits if isinstance(node, Collect) else 1
    terminator = node.terminator if isinstance(node, Collect) else ""
    if session.typed:
        entry, ended, rest = _take(session.typed, wanted, terminator)
        session = replace(session, typed=rest)
        if ended or len(entry) == wanted:
            return _answered(flow, session, node, Digits(entry), out)
        session = replace(session, part=entry)
        out.append(Ask((), wanted - len(entry), node.timeout_s, terminator))
        return session, out
    asked_before = session.wrong + session.silent > 0
    prompts = node.prompts()[len(node.asks()) :] if asked_before and node.again else node.asks()
    out.append(Ask(_asked(session, node, prompts), wanted, node.timeout_s, terminator))
    return session, out


def _answered(flow: Flow, session: Session, node: InputNode, event: Input, out: list[Instruction]) -> Step:
    entry = session.part
    if isinstance(event, Digits):
        entry += "".join(key for key in event.value if key in KEYPAD)
    session = replace(session, part="")
    if not entry and isinstance(event, NoInput | Finished):
        session = replace(session, silent=session.silent + 1)
        if session.silent > node.silence_retries:
            return _enter(flow, session, node.otherwise, out)
        return _ask(flow, session, node, out)
    if not isinstance(node, Collect) and len(entry) > 1:
        session = replace(session, typed=entry[1:] + session.typed)
        entry = entry[0]
    target = node.keys.get(entry)
    if target is not None:
        out.append(Note("key", f"{session.node}={entry}"))
        return _enter(flow, session, target, out)
    if isinstance(node, Collect):
        return _number(flow, session, node, entry, out)
    out.append(Note("key", f"{session.node}={entry}"))
    if isinstance(node, Language) and entry in node.choices:
        session = _write(session, "language", node.choices[entry], out)
        return _enter(flow, session, node.next, out)
    if not isinstance(node, Language | Menu) and entry in node.grades:
        session = _write(session, "grade", str(node.grades[entry]), out)
        return _enter(flow, session, node.next, out)
    return _wrong(flow, session, node, out)


def _number(flow: Flow, session: Session, node: Collect, entry: str, out: list[Instruction]) -> Step:
    """The record keeps how many keys were pressed, not which: a number can be a person's."""
    out.append(Note("key", f"{session.node}=({len(entry)} keys)"))
    if entry.isdecimal() and node.min_digits <= len(entry) <= node.max_digits:
        session = replace(session, facts={**session.facts, node.into: entry})
        return _enter(flow, session, node.next, out)
    return _wrong(flow, session, node, out)


def _wrong(flow: Flow, session: Session, node: InputNode, out: list[Instruction]) -> Step:
    """A key that means nothing. What was typed after it was meant for somewhere else and is dropped."""
    session = replace(session, wrong=session.wrong + 1, typed="")
    if session.wrong > node.retries:
        return _enter(flow, session, node.otherwise, out)
    return _ask(flow, session, node, out)


def _give_up(flow: Flow, session: Session, out: list[Instruction]) -> Step:
    if flow.purpose == "survey":
        return _leave(session, Leave("goodbye"), out)
    return _leave(session, Leave("queue", session.language), out)


def _leave(session: Session, leave: Leave, out: list[Instruction]) -> Step:
    """`Leave` is last: the dialplan trusts the variables only when `CC_NEXT` is there."""
    if leave.next == "queue":
        if session.told_language != session.language:
            session = _write(session, "language", session.language, out)
        out.append(Note("line", leave.queue))
        if session.line != leave.queue:
            out.append(SetVariable("CC_LINE", leave.queue))
        session = replace(session, line=leave.queue)
    out.append(leave)
    return replace(session, ended=True), out


def _write(session: Session, name: str, value: str, out: list[Instruction]) -> Session:
    """What the dialplan needs goes to the channel at once: if the engine dies now, the caller is not asked again."""
    match name:
        case "language":
            out += [Note("language", value), SetVariable("CC_LANG", value), SetVariable("CC_LINE", value)]
            return replace(session, language=value, told_language=value, line=value)
        case "topic":
            out += [Note("topic", value), SetVariable("CC_TOPIC", value)]
            return replace(session, topic=value)
        case "grade":
            out += [Note("grade", value), SetVariable("CC_GRADE", value)]
            return replace(session, grade=int(value))
    return replace(session, facts={**session.facts, name: value})


def _keep(session: Session, event: Input) -> Session:
    return replace(session, typed=session.typed + event.value) if isinstance(event, Digits) else session


def _take(typed: str, wanted: int, terminator: str) -> tuple[str, bool, str]:
    """(entry, whether it was ended by the terminator, the rest) of keys typed ahead."""
    cut = typed.find(terminator) if terminator else -1
    if 0 <= cut <= wanted:
        return typed[:cut], True, typed[cut + 1 :]
    return typed[:wanted], False, typed[wanted:]


def _spoken(session: Session, prompts: tuple[str, ...]) -> tuple[Spoken, ...]:
    return tuple(Spoken(prompt, session.language) for prompt in prompts)


def _asked(session: Session, node: InputNode, prompts: tuple[str, ...]) -> tuple[Spoken, ...]:
    if isinstance(node, Language):
        offered = dict.fromkeys(node.choices.values())
        return tuple(Spoken(prompt, language, own_voice=True) for language in offered for prompt in prompts)
    return _spoken(session, prompts)
