"""One caller in a menu: `ChannelControl` over one FastAGI connection."""

import asyncio
import logging
import re
from collections import deque
from collections.abc import Mapping, Sequence

from callcenter.asterisk.actions import VARIABLE_NAME, UnsafeValue, assignment
from callcenter.asterisk.agi_reply import AgiGarbled, HungUp, Reply, command_line, read_reply
from callcenter.asterisk.channel_control import ALL_KEYS, ChannelGone, Digits, Finished, NoInput
from callcenter.asterisk.headers import WITHHELD
from callcenter.ids import Linkedid, Uniqueid

log = logging.getLogger(__name__)

AHEAD_MAX = 32
"""Keys typed ahead that are kept."""
SHORT_S = 10.0
"""Longest wait for a command that takes no time by itself."""
PLAY_S = 300.0
"""Longest wait for one sound file, or one application."""
KEYS = "CC_KEYS"
"""The variable in which `Read()` leaves what was typed."""
FILES_END = re.compile("[,&]")
"""Ends a file's name for `Read()`."""
SETTABLE = re.compile(VARIABLE_NAME.pattern + r"|(?:CHANNEL|TIMEOUT)\([a-z_]+\)")
"""What `set` may write: plain variables, and the two functions that a menu needs. `FILE(…)` would write files."""


