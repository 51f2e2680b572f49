"""Are the ports free? Asked before anything is started, and answered with the name of who holds one."""

import socket
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from callcenter.config import Settings
from callcenter.errors import CallCenterError


class PortTaken(CallCenterError):
    code = "port-taken"


@dataclass(frozen=True, slots=True)
class Port:
    kind: Literal["tcp", "udp"]
    host: str
    number: int
    purpose: str
    setting: str
    """Name of the setting that chooses another one."""


def needed(settings: Settings) -> list[Port]:
    return [
        Port("tcp", settings.http_host, settings.http_port, "screens", "http_port"),
        Port("udp", settings.sip_host, settings.sip_port, "SIP", "sip_port"),
        Port("tcp", settings.http_host, settings.ws_port, "browsers' phones", "ws_port"),
        Port("tcp", "127.0.0.1", settings.ami_port, "Asterisk's manager interface", "ami_port"),
        Port("tcp", "127.0.0.1", settings.agi_port, "the menus (FastAGI)", "agi_port"),
    ]


def check(ports: Iterable[Port]) -> None:
    """Raise PortTaken that names every port which cannot be had."""
    faults = [
        f"{port.kind.upper()} port {port.number} ({port.purpose}) {why}" for port in ports if (why := _fault(port))
    ]
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
            reason = (
                f"is held by {who}" if (who := holder(port.kind, port.number)) else f"at {port.host}: {error.strerror}"
            )
            other = f"CALLCENTER_{port.setting.upper()}"
            return f"{port.kind.upper()} port {port.number} ({port.purpose}, {other}) {reason}"
    return ""


def holder(kind: str, number: int) -> str:
    """`name (process 123)` of the program that holds a local port; empty when the kernel does not tell us."""
    inodes = {
        fields[9]
        for table in (kind, f"{kind}6")
        for fields in _rows(Path("/proc/net") / table)
        if int(fields[1].rpartition(":")[2], 16) == number and (kind == "udp" or fields[3] == "0A")
    }
    wanted = {f"socket:[{inode}]" for inode in inodes}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if any(str(link.readlink()) in wanted for link in (process / "fd").iterdir()):
                return f"{(process / 'comm').read_text().strip()} (process {process.name})"
        except OSError:
            continue
    return ""


def _rows(table: Path) -> list[list[str]]:
    try:
        return [line.split() for line in table.read_text().splitlines()[1:]]
    except OSError:
        return []
