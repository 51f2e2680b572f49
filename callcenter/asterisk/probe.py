"""One question to Asterisk, asked by a short-lived blocking client: for the doctor and the command line.

asterisk-ami is good for this and for no more. Fenced off here: its reader dies at the first quiet 3 s and prints a
traceback when the peer is not Asterisk, its send may leave half a message, its disconnect waits out a timeout, and
it does not gather lists. So: a fresh client for each probe, one deadline for everything, items counted by us.
"""

import contextlib
import socket
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from asterisk.ami import Action as AmiAction
from asterisk.ami import AMIClient, LoginAction

from callcenter.asterisk.actions import UnsafeValue, safe

NEEDED_MODULES = (
    "chan_pjsip",
    "res_pjsip_authenticator_digest",  # without it a wrong password registers
    "app_queue",
    "app_mixmonitor",
    "res_agi",
    "cel_custom",
)
LISTS = {
    "QueueSummary": ("QueueSummary", "queues"),
    "PJSIPShowEndpoints": ("EndpointList", "endpoints"),
    "PJSIPShowContacts": ("ContactList", "contacts"),
    "CoreShowChannels": ("CoreShowChannel", "channels"),
}
"""Action -> the event of one item, and what it is counted as."""


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """`None` and a missing count: not known, because an earlier step failed or this AMI user may not ask."""

    reachable: bool = False
    login_ok: bool = False
    problem: str = ""
    """Why it went no further, one sentence; empty when all is well."""
    version: str | None = None
    """Asterisk's, e.g. `22.10.1`."""
    uptime_s: int | None = None
    counts: dict[str, int] = field(default_factory=dict)
    """`queues`, `endpoints`, `contacts` (registered phones), `channels`."""
    missing_modules: tuple[str, ...] = ()


def probe(
    host: str,
    port: int,
    user: str,
    secret: str,
    *,
    limit_s: float = 5.0,
    modules: Sequence[str] = NEEDED_MODULES,
) -> ProbeResult:
    """Log in, ask, leave; at most `limit_s` seconds in all. Never raises for what Asterisk does or fails to do."""
    try:
        safe("the AMI user", user)
        safe("the AMI secret", secret)
    except UnsafeValue as error:
        return ProbeResult(problem=error.message)
    client = _Client(host, port, limit_s)
    try:
        client.connect()
    except OSError as error:
        return ProbeResult(problem=f"nothing answers at {host}:{port}: {error}")
    try:
        login = client.ask(LoginAction(user, secret))
        if login is None:
            return ProbeResult(
                reachable=True, problem=f"{host}:{port} does not answer a login: no Asterisk, or it hangs"
            )
        if login.is_error():
            return ProbeResult(
                reachable=True, problem=f"login of {user} refused: wrong secret, or not from this address"
            )
        return _questions(client, modules)
    except OSError as error:
        return ProbeResult(reachable=True, problem=f"the connection to {host}:{port} broke: {error}")
    finally:
        client.leave()


def reload(host: str, port: int, user: str, secret: str, module: str, *, limit_s: float = 5.0) -> bool:
    """Have one module read its configuration and open its files anew. False: Asterisk does not answer, or refuses.

    This AMI user needs the write class `system`.
    """
    client = _Client(host, port, limit_s)
    try:
        client.connect()
    except OSError:
        return False
    try:
        login = client.ask(LoginAction(user, secret))
        if login is None or login.is_error():
            return False
        answer = client.ask(AmiAction("Reload", {"Module": module}))
        return answer is not None and not answer.is_error()
    except OSError:
        return False
    finally:
        client.leave()


def _questions(client: "_Client", modules: Sequence[str]) -> ProbeResult:
    settings = client.ask(AmiAction("CoreSettings"))
    status = client.ask(AmiAction("CoreStatus"))
    if settings is None or status is None:
        return ProbeResult(reachable=True, login_ok=True, problem="Asterisk took the login and then fell silent")
    checks = {module: client.ask(AmiAction("ModuleCheck", {"Module": module})) for module in modules}
    counts = {name: client.count(action, item) for action, (item, name) in LISTS.items()}
    return ProbeResult(
        reachable=True,
        login_ok=True,
        version=settings.keys.get("AsteriskVersion", "").partition("~")[0] or None,
        uptime_s=_uptime(status.keys.get("CoreStartupDate", ""), status.keys.get("CoreStartupTime", "")),
        counts={name: count for name, count in counts.items() if count is not None},
        missing_modules=tuple(module for module, answer in checks.items() if answer is not None and answer.is_error()),
    )


class _Client(AMIClient):  # type: ignore[misc]
    def __init__(self, host: str, port: int, limit_s: float) -> None:
        super().__init__(address=host, port=port, timeout=limit_s)
        self._end = time.monotonic() + limit_s
        self._items: Counter[str] = Counter()
        self._changed = threading.Condition()
        self.add_event_listener(self._on_event)

    def listen(self) -> None:
        """The reader thread. Whatever ends it, ends quietly: a question without an answer tells the same."""
        with contextlib.suppress(Exception):
            super().listen()

    def send(self, pack: Any) -> None:
        self._socket.sendall(f"{pack}\r\n".encode())

    def ask(self, action: Any) -> Any:
        """The response, or None when there is none in time."""
        answers: list[Any] = []

        def answered(response: Any) -> None:
            with self._changed:
                answers.append(response)
                self._changed.notify_all()

        self.send_action(action, callback=answered)
        with self._changed:
            self._changed.wait_for(lambda: answers, self._remaining())
        return answers[0] if answers else None

    def count(self, action: str, item: str) -> int | None:
        """Items of a list reply. None: not allowed, or no end in time."""
        response = self.ask(AmiAction(action))
        if response is None:
            return None
        if response.is_error():
            none = response.keys.get("Message", "").lower().startswith("no ")
            return 0 if none else None
        with self._changed:
            done = self._changed.wait_for(lambda: self._items[f"end of {item}"], self._remaining())
        return self._items[item] if done else None

    def leave(self) -> None:
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)  # wakes the reader; a mere close would not
        self.disconnect()

    def _on_event(self, event: Any, source: Any) -> None:
        with self._changed:
            self._items[event.name] += 1
            if event.keys.get("EventList", "").lower() == "complete":
                for item, _ in LISTS.values():
                    if event.name in (f"{item}Complete", f"{item}sComplete"):
                        self._items[f"end of {item}"] += 1
            self._changed.notify_all()

    def _remaining(self) -> float:
        return max(0.0, self._end - time.monotonic())


def _uptime(date: str, clock: str) -> int | None:
    """Asterisk tells its start in local time without a zone; it runs on this machine."""
    try:
        started = time.mktime(time.strptime(f"{date} {clock}", "%Y-%m-%d %H:%M:%S"))
    except (ValueError, OverflowError):
        return None
    return max(0, int(time.time() - started))
