"""Are the ports free? Asked before anything is started, and answered with the name of who holds one."""

import socket
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from callcenter.config import Settings
from callcenter.errors import CallCenterError

Kind = Literal["tcp", "udp"]
KINDS: tuple[Kind, ...] = ("tcp", "udp")
LISTENING = "0A"
"""State of a TCP socket in /proc/net/tcp."""


class PortTaken(CallCenterError):
    code = "port-taken"


@dataclass(frozen=True, slots=True)
class Port:
    kind: Kind
    host: str
    number: int
    purpose: str
    setting: str
    """Name of the setting that chooses another one."""


def needed(settings: Settings) -> list[Port]:
    turn = [Port(kind, settings.http_host, settings.turn_port, "TURN", "turn_port") for kind in KINDS]
    return [
        Port("tcp", settings.http_host, settings.http_port, "screens", "http_port"),
        Port("udp", settings.sip_host, settings.sip_port, "SIP", "sip_port"),
        Port("tcp", settings.http_host, settings.ws_port, "browsers' phones", "ws_port"),
        Port("tcp", "127.0.0.1", settings.ami_port, "Asterisk's manager interface", "ami_port"),
        Port("tcp", "127.0.0.1", settings.agi_port, "the menus (FastAGI)", "agi_port"),
        *(turn if settings.turn_port else ()),
    ]


def check(ports: Iterable[Port]) -> None:
    """Raise PortTaken that names every port which cannot be had."""
    faults = [fault for fault in map(_fault, ports) if fault]
    if faults:
        raise PortTaken(f"{'; '.join(faults)}. Stop that program or choose other ports.")


def _fault(port: Port) -> str:
    """Empty when the port can be had."""
    kind = socket.SOCK_STREAM if port.kind == "tcp" else socket.SOCK_DGRAM
    family = socket.AF_INET6 if ":" in port.host else socket.AF_INET
    with socket.socket(family, kind) as trial:
        if kind == socket.SOCK_STREAM:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((port.host, port.number))
        except OSError as error:
            who = holder(port.kind, port.number)
            reason = f"is held by {who}" if who else f"at {port.host}: {error.strerror}"
            return (
                f"{port.kind.upper()} port {port.number} ({port.purpose}, CALLCENTER_{port.setting.upper()}) {reason}"
            )
    return ""


def holder(kind: str, number: int) -> str:
    """`command line (process 123)` of the program that holds a local port; empty when the kernel does not tell us."""
    inodes = {
        fields[9]
        for table in (kind, f"{kind}6")
        for fields in _rows(Path("/proc/net") / table)
        if int(fields[1].rpartition(":")[2], 16) == number and (kind == "udp" or fields[3] == LISTENING)
    }
    wanted = {f"socket:[{inode}]" for inode in inodes}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if any(str(link.readlink()) in wanted for link in (process / "fd").iterdir()):
                return f"`{_command(process)}` (process {process.name})"
        except OSError:
            continue
    return ""


def _command(process: Path) -> str:
    words = (process / "cmdline").read_bytes().decode(errors="replace").rstrip("\0").split("\0")
    if words[1:2] == ["--library-path"]:  # started through a loader: what it loads is the program
        words = words[3:]
    return " ".join(words)[:100]


def _rows(table: Path) -> list[list[str]]:
    try:
        return [line.split() for line in table.read_text().splitlines()[1:]]
    except OSError:
        return []
