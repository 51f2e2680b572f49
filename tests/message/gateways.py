"""Gateways as the real ones answer: Twilio's REST interface, and a carrier's of the usual kind."""

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from tests.site import START

ACCOUNT = "AC" + "0" * 31 + "9"
TOKEN = "a-token-of-twilio"
SENDER = "+8610123456789"
SECRET = "a-secret-of-the-carrier"


@dataclass
class Heard:
    """What the gateway took, by number."""

    address: str = ""
    taken: list[dict[str, str]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    lose_answers: int = 0
    """So many answers are lost after the message was taken."""
    lose_questions: int = 0
    """So many connections break before anything was taken."""
    status: int = 0
    """Answered instead; 0: as it should be."""
    now: datetime = START
    """By its clock."""
    hold: threading.Event = field(default_factory=threading.Event)
    """Cleared: what comes in is held here, and nothing answered."""
    held: int = 0

    def __post_init__(self) -> None:
        self.hold.set()

    def numbers(self) -> list[str]:
        return [it["To"] for it in self.taken]


class _Handler(BaseHTTPRequestHandler):
    heard: Heard

    def form(self) -> dict[str, list[str]]:
        return parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode(), keep_blank_values=True)

    def send(self, status: int, body: object) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        with suppress(BrokenPipeError):  # who asked may have been killed
            self.wfile.write(data)

    def broken(self) -> bool:
        if self.heard.lose_questions:
            self.heard.lose_questions -= 1
            self.connection.close()
            return True
        return False

    def lost(self) -> bool:
        if self.heard.lose_answers:
            self.heard.lose_answers -= 1
            self.connection.close()
            return True
        return False

    def log_message(self, *_words: object) -> None:
        pass


class _Twilio(_Handler):
    """POST makes a message, GET lists those to a number, the newest first. Basic auth, E.164, a form."""

    def _who(self) -> bool:
        right = "Basic " + base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
        if self.headers.get("Authorization") != right:
            self.heard.refused.append(self.path)
            self.send(401, {"code": 20003, "message": "Authenticate", "status": 401})
            return False
        return True

    def do_POST(self) -> None:
        form = {name: values[0] for name, values in self.form().items()}
        if self.broken() or not self._who():
            return
        heard = self.heard
        if heard.status:
            self.send(heard.status, {"code": 21610, "message": "no", "status": heard.status})
            return
        wrong = self._wrong(form)
        if wrong:
            heard.refused.append(wrong)
            self.send(400, {"code": 21211, "message": wrong, "status": 400})
            return
        form["sid"] = f"SM{len(heard.taken):032x}"
        heard.taken.append(form)
        if not self.lost():
            self.send(201, self._shown(form))

    def do_GET(self) -> None:
        if not self._who():
            return
        query = parse_qs(urlsplit(self.path).query)
        found = [it for it in reversed(self.heard.taken) if it["To"] == query["To"][0]]
        self.send(200, {"messages": [self._shown(it) for it in found], "next_page_uri": None, "page": 0})

    def _wrong(self, form: dict[str, str]) -> str:
        if urlsplit(self.path).path != f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json":
            return "path"
        if self.headers.get("Content-Type") != "application/x-www-form-urlencoded":
            return "content type"
        if not form.get("To", "").startswith("+86") or len(form["To"]) != 14:
            return "To"
        return "" if form.get("From") == SENDER and form.get("Body") else "From or Body"

    def _shown(self, form: dict[str, str]) -> dict[str, object]:
        now = self.heard.now
        return {
            "sid": form["sid"],
            "to": form["To"],
            "from": form["From"],
            "body": form["Body"],
            "num_segments": "2",
            "status": "queued",
            "date_created": format_datetime(now),
        }


class _Carrier(_Handler):
    """JSON with a signature; takes what is signed rightly."""

    def do_POST(self) -> None:
        told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.broken():
            return
        if not self.heard.hold.is_set():
            self.heard.held += 1
            self.heard.hold.wait(60)
        if self.heard.status:
            self.send(self.heard.status, {})
            return
        of = f"{told['account']}{SECRET}{told['timestamp']}".encode()
        if told["sign"] != hashlib.md5(of, usedforsecurity=False).hexdigest().upper():
            self.heard.refused.append("sign")
            self.send(200, {"code": "1001"})
            return
        self.heard.taken.append({"To": told["mobile"], **told})
        if not self.lost():
            self.send(200, {"code": "0", "data": {"msgid": f"C{len(self.heard.taken)}"}})


@contextmanager
def _served(kind: type[_Handler]) -> Iterator[Heard]:
    heard = Heard()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (kind,), {"heard": heard}))
    heard.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield heard
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def twilio():  # type: ignore[no-untyped-def]
    return _served(_Twilio)


def carrier():  # type: ignore[no-untyped-def]
    return _served(_Carrier)
