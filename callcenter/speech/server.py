"""The recogniser's process: answers on a socket of the home, one line of JSON a question."""

import asyncio
import json
import logging
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from callcenter.errors import CallCenterError
from callcenter.speech.hearing import Hearing

log = logging.getLogger(__name__)

ASKED_WITHIN_S = 5
"""The question is one line, and its asker is on this machine."""


class SpeechServer:
    """One utterance after the other: two at once on one core would both come too late."""

    def __init__(self, hearing: Hearing, socket: Path) -> None:
        self._hearing = hearing
        self._socket = socket
        self._thread = ThreadPoolExecutor(1)

    async def serve(self) -> None:
        """Until cancelled."""
        self._socket.parent.mkdir(parents=True, exist_ok=True)
        self._socket.unlink(missing_ok=True)
        server = await asyncio.start_unix_server(self._answer, self._socket)
        self._socket.chmod(0o600)
        async with server:
            await server.serve_forever()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(ASKED_WITHIN_S):
                line = await reader.readline()
            loop = asyncio.get_running_loop()
            answer = await loop.run_in_executor(self._thread, self._of, line)
            writer.write(json.dumps(answer, ensure_ascii=False).encode() + b"\n")
            await writer.drain()
        except (OSError, TimeoutError) as error:
            log.warning("speech.no_answer reason=%s", type(error).__name__)
        finally:
            writer.close()

    def _of(self, line: bytes) -> dict[str, Any]:
        try:
            question = json.loads(line)
            match question["ask"]:
                case "ready":
                    return {"ready": True}
                case "understand":
                    heard = self._hearing.understand(Path(question["wav"]), [str(it) for it in question["words"]])
                    return {"word": heard.word, "silent": heard.silent}
            return {"error": "unknown question"}
        except CallCenterError as problem:
            log.error("speech.failed reason=%s", problem.message)
            return {"error": problem.message}
        except (ValueError, KeyError, TypeError) as problem:
            return {"error": f"a question that cannot be read ({type(problem).__name__})"}