class AgiSession:
    """Fulfils `ChannelControl`. Not for two tasks at once."""

    def __init__(
        self, environment: Mapping[str, str], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._gone: ChannelGone | None = None
        self._ahead: deque[str] = deque()
        self.missing_files = 0
        """Sound files that could not be played."""
        self.script = environment.get("agi_network_script", "").partition("?")[0]
        self.uniqueid = Uniqueid(environment.get("agi_uniqueid", ""))
        self.linkedid = Linkedid(environment.get("agi_arg_1", "") or self.uniqueid)
        """The call. The dialplan hands it over as first argument, since AGI itself does not tell it."""
        self.channel = environment.get("agi_channel", "")
        self.language = environment.get("agi_language", "")
        caller = environment.get("agi_callerid", "")
        self.caller_number = "" if caller.lower() in WITHHELD else caller
        """Empty when withheld."""

    @property
    def gone(self) -> bool:
        return self._gone is not None

    async def play(self, files: Sequence[str], keys: str = "") -> Digits | Finished | ChannelGone:
        if keys and self._ahead and self._ahead[0] in keys:
            return Digits(self._ahead.popleft())
        for file in files:
            pressed = await self._play_one(file, keys)
            if isinstance(pressed, ChannelGone):
                return pressed
            if pressed:
                return Digits(pressed)
        return self._gone or Finished()

    async def collect(
        self, files: Sequence[str], digits: int = 1, timeout_s: float = 5.0, terminator: str = ""
    ) -> Digits | NoInput | ChannelGone:
        typed = ""
        while self._ahead:
            key = self._ahead.popleft()
            if key in terminator:
                return Digits(typed)
            typed += key
            if len(typed) >= digits:
                return Digits(typed)
        read = await self._read([] if typed else files, digits - len(typed), timeout_s, terminator)
        if isinstance(read, Digits):
            return Digits(typed + read.value)
        return Digits(typed) if typed and isinstance(read, NoInput) else read

    async def record(self, file: str, max_s: float, silence_s: int, keys: str = "") -> Digits | Finished | ChannelGone:
        if self._ahead and self._ahead[0] in keys:
            return Digits(self._ahead.popleft())
        words = ("wav", keys, str(round(max_s * 1000)), f"s={silence_s}")
        reply = await self._ask(max_s + SHORT_S, "RECORD FILE", file, *words)
        if isinstance(reply, ChannelGone):
            return reply
        if reply.number < 0 or reply.data == "hangup":
            return Finished() if await self._alive() else self._end("hangup")
        return Digits(chr(reply.number)) if reply.data == "dtmf" and reply.number else Finished()

    async def set(self, name: str, value: str) -> Finished | ChannelGone:
        if not SETTABLE.fullmatch(name):
            raise UnsafeValue(f"{name!r} is not a variable that a menu may set; nothing was sent")
        reply = await self._ask(SHORT_S, "SET VARIABLE", name, value)
        return reply if isinstance(reply, ChannelGone) else Finished()

    async def set_all(self, values: Mapping[str, str]) -> Finished | ChannelGone:
        return await self.exec("MSet", ",".join(assignment(name, value) for name, value in values.items()))

    async def get(self, name: str) -> Finished | ChannelGone:
        reply = await self._ask(SHORT_S, "GET VARIABLE", name)
        return reply if isinstance(reply, ChannelGone) else Finished(reply.data if reply.number == 1 else "")

    async def get_all(self, text: str) -> Finished | ChannelGone:
        """`text` with every `${variable}` of it filled in."""
        reply = await self._ask(SHORT_S, "GET FULL VARIABLE", text)
        return reply if isinstance(reply, ChannelGone) else Finished(reply.data if reply.number == 1 else "")

    async def exec(self, app: str, args: str = "") -> Finished | ChannelGone:
        reply = await self._ask(PLAY_S, "EXEC", app, args)
        if isinstance(reply, ChannelGone):
            return reply
        if reply.number == -2:
            log.error("agi.no_such_application app=%s call=%s", app, self.linkedid)
        elif reply.number == -1 and not await self._alive():
            return self._end("hangup")
        return Finished(reply.result)

    async def _read(
        self, files: Sequence[str], digits: int, timeout_s: float, terminator: str
    ) -> Digits | NoInput | ChannelGone:
        """Prompt, pause and keys in one command: what is pressed between two commands Asterisk reads and drops."""
        plain = terminator == "#" or (digits == 1 and not terminator)
        by = self._get_data if plain and len(files) < 2 else self._app_read
        read = await by(files, digits, timeout_s, terminator)
        if read is None and not await self._alive():
            return self._end("hangup")
        if read is None and files:
            self.missing_files += 1
            log.error("agi.unplayable file=%s call=%s", files[-1], self.linkedid)
            return await self._read([], digits, timeout_s, terminator)
        return read or self._end("keys cannot be read")

    async def _get_data(
        self, files: Sequence[str], digits: int, timeout_s: float, terminator: str
    ) -> Digits | NoInput | ChannelGone | None:
        """At most one file, and `#` ends. None: Asterisk could not."""
        words = ("".join(files), str(max(1, round(timeout_s * 1000))), str(digits))
        reply = await self._ask(PLAY_S + digits * timeout_s, "GET DATA", *words)
        if isinstance(reply, ChannelGone):
            return reply
        if reply.code != 200 or reply.result == "-1":
            return None
        if reply.result:
            return Digits(reply.result)
        return NoInput() if reply.data == "timeout" else Digits("" if terminator else "#")

    async def _app_read(
        self, files: Sequence[str], digits: int, timeout_s: float, terminator: str
    ) -> Digits | NoInput | ChannelGone | None:
        """Any files, any terminators, in two commands. None: Asterisk could not."""
        if bad := [file for file in files if FILES_END.search(file)]:
            raise UnsafeValue(f"{bad[0]!r} would be read as more than one file; nothing was sent")
        words = (KEYS, "&".join(files), str(digits), f"t({terminator})", "1", f"{timeout_s:.3f}")
        limit_s = PLAY_S + digits * timeout_s
        done = await self._ask(limit_s, "EXEC", "Read", ",".join(words))
        told = done if isinstance(done, ChannelGone) else await self.get_all(f"${{READSTATUS}} ${{{KEYS}}}")
        if isinstance(told, ChannelGone):
            return told
        status, _, keys = told.value.partition(" ")
        if keys or status == "OK":
            return Digits(keys)
        return NoInput() if status == "TIMEOUT" else None

    async def _play_one(self, file: str, keys: str) -> str | ChannelGone:
        """One file to its end (`""`), or to a key of `keys`.

        Asterisk listens for every key: a key that is not asked for now would be lost otherwise. It is kept, and the
        file goes on where it was.
        """
        offset = 0
        while True:
            reply = await self._ask(PLAY_S, "STREAM FILE", file, ALL_KEYS, str(offset))
            if isinstance(reply, ChannelGone):
                return reply
            if reply.code != 200 or reply.number < 0:  # says the same for a missing file and for a hang-up
                if not await self._alive():
                    return self._end("hangup")
                self.missing_files += 1
                log.error("agi.unplayable file=%s call=%s", file, self.linkedid)
                return ""
            if reply.number == 0:
                return ""
            key = chr(reply.number)
            if key in keys:
                return key
            if len(self._ahead) < AHEAD_MAX:
                self._ahead.append(key)
            offset = max(offset, reply.endpos)

    async def _alive(self) -> bool:
        reply = await self._ask(SHORT_S, "CHANNEL STATUS")
        return isinstance(reply, Reply) and reply.code == 200 and reply.number >= 0

    async def _ask(self, limit_s: float, command: str, *words: str) -> Reply | ChannelGone:
        """Send one command and read its reply.

        Everything after which the two sides might be out of step ends the session: Asterisk sees the socket close and
        the dialplan goes on.
        """
        if self._gone is not None:
            return self._gone
        line = command_line(command, *words)
        try:
            self._writer.write(line)
            async with asyncio.timeout(limit_s):  # `wait_for` would make a task of every exchange
                await self._writer.drain()
                reply = await read_reply(self._line)
        except TimeoutError:
            return self._end(f"no reply to {command}")
        except (ConnectionError, EOFError, ValueError, AgiGarbled) as error:
            return self._end(str(error) or type(error).__name__)
        except asyncio.CancelledError:
            self._end("cancelled")
            raise
        if isinstance(reply, HungUp) or reply.code == 511:
            return self._end("hangup")
        if reply.code != 200:
            log.error("agi.refused command=%s code=%s call=%s", command, reply.code, self.linkedid)
        return reply

    async def _line(self) -> str:
        raw = await self._reader.readline()
        if not raw.endswith(b"\n"):
            raise EOFError("the connection to Asterisk ended")
        return raw.decode("utf-8", "replace").rstrip("\r\n")

    def _end(self, reason: str) -> ChannelGone:
        if self._gone is None:
            self._gone = ChannelGone(reason)
            self._writer.close()
        return self._gone
