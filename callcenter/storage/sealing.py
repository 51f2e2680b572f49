"""Short texts encrypted at rest: AES-256-GCM with a nonce of its own for each."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from callcenter.errors import CallCenterError

NONCE_BYTES = 12


class Unreadable(CallCenterError):
    code = "sealed-unreadable"


class Sealer:
    def __init__(self, key: bytes) -> None:
        """`key`: 32 bytes."""
        self._cipher = AESGCM(key)

    def seal(self, text: str, about: str = "") -> bytes:
        """`about` is not in the result, but is needed to open it: a text cannot be moved to another row."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, text.encode(), about.encode())

    def open(self, sealed: bytes, about: str = "") -> str:
        """Raises Unreadable."""
        try:
            return self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], about.encode()).decode()
        except InvalidTag:
            raise Unreadable("what is stored was encrypted with another key; restore secrets.toml") from None
