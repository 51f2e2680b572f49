"""A caller as an asyncio task: INVITE, keys, BYE. SIPp cannot tell when a packet of a known stream arrives.

He sends no sound himself. Keys go by SIP INFO or, as most telephones send them, as RFC 4733 events.
"""

import asyncio
import os
import re
import struct
import time
from abc import ABC, abstractmethod

SILENCE = b"\xd5\x55"
"""A-law's zero. Asterisk goes on sending it while nobody speaks (`transmit_silence`)."""
EVENT_TYPE = 101
"""RTP payload type of telephone events, as offered."""
PACKET_S = 0.02
KEY_PACKETS = 8
"""Of a key's own 160 ms, and three more that end it."""


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


class SipCaller(ABC):
    """One call. `number`: the caller's, digits; together with this process it names the call."""

    remote = "<sip:12348@127.0.0.1>"

    def __init__(self, number: str, sip_port: int) -> None:
        self.number = number
        self.to = ("127.0.0.1", sip_port)
        self.cseq = 0

    async def call(self, limit_s: float) -> bool:
        """Whether the call went as `talk` has it, within the limit."""
        loop = asyncio.get_running_loop()
        self.out, self.sip = await loop.create_datagram_endpoint(lambda: Wire(True), ("127.0.0.1", 0))
        self.sound, self.rtp = await loop.create_datagram_endpoint(lambda: Wire(False), ("127.0.0.1", 0))
        self.here = self.out.get_extra_info("sockname")
        self.id = f"bench{os.getpid()}-{self.number}"
        try:
            async with asyncio.timeout(limit_s):
                await self.invite()
                await self.talk()
        except (TimeoutError, ValueError):
            return False
        finally:
            self.out.close()
            self.sound.close()
        return True

    @abstractmethod
    async def talk(self) -> None:
        """From the answer on."""

    async def invite(self) -> None:
        sdp = (
            "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
            f"m=audio {self.sound.get_extra_info('sockname')[1]} RTP/AVP 8 {EVENT_TYPE}\r\na=rtpmap:8 PCMA/8000\r\n"
            f"a=rtpmap:{EVENT_TYPE} telephone-event/8000\r\na=fmtp:{EVENT_TYPE} 0-15\r\n"
        )
        self.send("INVITE", "application/sdp", sdp)
        answer = await self.final()
        found, media = (
            re.search(r"^To: (.*)$", answer, re.MULTILINE),
            re.search(r"^m=audio (\d+)", answer, re.MULTILINE),
        )
        if not answer.startswith("SIP/2.0 200") or not found or not media:
            raise ValueError(answer.split("\r\n")[0])
        self.remote = found[1].strip()
        self.rtp_to = ("127.0.0.1", int(media[1]))
        self.send("ACK", cseq=self.cseq)

    def info_key(self, key: str) -> None:
        """By SIP INFO; its answer is the next `final`."""
        self.send("INFO", "application/dtmf-relay", f"Signal={key}\r\nDuration=160\r\n")

    async def rtp_key(self, key: str) -> None:
        """As RFC 4733 events: eight packets of one time stamp, and three that end it."""
        event = "0123456789*#".index(key)
        for n in range(1, KEY_PACKETS + 3 + 1):
            first, over = n == 1, n > KEY_PACKETS
            head = struct.pack("!BBHII", 0x80, EVENT_TYPE | 0x80 * first, 1000 + n, 8000, 0x12348)
            load = struct.pack("!BBH", event, 10 | 0x80 * over, 160 * min(n, KEY_PACKETS))
            self.sound.sendto(head + load, self.rtp_to)
            await asyncio.sleep(0 if over else PACKET_S)

    async def hang_up(self) -> None:
        self.send("BYE")
        await self.final()

    async def let_go(self) -> None:
        """The other side's BYE, answered."""
        while not (said := await self.sip.inbox.get()).startswith("BYE"):
            pass
        kept = [line for line in said.split("\r\n") if line.split(":")[0] in ("Via", "From", "To", "Call-ID", "CSeq")]
        self.out.sendto(("\r\n".join(["SIP/2.0 200 OK", *kept, "Content-Length: 0"]) + "\r\n\r\n").encode(), self.to)

    async def final(self) -> str:
        while True:
            said = await self.sip.inbox.get()
            if said.startswith("SIP/2.0") and not said.startswith("SIP/2.0 1"):
                return said

    def send(self, method: str, kind: str = "", body: str = "", cseq: int = 0) -> None:
        self.cseq = cseq or self.cseq + 1
        lines = [
            f"{method} sip:12348@127.0.0.1:{self.to[1]} SIP/2.0",
            f"Via: SIP/2.0/UDP 127.0.0.1:{self.here[1]};rport;branch=z9hG4bK{self.id}{method}{self.cseq}",
            "Max-Forwards: 70",
            f"From: <sip:{self.number}@127.0.0.1>;tag={self.id}",
            f"To: {self.remote}",
            f"Call-ID: {self.id}",
            f"CSeq: {self.cseq} {method}",
            f"Contact: <sip:bench@127.0.0.1:{self.here[1]}>",
            *([f"Content-Type: {kind}"] if kind else []),
            f"Content-Length: {len(body)}",
        ]
        self.out.sendto(("\r\n".join(lines) + "\r\n\r\n" + body).encode(), self.to)
