"""What a menu by the engine costs against the same menu in plain dialplan: CPU per call, and key to next prompt.

    python -m bench.ivr_step [CALLS] [ROUNDS] [CALLS_PER_SECOND]

A system of its own runs a flow of five questions. Each round serves CALLS calls with the engine and as many without
it (then Asterisk runs the dialplan compiled from the same file), in changing order; ratios are taken inside a round.
CPU is that of Asterisk and, with it, of the engine, from /proc. A caller waits for silence, sends a key by SIP INFO and
takes the time to the first packet of the next prompt; he sends no sound himself. The callers are asyncio tasks of this
program: SIPp cannot tell when a packet of a stream that is already known arrives.
"""

import asyncio
import os
import re
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from callcenter.config import CHECKOUT
from tests.asterisk.harness import System
from tests.given import until

STEPS = 5
WARM = 20
"""Calls before those that are measured: an engine has just started in every round, as it does once in months."""
SILENT_S = 0.12
"""So long without a packet: the prompt is over."""
SILENCE = b"\xd5\x55"
"""A-law's zero. Asterisk goes on sending it while nobody speaks (`transmit_silence`)."""
PROMPT = b"\x35\xb5" * 2000
"""Half a second of sound from its first sample on: a prompt as built begins with 0.1 s of silence."""
LIMIT_S = 40.0
"""Of one call."""


def flow() -> str:
    nodes = [
        f'  q{n}: {{menu: tone, keys: {{"1": {f"q{n + 1}" if n < STEPS else "bye"}, "0": person}}, timeout_s: 10, '
        "otherwise: person}"
        for n in range(1, STEPS + 1)
    ]
    return "\n".join(["id: main", "start: q1", "nodes:", *nodes, "  bye: {goodbye: tone}", "  person: {queue: zh}", ""])


@dataclass
class Served:
    done: int = 0
    failed: int = 0
    delays: list[float] = field(default_factory=list)
    """Seconds from key to next prompt."""
    asterisk: float = 0.0
    engine: float = 0.0
    """CPU seconds."""

    @property
    def per_call(self) -> float:
        return 1000 * (self.asterisk + self.engine) / max(1, self.done)


class Wire(asyncio.DatagramProtocol):
    """One UDP socket; packets go into `inbox` (SIP) or, when they carry sound, leave their time (RTP)."""

    def __init__(self, keep: bool) -> None:
        self.keep = keep
        self.inbox: asyncio.Queue[str] = asyncio.Queue()
        self.last = 0.0
        self.came = asyncio.Event()

    def datagram_received(self, data: bytes, _addr: object) -> None:
        if self.keep:
            self.inbox.put_nowait(data.decode(errors="replace"))
        elif any(sample not in SILENCE for sample in data[12:]):
            self.last = time.perf_counter()
            self.came.set()


class Caller:
    """One call: INVITE, five keys by INFO, and the hotline's BYE."""

    def __init__(self, number: int, sip_port: int, served: Served) -> None:
        self.number = number
        self.to = ("127.0.0.1", sip_port)
        self.served = served
        self.cseq = 0

    async def call(self) -> None:
        loop = asyncio.get_running_loop()
        out, self.sip = await loop.create_datagram_endpoint(lambda: Wire(True), ("127.0.0.1", 0))
        sound, self.rtp = await loop.create_datagram_endpoint(lambda: Wire(False), ("127.0.0.1", 0))
        self.out = out
        self.here = out.get_extra_info("sockname")
        self.id = f"bench{os.getpid()}-{self.number}"
        try:
            async with asyncio.timeout(LIMIT_S):
                await self._talk(sound.get_extra_info("sockname")[1])
            self.served.done += 1
        except (TimeoutError, ValueError):
            self.served.failed += 1
        finally:
            out.close()
            sound.close()

    async def _talk(self, rtp_port: int) -> None:
        sdp = (
            "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
            f"m=audio {rtp_port} RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n"
        )
        self._send("INVITE", "application/sdp", sdp)
        answer = await self._final()
        found = re.search(r"^To: (.*)$", answer, re.MULTILINE)
        if not answer.startswith("SIP/2.0 200") or not found:
            raise ValueError(answer.split("\r\n")[0])
        self.remote = found[1].strip()
        self._send("ACK", cseq=self.cseq)
        for _ in range(STEPS):
            await self._silence()
            self.rtp.came.clear()
            begin = time.perf_counter()
            self._send("INFO", "application/dtmf-relay", "Signal=1\r\nDuration=160\r\n")
            await self.rtp.came.wait()
            self.served.delays.append(self.rtp.last - begin)
            await self._final()
        while not (said := await self.sip.inbox.get()).startswith("BYE"):
            pass
        kept = [line for line in said.split("\r\n") if line.split(":")[0] in ("Via", "From", "To", "Call-ID", "CSeq")]
        self.out.sendto(("\r\n".join(["SIP/2.0 200 OK", *kept, "Content-Length: 0"]) + "\r\n\r\n").encode(), self.to)

    async def _silence(self) -> None:
        """Until a prompt has been heard and is over."""
        await self.rtp.came.wait()
        left = SILENT_S
        while left > 0:
            await asyncio.sleep(left)
            left = self.rtp.last + SILENT_S - time.perf_counter()

    async def _final(self) -> str:
        while True:
            said = await self.sip.inbox.get()
            if said.startswith("SIP/2.0") and not said.startswith("SIP/2.0 1"):
                return said

    remote = "<sip:12348@127.0.0.1>"

    def _send(self, method: str, kind: str = "", body: str = "", cseq: int = 0) -> None:
        self.cseq = cseq or self.cseq + 1
        lines = [
            f"{method} sip:12348@127.0.0.1:{self.to[1]} SIP/2.0",
            f"Via: SIP/2.0/UDP 127.0.0.1:{self.here[1]};rport;branch=z9hG4bK{self.id}{method}{self.cseq}",
            "Max-Forwards: 70",
            f"From: <sip:139{self.number % 10**8:08d}@127.0.0.1>;tag={self.id}",
            f"To: {self.remote}",
            f"Call-ID: {self.id}",
            f"CSeq: {self.cseq} {method}",
            f"Contact: <sip:bench@127.0.0.1:{self.here[1]}>",
            *([f"Content-Type: {kind}"] if kind else []),
            f"Content-Length: {len(body)}",
        ]
        self.out.sendto(("\r\n".join(lines) + "\r\n\r\n" + body).encode(), self.to)


