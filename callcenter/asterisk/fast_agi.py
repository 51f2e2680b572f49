"""The server to which the dialplan hands a caller for a menu: `AGI(agi://…/main,<linkedid>)`.

Our own, although panoramisk has one: that one spins for ever on a connection that ends before its headers are whole,
logs every failure of a script away, knows no deadline and lets any number of sessions in.

Whatever goes wrong here closes the socket, and the dialplan goes on by itself with `CC_NEXT` empty.
"""

import asyncio
import logging
import socket
from collections.abc import Awaitable, Callable

from callcenter.asterisk.agi_session import AgiSession

log = logging.getLogger(__name__)

Handler = Callable[[AgiSession], Awaitable[None]]

ENVIRONMENT_S = 5.0
"""Longest wait for the headers of a new session."""
ENVIRONMENT_MAX = 200
"""Headers of a session; Asterisk sends about twenty."""


class FastAgiServer:
    def __init__(
        self,
        host: str,
        port: int,
        handler: Handler,
        *,
        max_sessions: int = 500,
        session_s: float = 540.0,
    ) -> None:
        """`port` 0: any free one. `session_s`: seconds after which a session is ended whatever it does; under the
        dialplan's own `TIMEOUT(absolute)`, which does not free a channel that gets no sound."""
        self._host = host
        self.port = port
        self._handler = handler
        self._max_sessions = max_sessions
        self._session_s = session_s
        self._socket: socket.socket | None = None
        self._server: asyncio.Server | None = None
        self._running: set[asyncio.Task[None]] = set()
        self.refused = 0
        """Sessions turned away because there were too many."""
        self.failed = 0
        """Sessions that ended in an error of ours or at the deadline."""

    @property
    def sessions(self) -> int:
        return len(self._running)

    def bind(self) -> None:
        """Take the port, which only one engine of a node may have, without answering on it yet: until `start` a
        caller is refused at once and goes on in the dialplan. Raises OSError when somebody listens there."""
        taken = socket.socket()
        try:
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            taken.bind((self._host, self.port))
        except OSError:
            taken.close()
            raise
        self._socket, self.port = taken, taken.getsockname()[1]

    async def start(self) -> None:
        if self._socket is None:
            self.bind()
        self._server = await asyncio.start_server(self._accept, sock=self._socket)

    async def close(self) -> None:
        """Stop listening and end every session; the callers go on in the dialplan."""
        if self._server is not None:
            self._server.close()
        elif self._socket is not None:
            self._socket.close()
        for task in self._running:
            task.cancel()
        if self._running:
            await asyncio.wait(self._running)
        if self._server is not None:
            await self._server.wait_closed()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if len(self._running) >= self._max_sessions:
            self.refused += 1
            log.error("agi.too_many sessions=%s", len(self._running))
            writer.transport.abort()
            return
        task = asyncio.current_task()
        assert task is not None  # noqa: S101  (asyncio runs this callback as a task)
        self._running.add(task)
        try:
            await self._session(reader, writer)
        except asyncio.CancelledError:
            pass  # `close` ends us; asyncio would log the cancelled callback as an error
        finally:
            self._running.discard(task)
            writer.close()

    async def _session(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(ENVIRONMENT_S):
                environment = await _environment(reader)
        except (TimeoutError, EOFError, ValueError, ConnectionError):
            log.warning("agi.no_session: the connection brought no headers")
            return
        session = AgiSession(environment, reader, writer)
        try:
            async with asyncio.timeout(self._session_s):
                await self._handler(session)
        except TimeoutError:
            self.failed += 1
            log.error("agi.deadline script=%s call=%s", session.script, session.linkedid)
        except Exception:
            self.failed += 1
            log.exception("agi.failed script=%s call=%s", session.script, session.linkedid)


async def _environment(reader: asyncio.StreamReader) -> dict[str, str]:
    """The headers `agi_…: value` up to the empty line. Raises EOFError when the connection ends before it."""
    environment: dict[str, str] = {}
    for _ in range(ENVIRONMENT_MAX):
        raw = await reader.readline()
        if not raw.endswith(b"\n"):
            raise EOFError
        line = raw.decode("utf-8", "replace").rstrip("\r\n")
        if not line:
            return environment
        key, _, value = line.partition(": ")
        environment[key] = value
    raise ValueError("too many headers")
