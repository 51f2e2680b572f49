"""Signing in, staying signed in, signing out."""

import hashlib
import secrets
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from callcenter.account import passwords
from callcenter.account.model import Person
from callcenter.account.repository import Audit, People, SignIns, as_person
from callcenter.account.table import SessionRow
from callcenter.clock import Clock
from callcenter.errors import CallCenterError, NotSignedIn
from callcenter.storage.database import Database

IDLE = timedelta(minutes=30)
"""Without a request or an open live screen for so long, the sign-in ends (GB/T 22239-2019 8.1.4: time-out)."""
EXTEND_EVERY = timedelta(minutes=1)
"""The end is moved at most so often: reading a page must not write to the database each time."""
WRONG_PASSWORDS = 5
LOCKED_FOR = timedelta(minutes=5)
STRANGERS_KEPT = 10_000


class WrongPassword(CallCenterError):
    code = "wrong-password"
    status = 401


class SignInLocked(CallCenterError):
    code = "sign-in-locked"
    status = 429


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """A person and the sign-in he acts in."""

    person: Person
    token_hash: str
    csrf: str


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


class Strangers:
    """Counts wrong passwords of names that do not exist, so that being locked out does not tell which do."""

    def __init__(self) -> None:
        self._names: OrderedDict[str, tuple[int, datetime | None]] = OrderedDict()
        self._lock = Lock()

    def locked_until(self, name: str) -> datetime | None:
        with self._lock:
            return self._names.get(name, (0, None))[1]

    def failed(self, name: str, now: datetime) -> None:
        with self._lock:
            count, until = self._names.pop(name, (0, None))
            self._names[name] = after_failure(0 if until and until <= now else count, now)
            while len(self._names) > STRANGERS_KEPT:
                self._names.popitem(last=False)


def after_failure(count: int, now: datetime) -> tuple[int, datetime | None]:
    """One more wrong password: the new count, and the end of the lock when that was one too many."""
    return (0, now + LOCKED_FOR) if count + 1 >= WRONG_PASSWORDS else (count + 1, None)


class Accounts:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._strangers = Strangers()

    def sign_in(self, name: str, password: str) -> tuple[str, SignedIn]:
        """The new token (for the cookie; only its hash is kept) and who it stands for.

        Raises WrongPassword, SignInLocked.
        """
        with self._database.read() as session:
            known = People(session).get(name)
            stored = known.password if known and known.active else passwords.NOBODY
        right = passwords.matches(stored, password) and stored is not passwords.NOBODY
        now = self._clock.now()
        with self._database.begin() as session:
            person, audit = People(session).get(name), Audit(session)
            locked = person.locked_until if person else self._strangers.locked_until(name)
            if locked and locked > now:
                audit.add(now, name, "sign-in-locked")
            elif not right or person is None or not person.active:
                if person is None:
                    self._strangers.failed(name, now)
                else:
                    person.failed, person.locked_until = after_failure(person.failed, now)
                audit.add(now, name, "sign-in-failed")
                locked = None
            else:
                person.failed, person.locked_until = 0, None
                token = secrets.token_urlsafe(32)
                row = SessionRow(
                    token_hash=digest(token),
                    person=person.id,
                    csrf=secrets.token_urlsafe(24),
                    created_at=now,
                    expires_at=now + IDLE,
                )
                SignIns(session).remove_expired(now)
                SignIns(session).add(row)
                audit.add(now, name, "sign-in")
                return token, SignedIn(person=as_person(person), token_hash=row.token_hash, csrf=row.csrf)
        if locked and locked > now:
            minutes = -(-(locked - now) // timedelta(minutes=1))
            raise SignInLocked(f"too many wrong passwords; try again in {minutes} min", minutes=minutes)
        raise WrongPassword("name or password is wrong")

    def who(self, token: str | None) -> SignedIn:
        """Whose token that is; using it keeps the sign-in alive. Raises NotSignedIn."""
        if not token:
            raise NotSignedIn("please sign in")
        return self.still(digest(token))

    def still(self, token_hash: str) -> SignedIn:
        now = self._clock.now()
        with self._database.read() as session:
            found = SignIns(session).get(token_hash)
        if found is None or found[0].expires_at <= now or not found[1].active:
            raise NotSignedIn("the sign-in has ended; please sign in again")
        row, person = found
        if row.expires_at - now < IDLE - EXTEND_EVERY:
            with self._database.begin() as session:
                SignIns(session).extend(token_hash, now + IDLE)
        return SignedIn(person=as_person(person), token_hash=row.token_hash, csrf=row.csrf)

    def sign_out(self, who: SignedIn) -> None:
        with self._database.begin() as session:
            SignIns(session).remove(who.token_hash)
            Audit(session).add(self._clock.now(), who.person.id, "sign-out")
