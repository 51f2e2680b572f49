"""What a menu by the engine costs against the same menu in plain dialplan: CPU per call, and key to next prompt.

    python -m bench.ivr_step [CALLS] [ROUNDS] [CALLS_PER_SECOND]

A flow of five questions and nothing else, measured by `side_by_side`. A caller waits for silence, sends a key by SIP
INFO and takes the time to the first packet of the next prompt; he sends no sound himself. The callers are asyncio tasks
of this program: SIPp cannot tell when a packet of a stream that is already known arrives.
"""

import asyncio
import itertools
import os
import re
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

from bench import side_by_side
from bench.side_by_side import Served
from tests.asterisk.harness import System

STEPS = 5
SILENT_S = 0.12
"""So long without a packet: the prompt is over."""
SILENCE = b"\xd5\x55"
"""A-law's zero. Asterisk goes on sending it while nobody speaks (`transmit_silence`)."""
PROMPT_S = 0.5
LIMIT_S = 40.0
"""Of one call."""

_numbers = itertools.count(1)


def flow() -> str:
    nodes = [
        f'  q{n}: {{menu: tone, keys: {{"1": {f"q{n + 1}" if n < STEPS else "bye"}, "0": person}}, timeout_s: 10, '
        "otherwise: person}"
        for n in range(1, STEPS + 1)
    ]
    return "\n".join(["id: main", "start: q1", "nodes:", *nodes, "  bye: {goodbye: tone}", "  person: {queue: zh}", ""])


@dataclass
class Asked(Served):
    delays: list[float] = field(default_factory=list)
    """Seconds from key to next prompt."""

    def __str__(self) -> str:
        return f"{super().__str__()}; key to prompt p50 {p(self, 50):.2f} ms, p95 {p(self, 95):.2f} ms"


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

    def __init__(self, number: int, sip_port: int, served: Asked) -> None:
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


@contextmanager
def running() -> Iterator[System]:
    """A system whose callers meet the flow of questions, with a tone for every prompt."""
    with side_by_side.meeting(flow(), CALLCENTER_IVR_MAX_DEPTH="10") as system, system:
        side_by_side.sounding(system, ["tone"], PROMPT_S)
        yield system


def serve(system: System, per_second: float, calls: int) -> Asked:
    served = Asked()

    async def crowd() -> None:
        async with asyncio.TaskGroup() as tasks:
            for _ in range(calls):
                tasks.create_task(Caller(next(_numbers), system.settings.sip_port, served).call())
                await asyncio.sleep(1 / per_second)

    asyncio.run(crowd())
    return served


def main(arguments: Sequence[str]) -> None:
    calls, rounds, per_second = (int(it) for it in [*arguments, *("60", "3", "6")[len(arguments) :]])
    with running() as system:
        found = side_by_side.in_turns(system, calls, rounds, partial(serve, system, per_second), system.is_healthy)
    print(f"CPU per call, engine / dialplan: {side_by_side.cpu_ratio(found)}")
    slower = side_by_side.ratio([p(engine, 50) / p(dialplan, 50) for engine, dialplan in found])
    print(f"key to prompt p50, engine / dialplan: {slower}")


def p(served: Asked, percent: int) -> float:
    """Milliseconds."""
    delays = sorted(served.delays) or [0.0]
    return 1000 * delays[min(len(delays) - 1, len(delays) * percent // 100)]


if __name__ == "__main__":
    main(sys.argv[1:])
