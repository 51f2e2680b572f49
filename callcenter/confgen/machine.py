"""What the configuration needs to know of this machine: its addresses, and what its Asterisk can load."""

import array
import fcntl
import ipaddress
import socket
import struct
from dataclasses import dataclass
from pathlib import Path

from callcenter.confgen.installation import Installation

SIOCGIFCONF = 0x8912
REQUEST_BYTES = 40
"""sizeof(struct ifreq) on 64-bit Linux."""


@dataclass(frozen=True, slots=True)
class Machine:
    version: int
    modules: Path
    data: Path
    present: frozenset[str]
    """Names of the modules this Asterisk has, without `.so`."""
    addresses: tuple[str, ...]
    """IPv4 addresses, the loopback left out."""

    def has(self, module: str) -> bool:
        return module in self.present


def look(installation: Installation) -> Machine:
    return Machine(
        version=installation.version,
        modules=installation.modules,
        data=installation.data,
        present=frozenset(path.stem for path in installation.modules.glob("*.so")),
        addresses=own_addresses(),
    )


def own_addresses() -> tuple[str, ...]:
    """Every IPv4 address of the interfaces that are up, the loopback left out, in the kernel's order."""
    room = array.array("B", bytes(REQUEST_BYTES * 256))
    pointer, _ = room.buffer_info()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        answer = fcntl.ioctl(any_socket.fileno(), SIOCGIFCONF, struct.pack("iL", len(room), pointer))
    used = struct.unpack("iL", answer)[0]
    found = (room[at + 20 : at + 24].tobytes() for at in range(0, used, REQUEST_BYTES))
    addresses = (ipaddress.IPv4Address(raw) for raw in found)
    return tuple(dict.fromkeys(str(address) for address in addresses if not address.is_loopback))


def loopback(host: str) -> str | None:
    """The address itself when `host` is a loopback one: media must then stay on it. None: any address will do."""
    name = "127.0.0.1" if host == "localhost" else host
    try:
        return name if ipaddress.ip_address(name).is_loopback else None
    except ValueError:
        return None
