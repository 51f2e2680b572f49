"""What a node decides or says, given where the caller is. Pure, no way on: `interpreter.py` goes the ways."""

from callcenter.ivr.facts import CALLER_NUMBER, SPEECH, is_looked_up, open_fact
from callcenter.ivr.flow import (
    BY_LANGUAGE,
    Branch,
    Callback,
    Collect,
    Flow,
    Hours,
    InputNode,
    Language,
    Progress,
    Say,
    Speech,
)
from callcenter.ivr.model import Session, Spoken
from callcenter.ivr.node import ids_of
from callcenter.ivr.order import DIGITS, LAST_DIGITS
from callcenter.ivr.speak import speak


def needs(flow: Flow, node: Branch) -> tuple[str, ...]:
    asked = dict.fromkeys(condition.fact for condition in node.branch)
    return tuple(name for name in asked if name in flow.outside_facts and is_looked_up(name))


def decided(session: Session, node: Branch | Hours) -> str:
    """An hours node whose answer is not known counts as open: rather a person too many than one too few."""
    if isinstance(node, Hours):
        return node.closed if session.known.get(open_fact(line_of(session, node))) == "no" else node.open
    return next((it.go for it in node.branch if it.holds(session.fact(it.fact))), node.otherwise)


def line_of(session: Session, node: Hours) -> str:
    return session.language if node.hours == BY_LANGUAGE else node.hours


def said(session: Session, node: Say) -> tuple[str, ...]:
    words = speak(node.form, session.fact(node.say) or "", session.language)
    return (*ids_of(node.before), *words, *ids_of(node.after)) if words else ()


def number_of(session: Session) -> str:
    number = session.facts.get("callback_number") or session.known.get(CALLER_NUMBER, "")
    return number if speak("digits", number, session.language) else ""


def expected(session: Session, node: InputNode) -> tuple[int, str]:
    """(keys of an answer, the key that ends it before)."""
    match node:
        case Collect():
            return node.max_digits, node.terminator
        case Progress():
            return (LAST_DIGITS if session.order else DIGITS), "#"
    return 1, ""


def question(session: Session, node: InputNode) -> tuple[str, ...]:
    """Prompts by which it is asked now."""
    prompts = node.asks()
    if isinstance(node, Speech) and session.known.get(SPEECH) == "yes":
        prompts = ids_of(node.speech)
    if session.wrong + session.silent > 0 and node.again:
        prompts = ids_of(node.again)
    match node:
        case Progress() if session.order:
            return ids_of(node.last_four)
        case Callback():
            return (*prompts, *speak("digits", number_of(session), session.language), *ids_of(node.confirm))
    return prompts


def take(typed: str, wanted: int, terminator: str) -> tuple[str, bool, str]:
    """(entry, whether it was ended by the terminator, the rest) of keys typed ahead."""
    cut = typed.find(terminator) if terminator else -1
    if 0 <= cut <= wanted:
        return typed[:cut], True, typed[cut + 1 :]
    return typed[:wanted], False, typed[wanted:]


def spoken(session: Session, prompts: tuple[str, ...]) -> tuple[Spoken, ...]:
    return tuple(Spoken(prompt, session.language) for prompt in prompts)


def asked(session: Session, node: InputNode, prompts: tuple[str, ...]) -> tuple[Spoken, ...]:
    if isinstance(node, Language):
        offered = dict.fromkeys(node.choices.values())
        return tuple(Spoken(prompt, language, own_voice=True) for language in offered for prompt in prompts)
    return spoken(session, prompts)
