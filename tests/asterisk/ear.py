"""A telephone's ear and mouth: the socket to which its sound goes. It says one tone, and tells what it hears.

SIPp speaks SIP for it (`given_to`); its own RTP can be sent but not heard.
"""

import math
import re
import socket
import struct
import threading
import time
from array import array

from tests.asterisk import ports, sound
from tests.asterisk.sipp import Sipp

PACKET = 160
RATE = 8000
PCMA = 8


def _to_linear(code: int) -> int:
    """One sample of A-law (ITU-T G.711)."""
    code ^= 0x55
    exponent, mantissa = (code >> 4) & 7, code & 15
    value = (mantissa << 4) + 8 if exponent == 0 else ((mantissa << 4) + 0x108) << (exponent - 1)
    return value if code & 0x80 else -value


LINEAR = [_to_linear(code) for code in range(256)]
CODES = sorted(range(256), key=lambda code: LINEAR[code])


def _tone(hertz: int) -> bytes:
    """A second, which ends where it began."""
    wave = (9000 * math.sin(2 * math.pi * hertz * n / RATE) for n in range(RATE))
    return bytes(min(CODES, key=lambda code: abs(LINEAR[code] - value)) for value in wave)


class Ear:
    def __init__(self, hertz: int) -> None:
        self.port = ports.block(1)
        self._tone = _tone(hertz)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", self.port))
        self._socket.settimeout(0.02)
        self._heard: list[tuple[float, bytes]] = []
        self._other: tuple[str, int] | None = None
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def given_to(self, phone: Sipp) -> None:
        """Before it starts: its sound goes here, and comes from here."""
        file = phone.folder / "scenario.xml"
        text = file.read_text().replace('<exec rtp_stream="pause"/>', "")
        text = re.sub(r"\[(auto_)?media_port\]", str(self.port), text)
        file.write_text("\n".join(line for line in text.split("\n") if ",-1,8" not in line))

    def hears(self, hertz: int, seconds: float = 1.0) -> float:
        """The part of what comes in the next seconds that is at this frequency, 0-1; 0 for silence."""
        return self.listens(seconds)(hertz)

    def listens(self, seconds: float) -> "Heard":
        began = time.monotonic()
        time.sleep(seconds)
        payload = b"".join(sound_ for at, sound_ in list(self._heard) if at >= began)
        return Heard(array("h", (LINEAR[code] for code in payload)))

    def close(self) -> None:
        self._over.set()
        self._thread.join()
        self._socket.close()
        ports.give_back(self.port, 1)

    def _run(self) -> None:
        number, due = 0, time.monotonic()
        while not self._over.is_set():
            try:
                data, self._other = self._socket.recvfrom(2048)
                if len(data) > 12 and data[1] & 0x7F == PCMA:
                    self._heard.append((time.monotonic(), data[12:]))
            except TimeoutError:
                pass
            while self._other is not None and time.monotonic() >= due:
                at = number * PACKET % RATE
                head = struct.pack("!BBHII", 0x80, PCMA, number & 0xFFFF, number * PACKET, 7)
                self._socket.sendto(head + self._tone[at : at + PACKET], self._other)
                number, due = number + 1, max(due + 0.02, time.monotonic() - 0.2)


class Heard:
    def __init__(self, samples: "array[int]") -> None:
        self.seconds = len(samples) / RATE
        self._samples = samples

    def __call__(self, hertz: int) -> float:
        return sound.share(self._samples, RATE, hertz)
