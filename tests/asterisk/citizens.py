"""The telephones of citizens who are called back: one SIPp behind the gateway, whatever number is dialled."""

from pathlib import Path

from tests.asterisk.sipp import LIMIT_S, Sipp
from tests.given import until


class Citizens(Sipp):
    """`then`: answer or reject, after `ring_s` (None: it rings until the hotline gives up). `key`: empty for none."""

    def __init__(
        self,
        folder: Path,
        sip_port: int,
        port: int,
        *,
        then: str = "answer",
        ring_s: float | None = 0.3,
        key: str = "1",
        key_s: float = 1.0,
        talk_s: float = LIMIT_S,
    ) -> None:
        super().__init__(
            folder, "citizen", sip_port,
            "-aa",
            port=port, calls=60,
            ring_ms=round(1000 * (LIMIT_S if ring_s is None else ring_s)), then=then,
            press="press" if key else "listen", key=key, key_ms=round(1000 * key_s), talk_ms=round(1000 * talk_s),
        )  # fmt: skip

    def times(self, word: str, number: str) -> int:
        """How often its log says this of a number."""
        return self.count(f"{word} {number}")

    def until(self, word: str, number: str, times: int = 1, within: float = 30.0) -> None:
        until(
            lambda: self.times(word, number) >= times,
            within=within,
            saying=lambda: f"{number} is not `{word}` {times} times: {self.said()} {self.errors()}",
        )


def rung_twice(said: list[tuple[str, str]]) -> list[str]:
    """Numbers whose telephone rang again before the call before was over, by the order of the log."""
    under_way: dict[str, str] = {}
    twice = []
    for words, call in said:
        word, _, number = words.rpartition(" ")
        if word == "ringing":
            if number in under_way:
                twice.append(number)
            under_way[number] = call
        elif word in ("cancelled", "rejected", "let go", "hung up") and under_way.get(number) == call:
            del under_way[number]
    return twice
