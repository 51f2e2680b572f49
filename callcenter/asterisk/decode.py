"""AMI event -> our typed event. `decode_channels` and `decode_queues` are the only ones to know Asterisk's headers."""

from collections import Counter

from callcenter.asterisk import decode_channels, decode_queues
from callcenter.asterisk import events as ev
from callcenter.asterisk.decoders import DECODERS
from callcenter.asterisk.headers import Headers
from callcenter.clock import Clock

__all__ = ["DECODERS", "WANTED", "Decoder", "decode_channels", "decode_queues"]

NAMES_KEPT = 500
"""So many unknown event names are counted one by one; a peer that talks rubbish shall not fill the memory."""


class Decoder:
    """Decodes and keeps count of what it could not."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.unknown: Counter[str] = Counter()

    def decode(self, headers: Headers) -> ev.TelephonyEvent | None:
        """The typed event, or None when nobody needs this one. Raises DecodeError when a header is missing or wrong."""
        decoder = DECODERS.get(headers.name)
        if decoder is None:
            if headers.name in self.unknown or len(self.unknown) < NAMES_KEPT:
                self.unknown[headers.name] += 1
            return None
        # FullyBooted after a login and Shutdown carry no Timestamp even with timestampevents=yes.
        at = headers.time("Timestamp") if "Timestamp" in headers.fields else self._clock.now()
        return decoder(headers, at)


WANTED = frozenset(name.encode() for name in DECODERS)
"""Names as they stand in the stream: a message of any other name is thrown away before it is parsed."""
