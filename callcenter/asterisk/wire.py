"""The fence around panoramisk 1.4: one connection, its bytes and its unanswered actions.

panoramisk's own ways that a call centre cannot live with are cut off here, and each has a test:

- it sends unanswered actions again after a reconnect -> one `OneConnection` serves one connection and is thrown away;
  what is unanswered when the connection goes is failed;
- it decodes each TCP read on its own and so loses characters cut in two -> we split bytes, and decode whole messages;
- it hands an event that carries our ActionID to the action only -> here a wanted event always goes to the listener;
- it completes lists and `QueueAdd` wrongly, and raises KeyError on an Originate -> replies are matched here;
- it parses everything before it asks who wants it -> the event's name is looked up first, in the bytes.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from panoramisk.actions import Action as PanoramiskAction
from panoramisk.ami_protocol import AMIProtocol
from panoramisk.manager import Manager

from callcenter.asterisk.actions import Fields
from callcenter.asterisk.headers import Headers
from callcenter.errors import Unavailable

log = logging.getLogger(__name__)

END = b"\r\n\r\n"
BANNER = b"Asterisk Call Manager/"
MESSAGE_MAX = 1 << 20
"""Bytes. No AMI message comes near it; a peer that sends more without an end does not speak AMI."""
LIST_MAX = 100_000
"""Items of one list reply; 1000 seats in 20 queues make 20,000."""


class OutcomeUnknown(Unavailable):
    """An action was sent and not answered. Whether Asterisk carried it out is not known: look before repeating it."""

    code = "outcome-unknown"


class Asked(PanoramiskAction):  # type: ignore[misc]
    """One action under way. `future` gives the first reply, or for a list the reply and its items."""

    def __init__(self, fields: Fields, as_list: bool) -> None:
        super().__init__(fields)
        self.wants_list = as_list
        self.replies: list[Headers] = []

    def add(self, reply: Headers) -> bool:
        """Take one reply. True when the answer is complete."""
        if "Response" in reply.fields:
            self.replies = [reply]
            started = reply.fields.get("EventList", "").lower() == "start"
            return not (self.wants_list and started)
        if not self.replies:
            return False  # an event that our action caused, ahead of the answer
        self.replies.append(reply)
        return reply.fields.get("EventList", "").lower() == "complete"


class Wire(AMIProtocol):  # type: ignore[misc]
    def __init__(
        self,
        wanted: frozenset[bytes],
        on_event: Callable[[Headers], None],
        on_lost: Callable[[str], None],
    ) -> None:
        self._wanted = wanted
        self._on_event = on_event
        self._on_lost = on_lost
        self.closed = True
        self.version: str | None = None
        self._rest = b""
        self._reason = ""
        self.events = 0
        self.skipped = 0
        """Events that nobody wants, dropped unparsed."""
        self.rubbish = 0
        """Messages that are neither event nor response."""

    def ask(self, fields: Fields, as_list: bool = False) -> Asked:
        asked = Asked(fields, as_list)
        self.send(asked, as_list=as_list)
        return asked

    def forget(self, asked: Asked) -> None:
        self.responses.pop(asked.id, None)

    def data_received(self, data: bytes) -> None:
        if self.closed:
            return
        data = self._rest + data
        if self.version is None:
            line, end, data = data.partition(b"\r\n")
            if not end and len(line) <= 200:
                self._rest = line
                return
            if not line.startswith(BANNER):
                self.drop("the peer does not speak AMI")
                return
            self.version = line[len(BANNER) :].decode("ascii", "replace").strip()
        blocks = data.split(END)
        self._rest = blocks.pop()
        if len(self._rest) > MESSAGE_MAX:
            self.drop("a message without end")
            return
        for block in blocks:
            self._block(block)
            if self.closed:
                return

    def _block(self, block: bytes) -> None:
        if block.startswith(b"Event: "):
            end = block.find(b"\r\n", 7)
            if block[7 : end if end > 0 else None] in self._wanted:
                self.events += 1
                headers = Headers.parse(block)
                self._on_event(headers)
                self._reply(headers)
            elif self.responses and b"\r\nActionID: " in block:
                self._reply(Headers.parse(block))
            else:
                self.skipped += 1
        elif block.startswith(b"Response: "):
            self._reply(Headers.parse(block))
        elif block[:2] == b"\r\n":  # sometimes an empty line too many stands before a message
            self._block(block.lstrip(b"\r\n"))
        elif block:
            self.rubbish += 1

    def _reply(self, reply: Headers) -> None:
        asked = self.responses.get(reply.fields.get("ActionID", ""))
        if asked is None or len(asked.replies) > LIST_MAX:
            return
        if asked.add(reply):
            self.forget(asked)
            if not asked.future.done():
                asked.future.set_result(asked.replies)

    def drop(self, reason: str) -> None:
        """Give the connection up at once, without waiting for what is still to be written."""
        self._reason = self._reason or reason
        self.close()

    def connection_lost(self, exc: Exception | None) -> None:
        self._reason = self._reason or (f"connection broke: {exc}" if exc else "Asterisk closed the connection")
        self.close()

    def close(self) -> None:
        if self.closed:
            return
        self.closed = True
        self.transport.abort()
        waiting = {id(asked): asked for asked in self.responses.values()}
        self.responses.clear()
        for asked in waiting.values():
            if not asked.future.done():
                asked.future.set_exception(
                    OutcomeUnknown(
                        f"the connection to Asterisk went before it answered {asked['Action']}; "
                        "whether it was done is not known"
                    )
                )
                asked.future.exception()  # taken note of: nobody may be waiting any more
        self._on_lost(self._reason)


class OneConnection(Manager):  # type: ignore[misc]
    """panoramisk's manager, held to a single connection: no reconnect, no pings, no waiting list."""

    def __init__(self, host: str, port: int, wire: Callable[[], Wire]) -> None:
        super().__init__(
            host=host,
            port=port,
            protocol_factory=wire,
            loop=asyncio.get_running_loop(),
            log=log,
        )
        self.pinger: Any

    def connection_made(self, connecting: "asyncio.Future[Any]") -> None:
        if connecting.cancelled() or connecting.exception() is not None:
            return  # whoever awaits the connection sees it; panoramisk would try again by itself
        super().connection_made(connecting)
        self.pinger.cancel()

    def connection_lost(self, exc: Any) -> None:
        """The link decides what happens next."""
