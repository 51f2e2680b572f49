"""The engine's one line to Asterisk: events in order to a sink, actions with an end, reconnects as an ordinary road."""

import asyncio
import logging
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from callcenter.asterisk.actions import EMPTY_LIST, Action, Login, Ping
from callcenter.asterisk.decode import WANTED, Decoder
from callcenter.asterisk.events import FullyBooted, LinkLost, TelephonyEvent
from callcenter.asterisk.headers import DecodeError, Headers
from callcenter.asterisk.wire import Asked, OneConnection, OutcomeUnknown, Wire
from callcenter.clock import Clock
from callcenter.errors import Conflict, Unavailable

log = logging.getLogger(__name__)

__all__ = ["ActionRefused", "AmiLink", "LinkDown", "LinkState", "OutcomeUnknown", "Response", "Timing"]


class LinkDown(Unavailable):
    """There is no connection to Asterisk. Nothing was sent."""

    code = "asterisk-unreachable"


class ActionRefused(Conflict):
    """Asterisk answered an action with an error."""

    code = "asterisk-refused"


class LoginRefused(Unavailable):
    """Wrong user or secret, or an address that may not log in: only a person can mend it."""

    code = "wrong-secret"


class LinkState(StrEnum):
    """connecting -> ready <-> lost; any of them -> wrong-secret -> ready."""

    CONNECTING = "connecting"
    READY = "ready"
    REFUSED = "wrong-secret"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Response:
    """Asterisk's answer to one action."""

    ok: bool
    message: str
    headers: Headers

    def or_raise(self) -> "Response":
        if not self.ok:
            raise ActionRefused(f"Asterisk refused: {self.message}")
        return self


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds."""

    connect: float = 5.0
    action: float = 5.0
    list: float = 15.0
    ping_every: float = 5.0
    ping: float = 5.0
    retry_min: float = 0.5
    retry_max: float = 10.0
    wrong_secret: float = 30.0
    """Pause after a refused login: a login storm would lock us out and fill Asterisk's log."""
    booting: float = 30.0
    """After a login FullyBooted should come by then."""


