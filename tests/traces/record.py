"""Records the stories of this folder anew from a real Asterisk: `python -m tests.traces.record [STORY ...]`.

For each story the raw bytes of an AMI session with every event class (`<story>.ami`) and the lines that the same call
left in the CEL file (`<story>.cel.csv`). Needs SIPp and an Asterisk; uses a home of its own and free ports.
Numbers are invented.
"""

import asyncio
import os
import re
import shutil
import socket
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from callcenter import secrets
from callcenter.asterisk.actions import CoreShowChannels, QueueAdd, QueueRemove, QueueStatus
from callcenter.asterisk.agi_session import AgiSession
from callcenter.asterisk.channel_control import Digits
from callcenter.asterisk.fast_agi import FastAgiServer
from callcenter.asterisk.link import AmiLink, LinkState
from callcenter.clock import SystemClock
from callcenter.confgen import files, hold_music, installation, machine
from callcenter.confgen.render import SeatPhones, render
from callcenter.config import Settings
from callcenter.ids import SeatId

HERE = Path(__file__).parent
SCENARIOS = HERE.parent / "asterisk" / "sipp"
QUIET = b"\xd5" * 4000
"""Half a second of A-law silence."""
PROMPT = re.compile(r"\$\{PROMPTS\}/[^/,&]+/([a-z0-9-]+)")
"""A prompt that the plain dialplan speaks."""


@dataclass(frozen=True)
class Story:
    call: str
    """One line of `caller.xml`'s input file."""
    seats: Sequence[tuple[str, str]] = ()
    """Seat and what its phone does, in the order in which they join the queue."""
    engine: bool = True


CALLER = "13900000001"
STORIES = {
    "answered-survey": Story(f"{CALLER};1;info;1500;5;5000;4000", [("1001", "seat-answers.xml ring=500 talk=3000")]),
    "hangup-in-survey": Story(f"{CALLER};1;info;1500;-;100;4500", [("1001", "seat-answers.xml ring=300 talk=1500")]),
    "answered-caller-hangs-up": Story(
        f"{CALLER};1;info;1500;-;100;4000", [("1001", "seat-answers.xml ring=500 talk=0")]
    ),
    "abandon-in-queue": Story(f"{CALLER};1;info;1500;-;100;2500"),
    "abandon-while-ringing": Story(f"{CALLER};1;info;1500;-;100;1000", [("1001", "seat-ignores.xml")]),
    "no-answer-then-next-seat": Story(
        f"{CALLER};1;info;1500;-;100;9000",
        [("1001", "seat-ignores.xml"), ("1002", "seat-answers.xml ring=300 talk=1500")],
    ),
    "seat-rejects-then-next-seat": Story(
        f"{CALLER};1;info;1500;-;100;9000",
        [("1001", "seat-rejects.xml"), ("1002", "seat-answers.xml ring=300 talk=1500")],
    ),
    "queue-timeout": Story(f"{CALLER};1;info;1500;-;100;14000"),
    "hangup-in-menu": Story(f"{CALLER};-;info;700;-;100;300"),
    "engine-absent": Story(
        f"{CALLER};1;info;2500;3;3500;4000", [("1001", "seat-answers.xml ring=300 talk=2000")], engine=False
    ),
    "withheld-number": Story("anonymous;1;info;1500;-;100;2000"),
}


def free_port(kind: int) -> int:
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def menu(session: AgiSession) -> None:
    """What the engine's flows do, in short."""
    if session.script == "survey":
        grade = await session.collect([], digits=1, timeout_s=3)
        if isinstance(grade, Digits):
            await session.set("CC_GRADE", grade.value)
        await session.set("CC_NEXT", "goodbye")
        return
    topic = await session.collect([], digits=1, timeout_s=5)
    if isinstance(topic, Digits):
        await session.set("CC_LINE", "zh")
        await session.set("CC_LANG", "zh")
        await session.set("CC_TOPIC", "labour")
        await session.set("CC_NEXT", "queue")


