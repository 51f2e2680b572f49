"""A small AMI server on a loopback socket that does what the test says: answers, keeps silent, drops, talks rubbish."""

import asyncio
from collections.abc import Callable
from types import TracebackType

Fields = dict[str, str]
Answer = Callable[[Fields], "bytes | None"]

SECRET = "right"
BANNER = b"Asterisk Call Manager/11.0.0\r\n"


def message(**fields: str) -> bytes:
    """One AMI message. `_` in a name stands for `-`."""
    return b"".join(f"{k.replace('_', '-')}: {v}\r\n".encode() for k, v in fields.items()) + b"\r\n"


def success(asked: Fields, **more: str) -> bytes:
    return message(**{"Response": "Success", "ActionID": asked["ActionID"], "Message": "done", **more})


def error(asked: Fields, text: str) -> bytes:
    return message(Response="Error", ActionID=asked["ActionID"], Message=text)


def listing(asked: Fields, done: str, *items: Fields) -> bytes:
    """A list reply: start, items, end."""
    mark = {"ActionID": asked["ActionID"]}
    parts = [message(Response="Success", EventList="start", Message="will follow", **mark)]
    parts += [message(**item, **mark) for item in items]
    parts.append(message(Event=done, EventList="Complete", ListItems=str(len(items)), **mark))
    return b"".join(parts)


class FakeAmi:
    """Use as `async with FakeAmi() as ami`. `port` stays the same over `stop()` and `start()`."""

    def __init__(self, secret: str = SECRET, banner: bytes = BANNER) -> None:
        self.secret = secret
        self.banner = banner
        self.port = 0
        self.boots = True
        """Send FullyBooted after a login."""
        self.mute = False
        """Take everything in, answer nothing."""
        self.answers: dict[str, Answer] = {}
        """By action name: what to answer. None: no answer."""
        self.connections = 0
        self.received: list[Fields] = []
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()

    async def __aenter__(self) -> "FakeAmi":
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        self.drop()
        await self._server.wait_closed()

    def drop(self) -> None:
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()

    def push(self, *messages: bytes) -> None:
        """Send bytes to everybody who is connected."""
        for writer in self._writers:
            writer.write(b"".join(messages))

    def asked(self, name: str) -> list[Fields]:
        """The actions of this name that have arrived."""
        return [fields for fields in self.received if fields.get("Action") == name]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._writers.add(writer)
        writer.write(self.banner)
        try:
            while True:
                block = await reader.readuntil(b"\r\n\r\n")
                fields = dict(
                    line.split(": ", 1) for line in block.decode().strip("\r\n").split("\r\n") if ": " in line
                )
                self.received.append(fields)
                if not self.mute:
                    self._answer(fields, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self._writers.discard(writer)
            writer.close()

    def _answer(self, fields: Fields, writer: asyncio.StreamWriter) -> None:
        name = fields.get("Action", "")
        if name in self.answers:
            answer = self.answers[name](fields)
            if answer is not None:
                writer.write(answer)
        elif name == "Login":
            if fields.get("Secret") != self.secret:
                writer.write(error(fields, "Authentication failed"))
                writer.close()
                return
            writer.write(success(fields))
            if self.boots:
                writer.write(message(Event="FullyBooted", Privilege="system,all", Status="Fully Booted"))
        else:
            writer.write(success(fields))
