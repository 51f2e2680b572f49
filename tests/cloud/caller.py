"""A call at the provider: fetches documents, does what they say as the real service does, and presses keys."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit
from xml.etree import ElementTree

SID = "CA" + "0" * 31 + "1"
RECORDING = "RE" + "0" * 31 + "1"
PROMPT = re.compile(r"/(?P<language>[a-z]+)/(?P<id>[a-z0-9-]+)\.wav$")
DOCUMENTS = 300

Fetch = Callable[[str, str, dict[str, str]], str]
"""(method, address, form) -> the document."""


class NoEnd(AssertionError):
    """The call went on for more documents than any call fetches."""


@dataclass
class CloudCaller:
    """`press(listens)`: what he presses when the provider listens, all keys at once. `speaks`: seconds of his message,
    0 when he says nothing after the tone."""

    fetch: Fetch
    press: Callable[[str], str]
    words: dict[str, str] = field(default_factory=dict)
    """Spoken words -> `<language>/<prompt>`."""
    speaks: int = 0
    number: str = "+8613912345678"
    sid: str = SID
    heard: list[str] = field(default_factory=list)
    fetched: list[tuple[str, str]] = field(default_factory=list)
    """(method, address) of every document."""
    hangs_up_after_message: bool = False
    told: list[str] = field(default_factory=list)
    """Addresses that are told of a message."""

    def call(self, address: str, method: str = "POST") -> list[str]:
        """To the end. Returns what was heard."""
        going = (method, address, dict[str, str]())
        for _ in range(DOCUMENTS):
            following = self._document(*going)
            if following is None:
                return self.heard
            going = following
        raise NoEnd(f"{DOCUMENTS} documents: {self.fetched[-3:]}")

    def _document(self, method: str, address: str, more: dict[str, str]) -> tuple[str, str, dict[str, str]] | None:
        self.fetched.append((method, address))
        usual = {"CallSid": self.sid, "From": self.number, "To": "+861012348", "Direction": "inbound"}
        response = ElementTree.fromstring(self.fetch(method, address, usual | more))  # noqa: S314 - our own
        assert response.tag == "Response"
        for verb in response:
            match verb.tag:
                case "Play" | "Say":
                    self._hear(verb)
                case "Gather":
                    assert (verb.get("input"), verb.get("timeout")) != (None, "0")
                    for words in verb:
                        self._hear(words)
                    digits, ended_by = self._entry(verb)
                    if digits or verb.get("actionOnEmptyResult") == "true":
                        entered = {"Digits": digits, **({"FinishedOnKey": ended_by} if ended_by else {})}
                        return _method(verb), verb.get("action", ""), entered
                case "Record":
                    if self.speaks:
                        self.told.append(verb.get("recordingStatusCallback", ""))
                        if self.hangs_up_after_message:
                            return None
                        message = {"RecordingSid": RECORDING, "RecordingDuration": str(self.speaks), "Digits": "hangup"}
                        return _method(verb), verb.get("action", ""), message
                case "Redirect":
                    return _method(verb), verb.text or "", {}
                case "Hangup":
                    return None
                case _:
                    raise AssertionError(f"the provider has no verb {verb.tag}")
        return None

    def _hear(self, verb: ElementTree.Element) -> None:
        text = verb.text or ""
        if verb.tag == "Play":
            found = PROMPT.search(text)
            assert found, text
            self.heard.append(f"{found['language']}/{found['id']}")
        else:
            self.heard.append(self.words.get(text, text))

    def _entry(self, gather: ElementTree.Element) -> tuple[str, str]:
        digits = ""
        for key in self.press("gather"):
            if key in gather.get("finishOnKey", "#"):
                return digits, key
            digits += key
            if len(digits) == int(gather.get("numDigits", "99")):
                break
        return digits, ""


def _method(verb: ElementTree.Element) -> str:
    return verb.get("method", "POST")


def form_of(address: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(address).query, keep_blank_values=True))
