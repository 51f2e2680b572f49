"""The recogniser's socket, as the engine uses it: one line of JSON there, one back."""

import asyncio
import json
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

ANSWER_MAX = 4_096


class RecogniserAway(Exception):
    """Nothing listens, or it fell over meanwhile."""


@dataclass(frozen=True, slots=True)
class Understood:
    word: str
    """One of the words asked for; empty: none of them."""
    silent: bool = False
    """Nothing was said at all."""


class Recogniser(Protocol):
    async def ready(self) -> bool:
        """Raises RecogniserAway."""
        ...

    async def understand(self, wav: Path, words: Sequence[str]) -> Understood:
        """Raises RecogniserAway."""
        ...


def answers(socket_path: Path, within_s: float) -> bool:
    """Whether a recogniser is there, for who may wait for it. Never raises."""
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(within_s)
        try:
            line.connect(str(socket_path))
            line.sendall(b'{"ask": "ready"}\n')
            return bool(json.loads(line.recv(ANSWER_MAX)).get("ready"))
        except (OSError, ValueError, AttributeError):
            return False


class SocketRecogniser:
    """One connection a question: a recogniser that was started anew is found at once."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def ready(self) -> bool:
        return bool((await self._ask({"ask": "ready"})).get("ready"))

    async def understand(self, wav: Path, words: Sequence[str]) -> Understood:
        answer = await self._ask({"ask": "understand", "wav": str(wav), "words": list(words)})
        if "word" not in answer:
            raise RecogniserAway(str(answer.get("error", "no answer")))
        return Understood(str(answer["word"]), bool(answer.get("silent")))

    async def _ask(self, question: dict[str, Any]) -> dict[str, Any]:
        try:
            reader, writer = await asyncio.open_unix_connection(self._path)
        except OSError as error:
            raise RecogniserAway(str(error)) from error
        try:
            writer.write(json.dumps(question, ensure_ascii=False).encode() + b"\n")
            line = await reader.readline()
            return dict(json.loads(line)) if line else {}
        except (OSError, ValueError) as error:
            raise RecogniserAway(str(error)) from error
        finally:
            writer.close()
