"""Asterisk: is it there, does it run, does it let the right ones in and nobody else, do its ports answer."""

import http.client
import socket
from collections.abc import Iterator

from callcenter import secrets
from callcenter.asterisk.probe import probe
from callcenter.confgen import installation
from callcenter.config import Settings
from callcenter.doctor.home import START
from callcenter.doctor.model import Result, fail, ok
from callcenter.errors import CallCenterError

LOOPBACK = "127.0.0.1"
USER = "doctor"
PATIENCE_S = 2.0


def program(_settings: Settings) -> Iterator[Result]:
    try:
        found = installation.find()
    except CallCenterError as error:
        yield fail("asterisk-program", error.message, "`make setup`")
        return
    yield ok("asterisk-program", f"version {found.version}: {found.command[-1]}")


def manager(settings: Settings) -> Iterator[Result]:
    """Login, modules and queues; and that a wrong password does not get in."""
    try:
        secret = secrets.read(settings.home).ami_password(USER)
    except CallCenterError as error:
        yield fail("ami", error.message, START)
        return
    found = probe(LOOPBACK, settings.ami_port, USER, secret)
    if not found.login_ok:
        advice = START if not found.reachable else "`callcenter conf render`, then start anew: another home's Asterisk?"
        yield fail("ami", found.problem, advice)
        return
    yield ok("ami", f"Asterisk {found.version or '?'}, running for {found.uptime_s or 0} s")
    yield from _inside(settings, found.missing_modules, found.counts)
    wrong = probe(LOOPBACK, settings.ami_port, USER, "not-" + secret)
    if wrong.login_ok:
        yield fail("ami-wrong-password", "a wrong password is let in", "`callcenter conf render`, then start anew")
    else:
        yield ok("ami-wrong-password", "is refused")


def _inside(settings: Settings, missing: tuple[str, ...], counts: dict[str, int]) -> Iterator[Result]:
    if missing:
        yield fail("asterisk-modules", f"not loaded: {', '.join(missing)}", f"see {settings.asterisk_dir / 'log'}")
    else:
        yield ok("asterisk-modules")
    queues = counts.get("queues")
    if queues is not None and queues < len(settings.languages):
        message = f"{queues} queues, but {len(settings.languages)} lines ({', '.join(settings.languages)})"
        yield fail("queues", message, "`callcenter conf render`, then start anew")
    elif queues is not None:
        yield ok("queues", f"{queues} queues, {counts.get('contacts', 0)} phones registered")


def ports(settings: Settings) -> Iterator[Result]:
    browsers = LOOPBACK if settings.http_host in ("0.0.0.0", "::") else settings.http_host  # noqa: S104
    phones = LOOPBACK if settings.sip_host in ("0.0.0.0", "::") else settings.sip_host  # noqa: S104
    yield _port("sip-port", f"UDP {phones}:{settings.sip_port}", _sip_answers(phones, settings.sip_port))
    yield _port("ws-port", f"TCP {browsers}:{settings.ws_port}", _http_answers(browsers, settings.ws_port))
    yield _port("agi-port", f"TCP {LOOPBACK}:{settings.agi_port}", _accepts(LOOPBACK, settings.agi_port))


def _port(name: str, where: str, problem: str) -> Result:
    return fail(name, f"{where}: {problem}", START) if problem else ok(name, where)


def _sip_answers(host: str, port: int) -> str:
    """Whatever it answers to OPTIONS, it is a SIP port that lives."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.settimeout(PATIENCE_S)
        try:
            line.connect((host, port))
            own, own_port = line.getsockname()[:2]
            line.send(
                f"OPTIONS sip:{host}:{port} SIP/2.0\r\n"
                f"Via: SIP/2.0/UDP {own}:{own_port};branch=z9hG4bK-doctor-{own_port}\r\n"
                f"From: <sip:doctor@{own}>;tag={own_port}\r\nTo: <sip:{host}>\r\n"
                f"Call-ID: doctor-{own_port}@{own}\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\n"
                f"Contact: <sip:doctor@{own}:{own_port}>\r\nContent-Length: 0\r\n\r\n".encode()
            )
            answer = line.recv(4096)
        except OSError as error:
            return f"no answer ({error})"
    return "" if answer.startswith(b"SIP/2.0 ") else "something that is no SIP answers"


def _http_answers(host: str, port: int) -> str:
    connection = http.client.HTTPConnection(host, port, timeout=PATIENCE_S)
    try:
        connection.request("GET", "/ws")
        connection.getresponse()
    except (OSError, http.client.HTTPException) as error:
        return f"no answer ({error})"
    finally:
        connection.close()
    return ""


def _accepts(host: str, port: int) -> str:
    try:
        with socket.create_connection((host, port), timeout=PATIENCE_S):
            return ""
    except OSError as error:
        return f"no answer ({error})"
