"""A flow, step by step, with no telephone: `step(flow, session, input) -> (session, instructions)`.

Pure: no clock, no sockets, no files. Whatever comes in, a session ends within `MAX_NODES` nodes, at a queue or, in a
survey, at the goodbye.
"""

from dataclasses import replace

from callcenter.asterisk.channel_control import ChannelGone, Digits, Finished, NoInput
from callcenter.errors import IllegalTransition
from callcenter.ivr.deciding import (
    asked,
    decided,
    expected,
    line_of,
    needs,
    number_of,
    question,
    said,
    spoken,
    take,
)
from callcenter.ivr.facts import CALLER_NUMBER, SPEECH, entry_fact, open_fact, order_fact
from callcenter.ivr.flow import (
    BY_LANGUAGE,
    KEYPAD,
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
from callcenter.ivr.model import (
    Ask,
    Deaf,
    File,
    Heard,
    Input,
    Instruction,
    Kept,
    Known,
    Leave,
    Listen,
    Look,
    Note,
    Overdue,
    PlayPrompts,
    Record,
    Session,
    SetVariable,
    Started,
)
from callcenter.ivr.node import ids_of
from callcenter.ivr.order import LAST_DIGITS, STATES, is_order_no, spoken_order
from callcenter.ivr.writing import Step, give_up, keep, leave, write

MAX_NODES = 60
"""A caller who goes round and round by keys is brought to a person after so many nodes."""


def step(flow: Flow, session: Session, event: Input) -> Step:
    """What follows from `event`. The last instruction is the one that is answered by the next input, or `Leave`.

    Raises `IllegalTransition` for an input that answers nothing (after the end, or a second `Started`).
    """
    if session.ended:
        raise IllegalTransition(f"flow {flow.id}: the session has ended; {type(event).__name__} comes too late")
    if isinstance(event, ChannelGone):
        return replace(session, ended=True), []
    if isinstance(event, Overdue):
        return give_up(flow, session, [])
    if isinstance(event, Started) != (session.node == ""):
        raise IllegalTransition(f"flow {flow.id} at `{session.node}`: {type(event).__name__} is not expected")
    if isinstance(event, Started):
        return _enter(flow, session, flow.start, [])
    node = flow.nodes[session.node]
    match node:
        case Knowledge() if isinstance(event, Known):
            if event.facts.get(entry_fact(node.knowledge)) != "yes":
                return _enter(flow, session, node.otherwise, [])
            return session, [PlayPrompts(spoken(session, node.prompts()))]
        case Play() | Say() | Knowledge():
            return _enter(flow, keep(session, event), node.next, [])
        case Emergency() if isinstance(event, Known) and event.facts.get("emergency") == "yes":
            return session, [PlayPrompts(spoken(session, node.prompts()), interrupt=False)]
        case Emergency():
            return _enter(flow, session, node.next, [])
        case Goodbye():
            return leave(session, Leave("goodbye"), [])
        case Branch() | Hours() if isinstance(event, Known):
            session = replace(session, known=event.facts)
            return _enter(flow, session, decided(session, node), [])
        case Voicemail() | Callback() if isinstance(event, Kept):
            return _kept(flow, session, node, event)
        case Voicemail() | Callback() | Progress() if session.thanked:
            return _enter(flow, session, node.next, [])
        case Callback() if isinstance(event, Known):
            return _offer(flow, replace(session, known=event.facts), node)
        case Progress() if isinstance(event, Known):
            return _looked_up(flow, session, node, event)
        case Speech() if isinstance(event, Known | Deaf):
            session = replace(session, known=event.facts if isinstance(event, Known) else {})
            return _ask(flow, session, node, [])
        case Speech() if isinstance(event, Heard):
            return _heard(flow, session, node, event)
        case Menu() | Language() | Collect() | Survey() | Callback() | Progress() | Speech():
            return _answered(flow, session, node, event, [])
    raise IllegalTransition(f"flow {flow.id} at `{session.node}`: {type(event).__name__} answers nothing")


def _enter(flow: Flow, session: Session, node_id: str, out: list[Instruction]) -> Step:
    """Go on from node to node until the caller has to be heard or the flow ends."""
    while True:
        if len(session.path) >= MAX_NODES:
            return give_up(flow, session, out)
        node = flow.nodes[node_id]
        session = replace(session, node=node_id, path=(*session.path, node_id), wrong=0, silent=0, part="")
        session = replace(session, known={}, thanked=False, order="")
        out.append(Note("node", node_id))
        match node:
            case Set():
                for name, value in node.set.items():
                    session = write(session, name, value, out)
                node_id = node.next
            case Branch() if not (unknown := needs(flow, node)):
                node_id = decided(session, node)
            case Say() if not (words := said(session, node)):
                node_id = node.next
            case Knowledge() if not node.speaks(session.language):
                node_id = node.otherwise
            case Queue():
                line = session.language if node.queue == BY_LANGUAGE else node.queue
                return leave(session, Leave("queue", line), out)
            case Transfer():
                out += [Note("transfer", node.transfer), SetVariable("CC_TRANSFER", node.transfer)]
                return leave(session, Leave("transfer", session.language, node.transfer), out)
            case Goodbye() if not node.prompts():
                return leave(session, Leave("goodbye"), out)
            case _:
                out.append(SetVariable("CC_NODE", node_id))
                match node:
                    case Branch():
                        out.append(Look(unknown))
                    case Hours():
                        out.append(Look((open_fact(line_of(session, node)),)))
                    case Emergency():
                        out.append(Look(("emergency",)))
                    case Callback():
                        out.append(Look((CALLER_NUMBER,)))
                    case Knowledge():
                        out.append(Look((entry_fact(node.knowledge),)))
                    case Speech():
                        out.append(Look((SPEECH,)))
                    case Play():
                        out.append(PlayPrompts(spoken(session, node.prompts()), node.interrupt))
                    case Say():
                        out.append(PlayPrompts(spoken(session, words)))
                    case Goodbye():
                        out.append(PlayPrompts(spoken(session, node.prompts()), interrupt=False))
                    case Voicemail():
                        words = (*ids_of(node.voicemail), "tone")
                        out.append(PlayPrompts(spoken(session, words), interrupt=False))
                        out.append(Record(node.max_s, node.silence_s, node.comment))
                    case Menu() | Language() | Collect() | Survey() | Progress():
                        return _ask(flow, session, node, out)
                return session, out


def _offer(flow: Flow, session: Session, node: Callback) -> Step:
    """The number is spoken, so it must be one; a caller without a number is not offered what cannot be kept."""
    return _ask(flow, session, node, []) if number_of(session) else _enter(flow, session, node.otherwise, [])


def _kept(flow: Flow, session: Session, node: Voicemail | Callback, event: Kept) -> Step:
    if not event.kept:
        return _enter(flow, session, node.otherwise, [])
    out: list[Instruction] = [Note("outcome", "callback_requested")] if isinstance(node, Callback) else []
    words = (*spoken_order(event.order), *ids_of(node.thanks))
    out.append(PlayPrompts(spoken(session, words), interrupt=False))
    return replace(session, thanked=True), out


def _ask(flow: Flow, session: Session, node: InputNode, out: list[Instruction]) -> Step:
    """Ask, unless the caller has typed the answer ahead."""
    wanted, terminator = expected(session, node)
    if session.typed:
        entry, ended, rest = take(session.typed, wanted, terminator)
        session = replace(session, typed=rest)
        if ended or len(entry) == wanted:
            return _answered(flow, session, node, Digits(entry), out)
        session = replace(session, part=entry)
        out.append(Ask((), wanted - len(entry), node.timeout_s, terminator))
        return session, out
    prompts = asked(session, node, question(session, node))
    if isinstance(node, Speech) and session.known.get(SPEECH) == "yes":
        out.append(Listen(prompts, tuple(node.words), node.listen_s))
    else:
        out.append(Ask(prompts, wanted, node.timeout_s, terminator))
    return session, out


def _answered(flow: Flow, session: Session, node: InputNode, event: Input, out: list[Instruction]) -> Step:
    entry = session.part
    if isinstance(event, Digits):
        entry += "".join(key for key in event.value if key in KEYPAD)
    session = replace(session, part="")
    if not entry and isinstance(event, NoInput | Finished):
        session = replace(session, silent=session.silent + 1, order="")
        if session.silent > node.silence_retries:
            return _enter(flow, session, node.otherwise, out)
        return _ask(flow, session, node, out)
    if not isinstance(node, Collect | Progress) and len(entry) > 1:
        session = replace(session, typed=entry[1:] + session.typed)
        entry = entry[0]
    target = node.keys.get(entry)
    if target is not None:
        out.append(Note("key", f"{session.node}={entry}"))
        return _enter(flow, session, target, out)
    if isinstance(node, Collect):
        return _number(flow, session, node, entry, out)
    if isinstance(node, Progress):
        return _order(flow, session, node, entry, out)
    out.append(Note("key", f"{session.node}={entry}"))
    if isinstance(node, Language) and entry in node.choices:
        session = write(session, "language", node.choices[entry], out)
        return _enter(flow, session, node.next, out)
    if isinstance(node, Callback) and entry == node.accept:
        out.append(File(number_of(session)))
        return session, out
    if isinstance(node, Survey) and entry in node.grades:
        session = write(session, "grade", str(node.grades[entry]), out)
        return _enter(flow, session, node.next, out)
    return _wrong(flow, session, node, out)


def _number(flow: Flow, session: Session, node: Collect, entry: str, out: list[Instruction]) -> Step:
    """The record keeps how many keys were pressed, not which: a number can be a person's."""
    out.append(Note("key", f"{session.node}=({len(entry)} keys)"))
    if entry.isdecimal() and node.min_digits <= len(entry) <= node.max_digits:
        session = replace(session, facts={**session.facts, node.into: entry})
        return _enter(flow, session, node.next, out)
    return _wrong(flow, session, node, out)


def _order(flow: Flow, session: Session, node: Progress, entry: str, out: list[Instruction]) -> Step:
    """An order's number, or the last digits of its caller's."""
    out.append(Note("key", f"{session.node}=({len(entry)} keys)"))
    if session.order and len(entry) == LAST_DIGITS and entry.isdecimal():
        out.append(Look((order_fact(session.order, entry),)))
    elif not session.order and is_order_no(entry):
        session = replace(session, order=entry)
        out.append(Look((order_fact(entry),)))
    else:
        return _wrong(flow, session, node, out)
    return session, out


def _looked_up(flow: Flow, session: Session, node: Progress, event: Known) -> Step:
    fact, told = next(iter(event.facts.items()), ("", ""))
    if told in STATES:
        words = spoken(session, (f"order-{told}",))
        return replace(session, thanked=True), [Note("order", told), PlayPrompts(words, interrupt=False)]
    if told == "whose" and fact == order_fact(session.order):
        return _ask(flow, session, node, [])
    if told:
        return _wrong(flow, session, node, [])
    return _enter(flow, session, node.otherwise, [])  # nobody can look: it would be a lie that there is no such order


def _heard(flow: Flow, session: Session, node: Speech, event: Heard) -> Step:
    out: list[Instruction] = [Note("key", f"{session.node}={event.word}")]
    if event.word in node.words:
        return _enter(flow, session, node.words[event.word], out)
    return _wrong(flow, session, node, out)


def _wrong(flow: Flow, session: Session, node: InputNode, out: list[Instruction]) -> Step:
    """A key that means nothing. What was typed after it was meant for somewhere else and is dropped."""
    session = replace(session, wrong=session.wrong + 1, typed="", order="")
    if session.wrong > node.retries:
        return _enter(flow, session, node.otherwise, out)
    return _ask(flow, session, node, out)