class Bench:
    """One Asterisk in a home of its own."""

    def __init__(self, home: Path) -> None:
        self.settings = Settings(
            home=home,
            sip_port=free_port(socket.SOCK_DGRAM),
            ws_port=free_port(socket.SOCK_STREAM),
            ami_port=free_port(socket.SOCK_STREAM),
            agi_port=free_port(socket.SOCK_STREAM),
            rtp_ports="21000-21199",
            ring_timeout_s=2,
            max_wait_s=6,
            wrap_up_guard_s=0,
        )
        self.secrets = secrets.ensure(home)
        self.ports = {seat: free_port(socket.SOCK_DGRAM) for seat in ("1001", "1002")}
        self.cel = self.settings.asterisk_dir / "log" / "cel-custom" / "cel.csv"
        self.link = AmiLink(
            "127.0.0.1",
            self.settings.ami_port,
            "engine",
            self.secrets.ami_password("engine"),
            lambda _: None,
            SystemClock(),
        )

    def prepare(self) -> tuple[str, ...]:
        found = installation.find()
        home = self.settings.asterisk_dir
        rendered = render(self.settings, self.secrets, [SeatPhones(SeatId(s)) for s in self.ports], machine.look(found))
        rendered["manager.conf"] += "\n[recorder]\nsecret = recorder\nread = all\nwrite =\nwritetimeout = 10000\n"
        files.write(home / "etc", rendered)
        for folder in ("lib", "spool", "log/cel-custom"):
            (home / folder).mkdir(parents=True, exist_ok=True)
        (self.settings.run_dir / "asterisk").mkdir(parents=True, exist_ok=True)
        hold_music.lay_out(home / "moh", self.settings.prompts_dir, self.settings.languages)
        for language in self.settings.languages:
            spoken = self.settings.prompts_dir / language
            spoken.mkdir(parents=True, exist_ok=True)
            for prompt in PROMPT.findall("".join(rendered.values())):
                (spoken / f"{prompt}.alaw").write_bytes(QUIET)
        for sound in ("caller.alaw", "seat.alaw"):
            (self.settings.home / sound).write_bytes(QUIET * 20)
        return (*found.command, "-f", "-C", str(home / "etc" / "asterisk.conf"))

    async def sipp(self, scenario: str, *options: str) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            *("sipp", f"127.0.0.1:{self.settings.sip_port}", "-sf", str(SCENARIOS / scenario)),
            *("-i", "127.0.0.1", "-mi", "127.0.0.1", "-nostdin", "-aa", "-timeout", "60", *options),
            cwd=self.settings.home,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )

    async def phone(self, seat: str, does: str) -> asyncio.subprocess.Process:
        """Register the seat's desk phone, put it into the queue and let it do what the story says."""
        port, name = str(self.ports[seat]), f"d{seat}"
        secret = self.secrets.phone_password(name)
        registered = await self.sipp("register.xml", "-s", name, "-au", name, "-ap", secret, "-p", port, "-m", "1")
        assert await registered.wait() == 0, f"{name} could not register"
        await self.link.send(QueueAdd(queue="zh", interface=f"PJSIP/{name}", member_name=seat))
        scenario, *values = does.split()
        options = [o for value in values for o in ("-set", value.split("=")[0] + "_ms", value.split("=")[1])]
        return await self.sipp(scenario, "-p", port, "-mp", str(free_port(socket.SOCK_DGRAM)), *options)

    async def clear(self) -> None:
        for member in await self.link.collect(QueueStatus()):
            if member.name == "QueueMember":
                await self.link.send(QueueRemove(queue="zh", interface=member.text("Location")))


@asynccontextmanager
async def asterisk(bench: Bench) -> AsyncIterator[None]:
    process = await asyncio.create_subprocess_exec(
        *bench.prepare(), stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        yield
    finally:
        process.terminate()
        await process.wait()


@asynccontextmanager
async def running(bench: Bench) -> AsyncIterator[None]:
    """An Asterisk, and the bench's link to it."""
    linking = asyncio.create_task(bench.link.run())
    try:
        async with asterisk(bench):
            await until(lambda: bench.link.state is LinkState.READY)
            yield
    finally:
        linking.cancel()


async def until(condition: Any, limit_s: float = 30.0) -> None:
    end = asyncio.get_running_loop().time() + limit_s
    while not condition():
        assert asyncio.get_running_loop().time() < end, "it did not come true in time"
        await asyncio.sleep(0.05)


async def record(bench: Bench, name: str, story: Story) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", bench.settings.ami_port)
    writer.write(b"Action: Login\r\nUsername: recorder\r\nSecret: recorder\r\n\r\n")
    taken = bytearray()

    async def take() -> None:
        while data := await reader.read(1 << 16):
            taken.extend(data)

    taking = asyncio.create_task(take())
    server = FastAgiServer("127.0.0.1", bench.settings.agi_port, menu)
    if story.engine:
        await server.start()
    before = bench.cel.stat().st_size if bench.cel.exists() else 0
    phones = [await bench.phone(seat, does) for seat, does in story.seats]
    calls = bench.settings.home / "calls.csv"
    calls.write_text(f"SEQUENTIAL\n{story.call}\n")
    port, sound = str(free_port(socket.SOCK_DGRAM)), str(free_port(socket.SOCK_DGRAM))
    caller = await bench.sipp("caller.xml", "-s", "12348", "-inf", str(calls), "-m", "1", "-p", port, "-mp", sound)
    status = await caller.wait()
    for _ in range(100):
        if not await bench.link.collect(CoreShowChannels()):
            break
        await asyncio.sleep(0.1)
    await until(lambda: b"LINKEDID_END" in bench.cel.read_bytes()[before:])
    for phone in phones:
        with suppress(ProcessLookupError):
            phone.kill()
        await phone.wait()
    await bench.clear()
    await asyncio.sleep(0.5)  # the last events of this story
    await server.close()
    taking.cancel()
    writer.close()
    wire = bytes(taken).replace(str(bench.settings.home).encode(), b"/srv/callcenter")
    (HERE / f"{name}.ami").write_bytes(wire)
    (HERE / f"{name}.cel.csv").write_bytes(bench.cel.read_bytes()[before:])
    print(f"{name}: SIPp {status}, {len(taken)} bytes")  # noqa: T201


async def main(names: Sequence[str]) -> None:
    home = Path(tempfile.mkdtemp(prefix="traces-"))
    os.chmod(home, 0o700)
    bench = Bench(home)
    try:
        async with running(bench):
            for name in names:
                await record(bench, name, STORIES[name])
    finally:
        print(f"home: {home}" if os.environ.get("KEEP") else "")  # noqa: T201
        if not os.environ.get("KEEP"):
            shutil.rmtree(home)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:] or list(STORIES)))
