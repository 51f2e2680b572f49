"""The second factor: time-based one-time passwords (RFC 6238) of an app on the person's telephone, by pyotp.

A code is taken once: the time step of the last one is kept with the person (RFC 6238, 5.2).
"""

import hashlib
import hmac
import secrets
from datetime import datetime

import pyotp
import segno
from pyotp.utils import strings_equal

from callcenter.account.table import PersonRow
from callcenter.secrets import Secrets
from callcenter.storage.sealing import Sealer

STEP_S = 30
WINDOW = (0, -1, 1)
"""Steps that a telephone's clock may be off."""
RECOVERY_CODES = 8
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without those that look alike."""
HALF = 5
"""Letters on each side of a recovery code's dash: 50 bits together."""


class SecondFactor:
    def __init__(self, own: Secrets, issuer: str) -> None:
        """`issuer`: what the app shows beside the person's name."""
        key = own.factor_key()
        self._sealer = Sealer(key)
        self._hash_key = key
        self._issuer = issuer

    def offer(self, person: PersonRow) -> tuple[str, str, str]:
        """A new secret for the person, in force once it is confirmed: (secret, address for the app, QR code as SVG)."""
        secret = pyotp.random_base32()
        person.factor_new = self._sealer.seal(secret, person.id)
        uri = pyotp.TOTP(secret).provisioning_uri(name=person.id, issuer_name=self._issuer)
        return secret, uri, segno.make(uri, error="m").svg_data_uri(scale=5, border=2, light="white")

    def confirm(self, person: PersonRow, code: str, now: datetime) -> list[str] | None:
        """The recovery codes, to be shown once; None: the code is not one of the secret that was offered."""
        if person.factor_new is None:
            return None
        step = self._step(person.factor_new, person.id, code, now, after=0)
        if step is None:
            return None
        codes = [_recovery_code() for _ in range(RECOVERY_CODES)]
        person.factor, person.factor_new, person.factor_step = person.factor_new, None, step
        person.recovery = [self._hash(code) for code in codes]
        return codes

    def takes(self, person: PersonRow, code: str, now: datetime) -> bool:
        """Whether this code lets the person in; it does not a second time."""
        if person.factor is None:
            return False
        step = self._step(person.factor, person.id, code, now, after=person.factor_step)
        if step is not None:
            person.factor_step = step
            return True
        hashed = self._hash(code)
        if hashed not in person.recovery:
            return False
        person.recovery = [kept for kept in person.recovery if kept != hashed]
        return True

    def forget(self, person: PersonRow) -> None:
        person.factor = person.factor_new = None
        person.factor_step, person.recovery = 0, []

    def _step(self, sealed: bytes, person: str, code: str, now: datetime, after: int) -> int | None:
        totp = pyotp.TOTP(self._sealer.open(sealed, person), interval=STEP_S)
        present = int(now.timestamp()) // STEP_S
        given = "".join(code.split())
        for step in (present + off for off in WINDOW):
            if step > after and strings_equal(given, totp.generate_otp(step)):
                return step
        return None

    def _hash(self, code: str) -> str:
        plain = code.replace("-", "").replace(" ", "").upper()
        return hmac.new(self._hash_key, plain.encode(), hashlib.sha256).hexdigest()


def _recovery_code() -> str:
    letters = "".join(secrets.choice(ALPHABET) for _ in range(2 * HALF))
    return f"{letters[:HALF]}-{letters[HALF:]}"