class AmiLink:
    """`sink` is called in the order of the stream, from the event loop, and must not block.

    It gets FullyBooted after each login and LinkLost when a connection that had it is gone, always in turns. What the
    sink raises is logged and counted; the link goes on.
    """

    def __init__(
        self,
        host: str,
        port: int,
        user: str,
        secret: str,
        sink: Callable[[TelephonyEvent], None],
        clock: Clock,
        *,
        timing: Timing | None = None,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._host, self._port = host, port
        self._login = Login(user, secret)
        self._sink = sink
        self._clock = clock
        self._timing = timing or Timing()
        self._jitter = jitter
        self._decoder = Decoder(clock)
        self._wire: Wire | None = None
        self._gone: asyncio.Future[str] | None = None
        self._booted = False
        self.state = LinkState.CONNECTING
        self.since: datetime = clock.now()
        """Since when the state holds."""
        self.reason = ""
        """Why the link is not ready, for health and log."""
        self.broken_events = 0
        self.sink_errors = 0
        self.logins = 0
        """The first one, and every reconnect."""

    async def run(self) -> None:
        """Hold the link until cancelled."""
        failures = 0
        try:
            while True:
                self._booted = False
                try:
                    self._enter(LinkState.LOST, await self._one_connection())
                except LoginRefused as error:
                    self._enter(LinkState.REFUSED, error.message)
                except (OSError, TimeoutError, Unavailable) as error:
                    self._enter(LinkState.LOST, str(error) or "no connection within the time limit")
                failures = 0 if self._booted else failures + 1
                await asyncio.sleep(self._pause(failures))
        finally:
            self._hang_up()
            self._enter(LinkState.LOST, "the link was closed")

    async def send(self, action: Action) -> Response:
        """Send one action and wait for its answer.

        Raises UnsafeValue or LinkDown when nothing was sent, OutcomeUnknown when it was sent and no answer came. A
        refusal is a Response that is not `ok`. An action is sent once, never again.
        """
        replies = await self._ask(self._ready_wire(), action, self._timing.action)
        return _response(replies[0])

    async def collect(self, action: Action) -> list[Headers]:
        """Send an action that is answered by a list; its items, without the last one that says how many there are.

        Raises as `send`, and ActionRefused on an error that does not just mean "none".
        """
        replies = await self._ask(self._ready_wire(), action, self._timing.list, as_list=True)
        response = _response(replies[0])
        if not response.ok and response.message.strip() in EMPTY_LIST:
            return []
        response.or_raise()
        return replies[1:-1]

    @property
    def skipped_events(self) -> int:
        """Events of the present connection that nobody wants. Many of them: Asterisk's event filter is not set."""
        return self._wire.skipped if self._wire else 0

    async def _one_connection(self) -> str:
        """Connect, log in, watch. Returns why the connection ended."""
        loop = asyncio.get_running_loop()
        gone: asyncio.Future[str] = loop.create_future()
        self._gone = gone
        wire = Wire(WANTED, self._on_event, lambda reason: self._on_lost(gone, reason))
        connection = OneConnection(self._host, self._port, lambda: wire)
        self._wire = wire
        try:
            async with asyncio.timeout(self._timing.connect):
                await connection.connect()
            answer = _response((await self._ask(wire, self._login, self._timing.connect))[0])
            if not answer.ok:
                raise LoginRefused(f"Asterisk refused the login: {answer.message}")
            self.logins += 1
            return await self._watch(wire, gone)
        finally:
            self._hang_up()

    async def _watch(self, wire: Wire, gone: "asyncio.Future[str]") -> str:
        """Ping until the connection ends or a ping stays unanswered."""
        late = asyncio.get_running_loop().time() + self._timing.booting
        while True:
            done, _ = await asyncio.wait({gone}, timeout=self._timing.ping_every)
            if done:
                return gone.result()
            try:
                await self._ask(wire, Ping(), self._timing.ping)
            except OutcomeUnknown:
                wire.drop("Asterisk does not answer a ping")
                return gone.result()
            if not self._booted and asyncio.get_running_loop().time() > late:
                wire.drop(
                    "no FullyBooted after the login: Asterisk hangs in its start, or this user lacks read class system"
                )

    async def _ask(self, wire: Wire, action: Action, limit: float, as_list: bool = False) -> list[Headers]:
        asked: Asked = wire.ask(action.form(), as_list)
        try:
            async with asyncio.timeout(limit):
                replies: list[Headers] = await asked.future
        except TimeoutError:
            raise OutcomeUnknown(
                f"Asterisk did not answer {action.name} within {limit:g} s; whether it was done is not known"
            ) from None
        finally:
            wire.forget(asked)
        return replies

    def _ready_wire(self) -> Wire:
        if self.state is not LinkState.READY or self._wire is None or self._wire.closed:
            raise LinkDown(f"no connection to Asterisk ({self.state}: {self.reason}); nothing was sent")
        return self._wire

    def _on_event(self, headers: Headers) -> None:
        try:
            event = self._decoder.decode(headers)
        except DecodeError as error:
            self.broken_events += 1
            log.warning("ami.undecodable %s", error)
            return
        if event is None:
            return
        if isinstance(event, FullyBooted):
            if self._booted:
                return
            self._booted = True
            self._enter(LinkState.READY, "")
        self._tell(event)

    def _on_lost(self, gone: "asyncio.Future[str]", reason: str) -> None:
        if gone.done():
            return
        gone.set_result(reason)
        if self._gone is not gone:
            return
        if self._booted:
            self._enter(LinkState.LOST, reason)
            self._tell(LinkLost(at=self._clock.now(), reason=reason))

    def _tell(self, event: TelephonyEvent) -> None:
        try:
            self._sink(event)
        except Exception:
            self.sink_errors += 1
            log.exception("ami.sink_failed event=%s", type(event).__name__)

    def _enter(self, state: LinkState, reason: str) -> None:
        if state is self.state:
            self.reason = reason
            return
        self.state, self.reason, self.since = state, reason, self._clock.now()
        log.log(logging.INFO if state is LinkState.READY else logging.WARNING, "ami.%s %s", state, reason)

    def _hang_up(self) -> None:
        """Close without a word to the sink: it is we who end it, or it has been told."""
        wire, self._wire, self._gone = self._wire, None, None
        if wire is not None:
            wire.drop("closed")

    def _pause(self, failures: int) -> float:
        if self.state is LinkState.REFUSED:
            return self._timing.wrong_secret
        pause = min(self._timing.retry_max, self._timing.retry_min * 2.0 ** min(failures, 10))
        return pause * (0.5 + self._jitter() / 2)


def _response(headers: Headers) -> Response:
    return Response(
        ok=headers.fields.get("Response") == "Success",
        message=headers.fields.get("Message", ""),
        headers=headers,
    )
