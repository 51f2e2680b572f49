"""The shipped flows over a real socket, against the AGI words of Asterisk."""

import asyncio
import re
from pathlib import Path

import pytest

from callcenter.asterisk.events import Fact
from callcenter.asterisk.fast_agi import FastAgiServer
from callcenter.clock import SystemClock
from callcenter.ivr.flow import Flow
from callcenter.ivr.runtime import IvrService
from callcenter.prompt.catalogue import PromptFiles

WORDS = re.compile(r'"((?:[^"\\]|\\.)*)"|(\S+)')


class Asterisk:
    """The channel's side: answers commands, presses `keys` when waited for, or while the file `during` plays."""

    def __init__(self, *keys: str, during: str = "", hang_up_at: str = "never") -> None:
        self.keys = list(keys)
        self.during = during
        self.hang_up_at = hang_up_at
        self.variables: dict[str, str] = {}
        self.played: list[str] = []
        self.trail = ""

    async def call(self, port: int, script: str) -> None:
        """Until the engine closes the connection, as AGI() does."""
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        head = {"network_script": script, "uniqueid": "a-1.1", "channel": "PJSIP/trunk-1", "arg_1": "a-1.0"}
        writer.write("".join(f"agi_{name}: {value}\n" for name, value in head.items()).encode() + b"\n")
        while line := (await reader.readline()).decode():
            words = [quoted or plain for quoted, plain in WORDS.findall(line)]
            if self.hang_up_at in line:
                writer.write(b"HANGUP\n")
                break
            writer.write(f"{self._reply(words)}\n".encode())
        writer.close()

    def _reply(self, words: list[str]) -> str:
        match words:
            case ["SET", "VARIABLE", name, value]:
                self.variables[name] = value
                return "200 result=1"
            case ["EXEC", "MSet", pairs]:
                self.variables |= dict(pair.split("=", 1) for pair in pairs.split(","))
                self.trail = self.variables.pop("CC_TRAIL", self.trail)
                return "200 result=0"
            case ["GET", "VARIABLE", name]:
                value = self.variables.get(name)
                return "200 result=0" if value is None else f"200 result=1 ({value})"
            case ["STREAM", "FILE", file, *_rest]:
                if self._plays(file) == self.during and self.keys:
                    return f"200 result={ord(self.keys.pop(0))} endpos=400"
                return "200 result=0 endpos=8000"
            case ["GET", "DATA", file, _ms, "1"]:
                return f"200 result={self._key([file] if file else []) or ' (timeout)'}"
            case ["EXEC", "Read", arguments]:
                self.variables["CC_KEYS"] = self._key(arguments.split(",")[1].split("&"))
                return "200 result=0"
            case ["GET", "FULL", "VARIABLE", "${READSTATUS} ${CC_KEYS}"]:
                key = self.variables.pop("CC_KEYS")
                return f"200 result=1 ({'OK' if key else 'TIMEOUT'} {key})"
            case ["CHANNEL", "STATUS", *_name]:
                return "200 result=6"
        return "510 Invalid or unknown command"

    def _plays(self, file: str) -> str:
        self.played.append(str(Path(file).relative_to(Path(file).parents[1])))
        return self.played[-1]

    def _key(self, files: list[str]) -> str:
        """The next key: in the middle of the question, or after it."""
        for file in files:
            if self._plays(file) == self.during:
                break
        return self.keys.pop(0) if self.keys else ""


@pytest.fixture
def sounds(tmp_path: Path, shipped: dict[str, Flow]) -> Path:
    for language in ("zh", "bo", "mn"):
        (tmp_path / language).mkdir()
        for flow in shipped.values():
            for prompt in (prompt for node in flow.nodes.values() for prompt in node.prompts()):
                (tmp_path / language / f"{prompt}.alaw").write_bytes(b"\xd5" * 80)
    return tmp_path


def talk(flows: dict[str, Flow], sounds: Path, asterisk: Asterisk, script: str) -> list[tuple[str, str]]:
    """One session from connect to close; the facts told meanwhile."""
    facts: list[Fact] = []

    async def run() -> None:
        files = PromptFiles(sounds, "zh")
        service = IvrService(flows, files, facts.append, SystemClock())
        server = FastAgiServer("127.0.0.1", 0, service.handle)
        await server.start()
        try:
            async with asyncio.timeout(10):
                await asterisk.call(server.port, script)
        finally:
            await server.close()

    asyncio.run(run())
    return [(fact.name, fact.value) for fact in facts]


def test_a_key_chooses_the_language_and_the_line(shipped: dict[str, Flow], sounds: Path) -> None:
    asterisk = Asterisk("3")
    told = talk(shipped, sounds, asterisk, "main")
    assert asterisk.variables == {"CC_LANG": "mn", "CC_LINE": "mn", "CC_NODE": "notice", "CC_NEXT": "queue"}
    assert asterisk.played[-1] == "mn/notice"
    assert ("key", "language=3") in told


def test_a_key_in_the_first_second_of_the_greeting_is_the_choice(shipped: dict[str, Flow], sounds: Path) -> None:
    asterisk = Asterisk("2", during="zh/welcome")
    talk(shipped, sounds, asterisk, "main")
    assert asterisk.played == ["zh/welcome", "bo/notice"]
    assert asterisk.variables["CC_LINE"] == "bo"


def test_a_grade_pressed_while_the_question_is_read_is_kept(shipped: dict[str, Flow], sounds: Path) -> None:
    asterisk = Asterisk("5", during="bo/survey")
    asterisk.variables["CC_LANG"] = "bo"
    told = talk(shipped, sounds, asterisk, "survey")
    assert (asterisk.variables["CC_GRADE"], asterisk.variables["CC_NEXT"]) == ("5", "goodbye")
    assert asterisk.played == ["bo/survey", "bo/thanks"]
    assert ("grade", "5") in told


@pytest.mark.parametrize("at", ["zh/welcome", "mn/language-menu", "READSTATUS", "CC_LANG", "CC_NEXT"])
def test_a_hang_up_in_the_menu_is_an_ordinary_end(shipped: dict[str, Flow], sounds: Path, at: str) -> None:
    asterisk = Asterisk("1", hang_up_at=at)
    talk(shipped, sounds, asterisk, "main")
    assert "CC_NEXT" not in asterisk.variables


def test_an_engine_that_goes_away_in_the_middle_leaves_what_was_chosen(shipped: dict[str, Flow], sounds: Path) -> None:
    class Killed(Asterisk):
        def _reply(self, words: list[str]) -> str:
            if words[0] == "STREAM" and words[2].endswith("bo/notice"):
                raise ConnectionResetError
            return super()._reply(words)

    asterisk = Killed("2")
    with pytest.raises(ConnectionResetError):
        talk(shipped, sounds, asterisk, "main")
    assert asterisk.variables == {"CC_LANG": "bo", "CC_LINE": "bo", "CC_NODE": "notice"}
