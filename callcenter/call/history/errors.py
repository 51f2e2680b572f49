"""Faults of a file, by line: all of them are counted, the first ones kept."""

from callcenter.errors import BadInput

KEPT = 10_000
"""Enough to correct a file by; a wholly wrong one of a million lines must not fill the memory."""


class HistoryRefused(BadInput):
    """Nothing was imported."""

    code = "history-refused"

    def __init__(self, lines: list[str], more: int) -> None:
        super().__init__(f"{len(lines) + more} faults in the call history", lines=lines, more=more)
        self.lines = lines
        """`line N: column: reason`, in the order of lines and columns."""
        self.more = more
        """Faults beyond these."""


class Faults:
    def __init__(self) -> None:
        self._lines: list[str] = []
        self.count = 0

    def add(self, line: int, column: str, reason: str) -> None:
        self.count += 1
        if len(self._lines) < KEPT:
            self._lines.append(f"line {line}: {column}: {reason}")

    def refusal(self) -> HistoryRefused:
        return HistoryRefused(self._lines, self.count - len(self._lines))


def whole_file(reason: str) -> HistoryRefused:
    """A fault that leaves no line readable (rule 30)."""
    return HistoryRefused([f"line 1: -: {reason}"], 0)
