"""One message to the site's webhook: signed, to the configured address only, and never on to another one."""

import hashlib
import hmac
import http.client
import ssl
from urllib.parse import urlsplit

TIMEOUT_S = 10.0
ANSWER_MAX = 4_096


class NotTaken(Exception):
    """The message did not arrive; the words say why and hold nothing of the address but its host."""


def signature(key: str, timestamp: str, body: bytes) -> str:
    """`sha256=…` over `<timestamp>.<body>`: neither can be changed, an old one cannot be sent again unnoticed."""
    return "sha256=" + hmac.new(key.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def send(url: str, key: str, delivery: str, timestamp: str, body: bytes) -> None:
    """POST. Raises NotTaken for anything but an answer of 2xx; a redirect is such a thing."""
    parts = urlsplit(url)
    host, path = parts.hostname or "", (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection: http.client.HTTPConnection
    if parts.scheme == "https":
        connection = http.client.HTTPSConnection(
            host, parts.port, timeout=TIMEOUT_S, context=ssl.create_default_context()
        )
    else:
        connection = http.client.HTTPConnection(host, parts.port, timeout=TIMEOUT_S)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "callcenter",
        "X-Callcenter-Delivery": delivery,
        "X-Callcenter-Timestamp": timestamp,
        "X-Callcenter-Signature": signature(key, timestamp, body),
    }
    try:
        connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        answer.read(ANSWER_MAX)
    except (OSError, http.client.HTTPException) as error:
        raise NotTaken(f"{host}: {type(error).__name__} {error}".strip()) from error
    finally:
        connection.close()
    if not 200 <= answer.status < 300:
        raise NotTaken(f"{host}: answered {answer.status}")
