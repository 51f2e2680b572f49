"""Callers and desk phones: SIPp programs that do what a test tells them, when it tells them."""

import itertools
import re
import signal
import socket
import subprocess
import uuid
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.asterisk import ports, sound
from tests.given import until

SCENARIOS = Path(__file__).parent / "sipp"
LIMIT_S = 3600
"""No SIPp outlives this, whatever a test forgets."""
SOUND = re.compile(r'<exec rtp_stream="[^"]*"/>')

_numbers = itertools.count(1)


class Sipp:
    """One SIPp program in a folder of its own. Without `sounds` it sends no RTP: many calls then cost little."""

    def __init__(
        self,
        folder: Path,
        scenario: str,
        sip_port: int,
        *options: object,
        port: int = 0,
        calls: int = 1,
        sounds: bool = True,
        **filled_in: object,
    ) -> None:
        self.folder = folder / f"{scenario}-{next(_numbers)}"
        self.folder.mkdir(parents=True)
        sound.put_into(self.folder, folder / "sounds")
        text = (SCENARIOS / f"{scenario}.xml").read_text()
        for name, value in filled_in.items():
            text = text.replace(f"@{name.upper()}@", str(value))
        if not sounds:
            text = SOUND.sub("", text)
        (self.folder / "scenario.xml").write_text(text)
        self.port = port or ports.block(1)
        self._media_ports = 4 * min(calls, 250) if sounds else 4  # SIPp takes the next ones for each further call
        self._media = ports.block(self._media_ports)
        self.told = self.folder / "told.log"
        self._command = [
            *("sipp", f"127.0.0.1:{sip_port}", "-sf", "scenario.xml", "-i", "127.0.0.1"),
            *("-p", self.port, "-mi", "127.0.0.1", "-mp", self._media, "-nostdin", "-timeout", LIMIT_S),
            *("-watchdog_interval", 0),  # it ends a SIPp that was held up too often: here other work holds it up
            *("-trace_logs", "-log_file", self.told, "-trace_err", "-error_file", self.folder / "errors.log"),
            *options,
        ]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> Self:
        with (self.folder / "screen.log").open("wb") as screen:
            self._process = subprocess.Popen(
                [str(word) for word in self._command], cwd=self.folder, stdout=screen, stderr=screen
            )
        return self

    def wait(self, within: float = 30.0) -> int:
        """SIPp's exit status: 0 all calls went as written, 1 one did not, more: SIPp itself failed."""
        assert self._process is not None
        try:
            return self._process.wait(within)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"SIPp still runs after {within:g} s: {self.said()} {self.errors()}") from None

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def kill(self) -> None:
        """Vanish: no BYE, no farewell."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def fall_silent(self) -> None:
        """As if its cable were pulled: nothing is heard of it until it wakes."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def wake(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def close(self) -> None:
        self.kill()
        ports.give_back(self._media, self._media_ports)

    def said(self) -> list[tuple[str, str]]:
        """What its log says so far: (word, Call-ID)."""
        if not self.told.exists():
            return []
        return [(word, call) for word, _, call in (line.rpartition(" ") for line in self.told.read_text().splitlines())]

    def count(self, word: str) -> int:
        return sum(1 for said, _ in self.said() if said == word)

    def errors(self) -> str:
        file = self.folder / "errors.log"
        return file.read_text(errors="replace")[-3000:] if file.exists() else ""

    def order(self, call_id: str, deed: str) -> None:
        mark = uuid.uuid4().hex
        here = f"127.0.0.1:{self.port}"
        lines = [
            f"MESSAGE sip:told@{here} SIP/2.0",
            f"Via: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bK{mark}",
            f"From: <sip:test@127.0.0.1>;tag={mark}",
            f"To: <sip:told@{here}>",
            f"Call-ID: {call_id}",
            "CSeq: 1 MESSAGE",
            f"Do: {deed}",
            "Content-Length: 0",
        ]
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
            out.sendto(("\r\n".join(lines) + "\r\n\r\n").encode(), ("127.0.0.1", self.port))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Caller(Sipp):
    """A citizen with one call. Sends a tone of 440 Hz all the time, or the keys `tones` as tones: then his telephone
    knows no RFC 4733."""

    def __init__(
        self, folder: Path, sip_port: int, number: str = "13900000001", dialled: str = "12348", tones: str = ""
    ) -> None:
        self.call_id = f"c{uuid.uuid4().hex}"
        who = ("anonymous", "anonymous.invalid", "id") if not number else (number, "127.0.0.1", "none")
        super().__init__(
            folder, "caller-led", sip_port,
            "-s", dialled, "-m", 1, "-cid_str", self.call_id,
            "-key", "number", who[0], "-key", "host", who[1], "-key", "privacy", who[2],
        )  # fmt: skip
        if tones:
            sound.keys_as_tones(self.folder / "caller.alaw", tones)
            text = (self.folder / "scenario.xml").read_text().replace("RTP/AVP 8 0 96", "RTP/AVP 8 0")
            lines = [line for line in text.split("\n") if not line.startswith(("a=rtpmap:96", "a=fmtp:96"))]
            (self.folder / "scenario.xml").write_text("\n".join(lines))

    def dial(self, within: float = 15.0) -> Self:
        """Dial, and wait until the hotline has answered."""
        self.start()
        until(lambda: ("answered", self.call_id) in self.said(), within=within, saying=self._silent)
        return self

    def press(self, key: str, way: str = "rtp") -> None:
        """`rtp`: RFC 4733; `info`: SIP INFO. Returns when the key is let go."""
        before = self.count("pressed")
        self.order(self.call_id, f"{way} {key}")
        until(lambda: self.count("pressed") > before or not self.is_connected, saying=f"key {key} is not sent")

    def hang_up(self) -> None:
        self.order(self.call_id, "bye")
        assert self.wait(15) == 0, f"the hang-up went wrong: {self.errors()}"

    def wait_for_goodbye(self, within: float = 60.0) -> None:
        """Until the hotline hangs up."""
        assert self.wait(within) == 0, f"the call went wrong: {self.errors()}"
        assert ("let go", self.call_id) in self.said()

    @property
    def is_connected(self) -> bool:
        said = self.said()
        return self.running and ("answered", self.call_id) in said and ("let go", self.call_id) not in said

    def _silent(self) -> str:
        return f"the hotline does not answer: {self.errors()}"


