"""Passwords: Argon2id with the parameters OWASP names for a web server (19 MiB, two passes, one lane)."""

import secrets
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_AT_ONCE = BoundedSemaphore(2)
"""Hashing is memory and CPU on purpose: a burst of sign-ins must not starve the calls on the same machine."""

_CONSONANTS = "bdfghjklmnprstvz"
_VOWELS = "aeiou"


def hashed(password: str) -> str:
    with _AT_ONCE:
        return _HASHER.hash(password)


def matches(stored: str, password: str) -> bool:
    with _AT_ONCE:
        try:
            return _HASHER.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False


def readable() -> str:
    """A random password that can be read out and typed, e.g. `tokari-melusa-4821` (about 50 bits)."""
    words = ("".join(secrets.choice(_CONSONANTS) + secrets.choice(_VOWELS) for _ in range(3)) for _ in range(2))
    return "-".join([*words, f"{secrets.randbelow(10_000):04d}"])


NOBODY = hashed(secrets.token_urlsafe(32))
"""Checked against when the name is unknown, so that the answer takes as long as for a known one."""
