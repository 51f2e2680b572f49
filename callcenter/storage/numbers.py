"""Callers' numbers: encrypted at rest, found by a keyed hash, masked wherever a person or a log reads them."""

import hashlib
import hmac
from functools import lru_cache

from callcenter.errors import CallCenterError
from callcenter.secrets import Secrets
from callcenter.storage.sealing import Sealer, Unreadable

KEPT = 256
"""So many numbers of calls in progress need no second encryption."""


class NumberUnreadable(CallCenterError):
    code = "number-unreadable"


def mask(number: str) -> str:
    """`13812342346` -> `138****2346`. Short numbers keep only their last two digits; empty stays empty."""
    if len(number) >= 8:
        return f"{number[:3]}****{number[-4:]}"
    if len(number) > 2:
        return "*" * (len(number) - 2) + number[-2:]
    return number


class NumberVault:
    def __init__(self, secrets: Secrets) -> None:
        self._sealer = Sealer(bytes.fromhex(secrets.number_key))
        self._hash_key = bytes.fromhex(secrets.number_hash_key)
        # a call's row is written ten times and more; the keyed hash beside it tells equal numbers anyway
        self._sealed = lru_cache(KEPT)(self._sealer.seal)
        self._hashed = lru_cache(KEPT)(self._search_hash)

    def seal(self, number: str) -> bytes | None:
        return self._sealed(number) if number else None

    def open(self, sealed: bytes | None) -> str:
        if not sealed:
            return ""
        try:
            return self._sealer.open(sealed)
        except Unreadable:
            raise NumberUnreadable("a caller's number was encrypted with another key; restore secrets.toml") from None

    def search_hash(self, number: str) -> str | None:
        return self._hashed(number) if number else None

    def _search_hash(self, number: str) -> str:
        return hmac.new(self._hash_key, number.encode(), hashlib.sha256).hexdigest()
