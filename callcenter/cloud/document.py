"""Instructions as TwiML (package `twilio`)."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from twilio.twiml.voice_response import Gather, VoiceResponse

from callcenter.cloud.running import Turn
from callcenter.ivr.model import Ask, PlayPrompts, Record, Spoken

TONE = "tone"
"""The provider has a signal of its own."""
AFTER_PROMPT_S = 1
"""The provider waits whole seconds: so long a key still counts after an announcement that a key may end."""
CHINESE = "zh-CN"
NO_ADDRESS = "#"
"""A key that cannot stand in an address; where the answer must, it ends the entry, and alone it is none."""


@dataclass(frozen=True, slots=True)
class Sound:
    """One prompt as the provider plays it: by its address, or words for its own Mandarin voice."""

    url: str = ""
    words: str = ""


Voice = Callable[[Spoken], Sound | None]


@dataclass(frozen=True, slots=True)
class Way:
    """Where the document leads.

    `keys`: fetched with what was pressed. `silence`: fetched when nothing was; empty: `keys` is fetched as well then.
    """

    keys: str
    silence: str = ""
    recorded: str = ""
    """Told when a message is ready to be fetched, whether or not the caller is still there."""
    method: str = "POST"


def document(turn: Turn, way: Way, voice: Voice) -> str:
    response = VoiceResponse()
    for instruction in turn.instructions:
        match instruction:
            case PlayPrompts(prompts, False):
                _say(response, prompts, voice)
            case PlayPrompts(prompts):
                _gather(response, prompts, voice, way, 1, AFTER_PROMPT_S, "")
            case Ask(prompts, digits, timeout_s, terminator):
                _gather(response, prompts, voice, way, digits, math.ceil(timeout_s), terminator)
            case Record(max_s, silence_s):
                response.record(
                    action=way.keys,
                    method=way.method,
                    max_length=max_s,
                    timeout=silence_s,
                    finish_on_key="#",
                    play_beep=True,
                    trim="do-not-trim",
                    **({"recording_status_callback": way.recorded} if way.recorded else {}),
                )
                response.redirect(way.silence or way.keys, method=way.method)
    if turn.over:
        response.hangup()
    return str(response)


def _gather(
    response: VoiceResponse,
    prompts: Iterable[Spoken],
    voice: Voice,
    way: Way,
    digits: int,
    timeout_s: int,
    terminator: str,
) -> None:
    gather = Gather(
        input="dtmf",
        num_digits=digits,
        timeout=timeout_s,
        finish_on_key=NO_ADDRESS if way.silence else terminator,
        action=way.keys,
        method=way.method,
        action_on_empty_result=not way.silence,
    )
    _say(gather, prompts, voice)
    response.append(gather)
    if way.silence:
        response.redirect(way.silence, method=way.method)


def _say(parent: VoiceResponse | Gather, prompts: Iterable[Spoken], voice: Voice) -> None:
    for spoken in prompts:
        sound = voice(spoken) if spoken.prompt != TONE else None
        if sound is None:
            continue
        if sound.url:
            parent.play(sound.url)
        else:
            parent.say(sound.words, language=CHINESE)
