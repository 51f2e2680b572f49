"""Flows stepped through by hand."""

from callcenter.ivr.flow import Flow
from callcenter.ivr.interpreter import step
from callcenter.ivr.model import Ask, Input, Instruction, Listen, PlayPrompts, Session, Started


def play(flow: Flow, *answers: Input, language: str = "zh") -> tuple[Session, list[Instruction]]:
    """The session after these answers, and the instructions of the last step."""
    session, out = step(flow, Session(language), Started())
    for answer in answers:
        session, out = step(flow, session, answer)
    return session, out


def heard(instruction: Instruction) -> list[str]:
    assert isinstance(instruction, PlayPrompts | Ask | Listen)
    return [it.prompt for it in instruction.prompts]
