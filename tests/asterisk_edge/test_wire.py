"""The protocol against every way in which bytes can come."""

from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from callcenter.asterisk.actions import CoreShowChannels, Ping
from callcenter.asterisk.decode import WANTED, Decoder
from callcenter.asterisk.headers import DecodeError, Headers
from callcenter.asterisk.wire import Wire
from tests.asterisk_edge.support import StandingClock, in_loop
from tests.fakes.ami_server import BANNER
from tests.given import examples

TRACES = Path(__file__).parent.parent / "traces"
STREAM = (TRACES / "answered-survey.ami").read_bytes()
TAIL = (
    STREAM[: STREAM.index(b"\r\n\r\n", 3000) + 4]
    + "Event: UserEvent\r\nUserEvent: CallFact\r\nName: topic\r\nValue: 藏语\r\n\r\n".encode()
)


class Transport:
    def __init__(self) -> None:
        self.aborted = False
        self.written: list[bytes] = []

    def abort(self) -> None:
        self.aborted = True

    def write(self, data: bytes) -> None:
        self.written.append(data)


def wire() -> tuple[Wire, list[Headers], list[str]]:
    events: list[Headers] = []
    lost: list[str] = []
    new = Wire(WANTED, events.append, lost.append)
    new.connection_made(Transport())
    return new, events, lost


def heard(*chunks: bytes) -> list[dict[str, str]]:
    new, events, _ = wire()
    for chunk in chunks:
        new.data_received(chunk)
    return [dict(event.fields) for event in events]


@settings(max_examples=examples(150), deadline=None)
@given(cuts=st.lists(st.integers(0, len(TAIL)), max_size=60))
def test_however_the_stream_is_cut_the_same_events_come(cuts: list[int]) -> None:
    places = [0, *sorted(cuts), len(TAIL)]
    chunks = [TAIL[a:b] for a, b in pairwise(places)]
    assert heard(*chunks) == heard(TAIL)


def test_byte_by_byte_is_the_same_as_at_once() -> None:
    assert heard(*(TAIL[n : n + 1] for n in range(len(TAIL)))) == heard(TAIL)
    assert heard(TAIL)[-1]["Value"] == "藏语"


@settings(max_examples=examples(300), deadline=None)
@given(
    chunks=st.lists(
        st.one_of(
            st.binary(max_size=60),
            st.sampled_from(
                [b"\r\n", b"\r\n\r\n", b"Event: ", b"Event: Hangup\r\n", b"Response: ", b"ActionID: 1\r\n"]
            ),
            st.sampled_from(
                [b"Event: QueueMemberAdded\r\nStatus: x", b"Timestamp: 1e9", b": ", b"EventList: Complete\r\n"]
            ),
        ),
        max_size=30,
    ),
    greeted=st.booleans(),
)
def test_rubbish_never_leaves_the_protocol_as_an_error(chunks: list[bytes], greeted: bool) -> None:
    decoder = Decoder(StandingClock())

    def listen(headers: Headers) -> None:
        with suppress(DecodeError):
            decoder.decode(headers)

    new = Wire(WANTED, listen, lambda _: None)
    new.connection_made(Transport())
    for chunk in ([BANNER] if greeted else []) + chunks:
        new.data_received(chunk)
    new.connection_lost(None)
    assert new.closed


@in_loop
async def test_rubbish_between_an_action_and_its_answer_does_not_lose_the_answer() -> None:
    new, _, _ = wire()
    new.data_received(BANNER)
    ping, channels = new.ask(Ping().form()), new.ask(CoreShowChannels().form(), as_list=True)
    new.data_received(b"nonsense\r\n\r\n\r\n\r\nResponse: Success\r\n\r\nEvent: X\r\nActionID: nobody\r\n\r\n")
    new.data_received(f"Response: Success\r\nActionID: {ping.id}\r\nPing: Pong\r\n\r\n".encode())
    new.data_received(f"Event: CoreShowChannel\r\nActionID: {channels.id}\r\n\r\n".encode())
    new.data_received(f"Response: Error\r\nActionID: {channels.id}\r\nMessage: no\r\n\r\n".encode())
    assert (await ping.future)[0].text("Ping") == "Pong"
    assert (await channels.future)[0].text("Message") == "no"
    assert new.responses == {}


def test_a_message_without_end_closes_the_connection_before_it_fills_the_memory() -> None:
    new, _, lost = wire()
    new.data_received(BANNER)
    for _ in range(40):
        new.data_received(b"x" * 65536)
    assert lost == ["a message without end"]
    assert len(new._rest) < 3_000_000


def test_the_end_of_a_connection_is_told_once_with_its_first_reason() -> None:
    new, _, lost = wire()
    new.drop("first")
    new.connection_lost(OSError("second"))
    new.drop("third")
    assert lost == ["first"]


@in_loop
async def test_what_is_unanswered_when_the_connection_goes_fails_and_nobody_keeps_it() -> None:
    new, _, _ = wire()
    asked: list[Any] = [new.ask(Ping().form()) for _ in range(3)]
    new.connection_lost(None)
    assert all(action.future.exception() is not None for action in asked)
    assert new.responses == {}
