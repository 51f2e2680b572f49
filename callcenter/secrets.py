"""Secrets of one home: made at first start, kept in `secrets.toml` (mode 0600), without any default.

`derive` gives every phone and every AMI user a password of its own from one key, so that none is stored twice.
"""

import base64
import hashlib
import hmac
import os
import secrets
import tomllib
from dataclasses import MISSING, dataclass, fields
from pathlib import Path

from callcenter.errors import CallCenterError

FILE = "secrets.toml"


class SecretsMissing(CallCenterError):
    code = "secrets-missing"


@dataclass(frozen=True, repr=False)
class Secrets:
    """Keys as 64 hex digits (256 bit)."""

    phone_key: str
    ami_key: str
    number_key: str
    """Encrypts callers' numbers at rest."""
    number_hash_key: str
    """Makes the search hash of a number, so that a number can be found without being readable."""
    cloud_token: str = ""
    """The provider's own, put in by the operator: auth token of the number in the cloud."""
    message_secret: str = ""
    """The message gateway's, put in by the operator: Twilio's auth token, or what the carrier gave out to sign with."""

    def phone_password(self, endpoint: str) -> str:
        return derive(self.phone_key, endpoint)

    def ami_password(self, user: str) -> str:
        return derive(self.ami_key, user)

    def factor_key(self) -> bytes:
        """Encrypts second factors at rest. Not the numbers' key itself: what leaks of one does not open the other."""
        return hmac.new(bytes.fromhex(self.number_key), b"second factor", hashlib.sha256).digest()

    def turn_key(self) -> str:
        """Signs what a browser shows the TURN server; both know it."""
        return derive(self.phone_key, "turn server")

    def webhook_key(self) -> str:
        """Signs messages to the site's webhook; `callcenter alarms key` shows it to the operator."""
        return derive(self.ami_key, "alarm webhook")


MADE = tuple(f for f in fields(Secrets) if f.default is MISSING)
"""Those that we make ourselves at first start."""


def derive(key: str, name: str) -> str:
    """A password of 32 letters and digits that only the holder of `key` can know for `name`."""
    digest = hmac.new(bytes.fromhex(key), name.encode(), hashlib.sha256).digest()
    return base64.b32encode(digest[:20]).decode().lower()


def ensure(home: Path) -> Secrets:
    """Read the secrets of this home; make them if it has none yet."""
    path = home / FILE
    if not path.exists():
        home.mkdir(parents=True, exist_ok=True)
        lines = "".join(f'{f.name} = "{secrets.token_hex(32)}"\n' for f in MADE)
        partial = path.with_suffix(f".{os.getpid()}.new")
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write("# Made at first start. Keep it: callers' numbers cannot be read without it.\n" + lines)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(partial, path)  # unlike rename, never replaces the secrets another process just made
        except FileExistsError:
            pass
        finally:
            partial.unlink()
    return read(home)


def read(home: Path) -> Secrets:
    path = home / FILE
    try:
        values = tomllib.loads(path.read_text())
    except FileNotFoundError:
        raise SecretsMissing(f"{path} is missing. `make run` makes it at first start.") from None
    except tomllib.TOMLDecodeError as error:
        raise SecretsMissing(f"{path} cannot be read: {error}. Restore it from the backup.") from None
    given = {f.name: str(values[f.name]) for f in fields(Secrets) if f not in MADE and f.name in values}
    try:
        return Secrets(**{f.name: values[f.name] for f in MADE}, **given)
    except KeyError as error:
        raise SecretsMissing(f"{path} lacks {error}. Restore it from the backup.") from None
