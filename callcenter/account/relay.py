"""What a browser shows the TURN server: a name that is good for a while, signed with a key both know.

The form is that of coturn's `use-auth-secret` (draft-uberti-behave-turn-rest): `<end in epoch seconds>:<user>`, and the
HMAC-SHA1 of that name.
"""

import base64
import hashlib
import hmac
from datetime import datetime, timedelta

from callcenter.account.schemas import IceServer
from callcenter.config import Settings
from callcenter.secrets import Secrets

GOOD_FOR = timedelta(days=7)
"""A console may stay open over a weekend. It opens nothing but the way to this machine's Asterisk."""


def relays_for(user: str, host: str, settings: Settings, secrets: Secrets, now: datetime) -> list[IceServer]:
    """By UDP and by TCP to `host`; nothing where no TURN server was asked for."""
    if not settings.turn_port:
        return []
    name = f"{int((now + GOOD_FOR).timestamp())}:{user}"
    # SHA-1 is the protocol's: coturn knows no other here.
    signed = hmac.new(secrets.turn_key().encode(), name.encode(), hashlib.sha1).digest()
    at = f"[{host}]:{settings.turn_port}" if ":" in host else f"{host}:{settings.turn_port}"
    urls = [f"turn:{at}?transport={transport}" for transport in ("udp", "tcp")]
    return [IceServer(urls=urls, username=name, credential=base64.b64encode(signed).decode())]