class Crowd(Sipp):
    """Many callers of one kind: press a key after a while (or none), stay, hang up unless the hotline did so first."""

    def __init__(
        self,
        folder: Path,
        sip_port: int,
        numbers: Sequence[str],
        per_second: float,
        *,
        key: str = "",
        key_after_s: float = 0,
        stays_s: float = 0,
        sounds: bool = True,
    ) -> None:
        super().__init__(
            folder, "crowd", sip_port,
            "-s", "12348", "-m", len(numbers), "-r", 1, "-rp", round(1000 / per_second), "-l", len(numbers),
            "-inf", "numbers.csv",
            calls=len(numbers), sounds=sounds, key=key, press="press" if key else "wait",
            key_after_ms=max(1, round(1000 * key_after_s)), stays_ms=max(1, round(1000 * stays_s)),
        )  # fmt: skip
        (self.folder / "numbers.csv").write_text("\n".join(["SEQUENTIAL", *numbers]) + "\n")


class SippSeat(Sipp):
    """A seat's desk phone. Sends a tone of 1000 Hz while it talks.

    `ring_s` None: answers only when told. `talk_s` None: hangs up only when told.
    """

    def __init__(
        self,
        folder: Path,
        sip_port: int,
        phone: dict[str, str],
        ring_s: float | None = 0.3,
        talk_s: float | None = None,
        sounds: bool = True,
    ) -> None:
        self.user, self._password = phone["user"], phone["password"]
        self._sip_port, self._base = sip_port, folder
        super().__init__(
            folder, "seat-led", sip_port,
            "-aa",
            calls=100, sounds=sounds, ring_ms=_ms(ring_s), talk_ms=_ms(talk_s),
        )  # fmt: skip

    def start(self) -> Self:
        self.register()
        super().start()
        until(self._listens, within=10, saying=f"the phone {self.user} does not start: {self.errors()}")
        return self

    def register(self, scenario: str = "register") -> None:
        """The registration must come from the port on which the phone will be called, before it listens there."""
        options = ("-s", self.user, "-au", self.user, "-ap", self._password, "-m", 1, "-aa")
        with Sipp(self._base, scenario, self._sip_port, *options, port=self.port) as registration:
            assert registration.start().wait(15) == 0, f"{self.user} cannot {scenario}: {registration.errors()}"

    def go_away(self) -> None:
        """Stop, and say so to Asterisk."""
        self.kill()
        self.register("unregister")

    def rings(self, within: float = 10.0) -> str:
        """Wait until it rings for a call that it was not told about yet; its Call-ID."""
        return until(self.ringing_call, within=within, saying=f"the phone {self.user} does not ring")

    def talks(self, within: float = 10.0) -> str:
        return until(self.talking_call, within=within, saying=f"the phone {self.user} is not in a talk")

    def answer(self) -> None:
        self._do(self.rings(), "answer", "talking")

    def reject(self) -> None:
        self._do(self.rings(), "reject", "rejected")

    def hang_up(self) -> None:
        self._do(self.talks(), "bye", "hung up")

    def _do(self, call_id: str, deed: str, done: str) -> None:
        self.order(call_id, deed)
        until(lambda: (done, call_id) in self.said(), saying=f"the phone {self.user} does not {deed}: {self.errors()}")

    def ringing_call(self) -> str | None:
        """Call-ID of the call that rings now."""
        return self._last("ringing", "cancelled", "rejected", "talking")

    def talking_call(self) -> str | None:
        """Call-ID of the talk that goes on now."""
        return self._last("talking", "let go", "hung up")

    def _last(self, word: str, *ends: str) -> str | None:
        """Call-ID of the last call of which `word` was said and none of `ends`."""
        said = self.said()
        over = {call for what, call in said if what in ends}
        return next((call for what, call in reversed(said) if what == word and call not in over), None)

    def _listens(self) -> bool:
        assert self.running, f"the phone {self.user} ended: {self.errors()}"
        wanted = f":{self.port:04X}"
        with open("/proc/net/udp") as table:
            return any(line.split()[1].endswith(wanted) for line in list(table)[1:])


def _ms(seconds: float | None) -> int:
    """None: only when told, which means later than any test ends."""
    return LIMIT_S * 1000 if seconds is None else max(1, round(seconds * 1000))
