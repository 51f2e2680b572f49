"""The api behind a real port, for WebSockets; and an engine's pen for its events."""

import contextlib
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx
import uvicorn
from redis import Redis
from websockets.sync.client import ClientConnection, connect

from callcenter.api.app import create_app
from callcenter.api.deps import Api
from callcenter.bus import names
from callcenter.call.rows import to_values
from callcenter.call.state import evolve
from callcenter.engine.repository import EngineRepository
from callcenter.engine.step import Step
from callcenter.ids import NodeName
from callcenter.storage.event_log import to_values as event_values
from tests.given import until
from tests.site import PASSWORD

NODE = NodeName("a")


@dataclass
class Screen:
    """An open live feed, folded as a browser does."""

    socket: ClientConnection
    seq: int = -1
    state: dict[str, Any] = field(default_factory=dict)
    kinds: list[str] = field(default_factory=list)

    def read(self, within: float = 8) -> dict[str, Any]:
        message: dict[str, Any] = json.loads(self.socket.recv(timeout=within))
        self.kinds.append(message["type"])
        if message["type"] == "snapshot":
            self.state = message["state"]
        elif message["type"] == "beat":
            assert message["seq"] == self.seq
        else:
            assert message["seq"] == self.seq + 1
            self._fold(message["patch"])
        self.seq = message["seq"]
        return message

    def until(self, look: Any, within: float = 10) -> Any:
        """Read on until `look(state)` is true."""
        return until(lambda: look(self.state) or (self.read() and look(self.state)), within)

    def _fold(self, patch: dict[str, Any]) -> None:
        for part in ("figures", "engine"):
            if part in patch:
                self.state[part] = patch[part]
        for part in ("calls", "seats", "lines"):
            for id_, entity in patch.get(part, {}).items():
                if entity is None:
                    self.state[part].pop(id_, None)
                else:
                    self.state[part][id_] = entity


class Served:
    def __init__(self, api: Api, url: str) -> None:
        self.api = api
        self.url = url
        self._open = contextlib.ExitStack()

    def sign_in(self, name: str) -> httpx.Client:
        client = self._open.enter_context(httpx.Client(base_url=self.url))
        answer = client.post("/api/sign-in", json={"username": name, "password": PASSWORD})
        client.headers["X-CSRF-Token"] = answer.json()["csrf"]
        return client

    def connect(self, client: httpx.Client | None, **more: Any) -> ClientConnection:
        cookies = "; ".join(f"{k}={v}" for k, v in client.cookies.items()) if client else ""
        address = self.url.replace("http", "ws") + "/api/live"
        return self._open.enter_context(connect(address, additional_headers={"Cookie": cookies}, **more))

    def screen(self, name: str = "supervisor") -> Screen:
        screen = Screen(self.connect(self.sign_in(name)))
        screen.read()
        return screen

    def close(self) -> None:
        self._open.close()


@contextlib.contextmanager
def serving(api: Api) -> Iterator[Served]:
    settings = api.settings
    config = uvicorn.Config(
        create_app(api), host="127.0.0.1", port=settings.http_port, log_config=None, ws="websockets-sansio"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    until(lambda: server.started, saying="the api did not start")
    served = Served(api, f"http://127.0.0.1:{settings.http_port}")
    try:
        yield served
    finally:
        served.close()
        server.should_exit = True
        thread.join(10)
        assert not thread.is_alive(), "the api did not stop"


class Pen:
    """Writes and publishes events as the engine does."""

    def __init__(self, api: Api, redis: Redis) -> None:
        self._api = api
        self._redis = redis
        self._steps = 0
        self.records: dict[str, Any] = {}

    def happens(self, *events: Any, publish: bool = True) -> None:
        step = Step(number=self._steps + 1, events=[event_values(event) for event in events])
        for event in events:
            record = evolve(self.records.get(event.call), event)
            self.records[event.call] = record
            step.calls.append(to_values(record, NODE, self._api.vault))
        self._steps += 1
        with self._api.database.begin() as session:
            envelopes = EngineRepository(session, NODE).write([step], datetime.fromisoformat("2026-11-22T06:00:00Z"))
        with self._redis.pipeline(transaction=True) as pipe:
            for envelope in envelopes if publish else ():
                pipe.xadd(names.EVENTS, {"e": envelope.to_json()}, id=f"{envelope.seq}-0")
            pipe.execute()

    def beats(self, **more: Any) -> None:
        beat = {"at": "2026-11-22T06:00:00+00:00", "asterisk": True} | more
        self._redis.set(names.HEARTBEAT.format(node=NODE), json.dumps(beat), ex=60)

    def falls_silent(self) -> None:
        self._redis.delete(names.HEARTBEAT.format(node=NODE))