def spent(pid: int) -> float:
    """CPU seconds of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def serve(system: System, calls: int, per_second: float, engine: int, first: int) -> Served:
    """`engine`: its process id, 0 when it is not there."""
    served, asterisk = Served(), system.part("asterisk")
    before = spent(asterisk), spent(engine) if engine else 0.0

    async def crowd() -> None:
        async with asyncio.TaskGroup() as tasks:
            for number in range(calls):
                tasks.create_task(Caller(first + number, system.settings.sip_port, served).call())
                await asyncio.sleep(1 / per_second)

    asyncio.run(crowd())
    served.asterisk = spent(asterisk) - before[0]
    served.engine = (spent(engine) if engine else 0.0) - before[1]
    return served


@contextmanager
def running() -> Iterator[System]:
    """A system whose callers meet the flow of questions, with a tone for every prompt."""
    home = Path(tempfile.mkdtemp(prefix="ivr-step-"))
    flows = home / "flows"
    shutil.copytree(CHECKOUT / "ivr_flows", flows, ignore=shutil.ignore_patterns("main*.yaml"))
    (flows / "main.yaml").write_text(flow())
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, home, ignore_errors=True)
        system = System(home / "home", CALLCENTER_FLOWS_DIR=str(flows), CALLCENTER_IVR_MAX_DEPTH="10")
        stack.enter_context(system)
        (system.settings.prompts_dir / "zh" / "tone.alaw").write_bytes(PROMPT)
        (system.settings.prompts_dir / "zh" / "tone.sln16").unlink()
        yield system


def main(arguments: Sequence[str]) -> None:
    calls, rounds, per_second = (int(it) for it in [*arguments, *("60", "3", "6")[len(arguments) :]])
    found: list[tuple[Served, Served]] = []
    with running() as system:
        for number in range(rounds):
            measured = {}
            for with_engine in (True, False) if number % 2 else (False, True):
                first = 1000 * (2 * number + with_engine + 1)
                with nullcontext() if with_engine else system.held_down("engine"):
                    if with_engine:
                        until(system.is_healthy, within=60)
                    engine = system.part("engine") if with_engine else 0
                    serve(system, WARM, per_second, engine, first)
                    measured[with_engine] = serve(system, calls, per_second, engine, first + WARM)
            found.append((measured[True], measured[False]))
            show(number + 1, *found[-1])
    print(f"CPU per call, engine / dialplan: {ratio([a.per_call / b.per_call for a, b in found])}")
    print(f"key to prompt p50, engine / dialplan: {ratio([p(a, 50) / p(b, 50) for a, b in found])}")


def show(number: int, engine: Served, dialplan: Served) -> None:
    for name, it in (("engine", engine), ("dialplan", dialplan)):
        print(
            f"round {number} {name:8}: {it.done} calls, {it.failed} failed; CPU {it.per_call:.1f} ms a call (Asterisk "
            f"{1000 * it.asterisk / max(1, it.done):.1f}, engine {1000 * it.engine / max(1, it.done):.1f}); "
            f"key to prompt p50 {p(it, 50):.2f} ms, p95 {p(it, 95):.2f} ms",
            flush=True,
        )


def p(served: Served, percent: int) -> float:
    """Milliseconds."""
    delays = sorted(served.delays) or [0.0]
    return 1000 * delays[min(len(delays) - 1, len(delays) * percent // 100)]


def ratio(values: Sequence[float]) -> str:
    return f"{statistics.median(values):.2f} ({min(values):.2f}-{max(values):.2f})"


if __name__ == "__main__":
    main(sys.argv[1:])
