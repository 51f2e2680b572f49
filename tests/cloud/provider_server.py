"""The provider's REST interface as the real one answers: account and token, pages, a message behind a redirect."""

import base64
import io
import json
import threading
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

ACCOUNT = "AC" + "0" * 31 + "7"
TOKEN = "12345"


def message(seconds: float = 3.0) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(2 * int(8000 * seconds)))
    return out.getvalue()


@dataclass
class Stored:
    sid: str
    number: str
    began: str
    ended: str | None
    addresses: list[str] = field(default_factory=list)
    recordings: dict[str, bytes] = field(default_factory=dict)


class TheProvider:
    def __init__(self) -> None:
        self.calls: list[Stored] = []
        self.broken = 0
        """So many requests are answered with 503."""
        self.asked: list[str] = []
        self.refused: list[str] = []
        self.tokens_at_storage: list[str] = []
        self.address = ""

    def answer(self, path: str, query: dict[str, list[str]]) -> tuple[int, bytes, dict[str, str]]:
        root = f"/2010-04-01/Accounts/{ACCOUNT}"
        if self.broken:
            self.broken -= 1
            return 503, b"{}", {}
        if path == f"{root}/Calls.json":
            return self._page(path, "calls", [self._call(it) for it in self.calls], query)
        for call in self.calls:
            if path == f"{root}/Calls/{call.sid}.json":
                return 200, json.dumps(self._call(call)).encode(), {}
            if path == f"{root}/Calls/{call.sid}/Events.json":
                events = [{"request": {"url": it, "method": "GET", "parameters": {}}} for it in call.addresses]
                return self._page(path, "events", events, query)
            if path == f"{root}/Calls/{call.sid}/Recordings.json":
                found = [{"sid": sid, "duration": str(self._seconds(data))} for sid, data in call.recordings.items()]
                return self._page(path, "recordings", found, query)
            for sid, data in call.recordings.items():
                if path == f"{root}/Recordings/{sid}.wav":
                    return 307, b"", {"Location": f"{self.address.replace('127.0.0.1', 'localhost')}/storage/{sid}"}
                if path == f"/storage/{sid}":
                    return 200, data, {"Content-Type": "audio/x-wav"}
        return 404, b'{"code": 20404}', {}

    @staticmethod
    def _seconds(data: bytes) -> int:
        with wave.open(io.BytesIO(data)) as file:
            return file.getnframes() // file.getframerate()

    @staticmethod
    def _call(call: Stored) -> dict[str, str | None]:
        return {"sid": call.sid, "from": call.number, "start_time": call.began, "end_time": call.ended}

    @staticmethod
    def _page(path: str, name: str, all_: list[dict[str, object]], query: dict[str, list[str]]):  # type: ignore[no-untyped-def]
        """Two to a page, whatever is asked for: whoever reads only the first page is found out."""
        page = int(query.get("Page", ["0"])[0])
        following = f"{path}?Page={page + 1}" if len(all_) > 2 * page + 2 else None
        body = {name: all_[2 * page : 2 * page + 2], "page": page, "next_page_uri": following}
        return 200, json.dumps(body).encode(), {}


@contextmanager
def provider() -> Iterator[TheProvider]:
    the = TheProvider()
    right = "Basic " + base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            given = self.headers.get("Authorization", "")
            if parts.path.startswith("/storage/"):
                the.tokens_at_storage.append(given)
            elif given != right:
                the.refused.append(self.path)
                self._send(401, b'{"code": 20003}', {})
                return
            the.asked.append(self.path)
            self._send(*the.answer(parts.path, parse_qs(parts.query)))

        def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_words: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    the.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield the
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
