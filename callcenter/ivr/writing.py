"""What a session leaves on the call: facts, the variables that the dialplan reads, and the way out. Pure."""

from dataclasses import replace

from callcenter.asterisk.channel_control import Digits
from callcenter.ivr.flow import Flow
from callcenter.ivr.model import Input, Instruction, Leave, Note, Session, SetVariable

Step = tuple[Session, list[Instruction]]


def give_up(flow: Flow, session: Session, out: list[Instruction]) -> Step:
    if flow.purpose == "survey":
        return leave(session, Leave("goodbye"), out)
    return leave(session, Leave("queue", session.language), out)


def leave(session: Session, leave: Leave, out: list[Instruction]) -> Step:
    """`Leave` is last: the dialplan trusts the variables only when `CC_NEXT` is there."""
    if leave.next != "goodbye":
        if session.told_language != session.language:
            session = write(session, "language", session.language, out)
        out.append(Note("line", leave.queue))
        if session.line != leave.queue:
            out.append(SetVariable("CC_LINE", leave.queue))
        session = replace(session, line=leave.queue)
    out.append(leave)
    return replace(session, ended=True), out


def write(session: Session, name: str, value: str, out: list[Instruction]) -> Session:
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
        case "priority":
            out.append(SetVariable("CC_PRIORITY", value))
    return replace(session, facts={**session.facts, name: value})


def keep(session: Session, event: Input) -> Session:
    return replace(session, typed=session.typed + event.value) if isinstance(event, Digits) else session
