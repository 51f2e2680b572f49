"""Signing in, staying signed in, signing out."""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from callcenter.account import passwords
from callcenter.account.lock_out import Strangers, after_failure
from callcenter.account.model import Licence, Person, Role, Step
from callcenter.account.repository import Audit, People, SignIns, as_person, licence_of
from callcenter.account.second_factor import SecondFactor
from callcenter.account.table import PersonRow, SessionRow
from callcenter.clock import Clock
from callcenter.config import Settings
from callcenter.errors import CallCenterError, NotAllowed, NotSignedIn
from callcenter.storage.database import Database

EXTEND_EVERY = timedelta(minutes=1)
"""The end is moved at most so often: reading a page must not write to the database each time."""
ON_SHIFT = frozenset({Role.SEAT, Role.SUPERVISOR, Role.MANAGER})
"""Their open live screen counts as use: nobody is thrown out of a quiet shift."""


class WrongPassword(CallCenterError):
    code = "wrong-password"
    status = 401


class CodeNeeded(CallCenterError):
    code = "code-needed"
    status = 401


class WrongCode(CallCenterError):
    code = "wrong-code"
    status = 401


class OneTimeExpired(CallCenterError):
    code = "one-time-expired"
    status = 401


class SignInLocked(CallCenterError):
    code = "sign-in-locked"
    status = 429


class SetupNeeded(NotAllowed):
    code = "setup-needed"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """A person and the sign-in he acts in."""

    person: Person
    token_hash: str
    csrf: str
    steps: tuple[Step, ...] = ()
    """To be taken before anything else."""
    licence: Licence
    has_factor: bool

    def check_whole(self) -> None:
        """Raises SetupNeeded."""
        if self.steps:
            raise SetupNeeded("first finish what the sign-in asks for", steps=[str(step) for step in self.steps])


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


class Accounts:
    def __init__(self, settings: Settings, database: Database, clock: Clock, factor: SecondFactor) -> None:
        self._settings = settings
        self._database = database
        self._clock = clock
        self._factor = factor
        self._strangers = Strangers()

    def sign_in(self, name: str, password: str, code: str = "") -> tuple[str, SignedIn]:
        """The new token (for the cookie; only its hash is kept) and who it stands for.

        Raises WrongPassword, CodeNeeded, WrongCode, OneTimeExpired, SignInLocked.
        """
        with self._database.read() as session:
            known = People(session).get(name)
            stored = known.password if known and known.active else passwords.NOBODY
        right = passwords.matches(stored, password) and stored is not passwords.NOBODY
        now = self._clock.now()
        with self._database.begin() as session:  # a refusal is written down as well, so it is raised after the end
            person, audit = People(session).to_change(name), Audit(session)
            locked = person.locked_until if person else self._strangers.locked_until(name)
            refusal: CallCenterError | None
            if locked and locked > now:
                audit.add(now, name, "sign-in-locked")
                refusal = _locked(locked - now)
            elif person is None or not person.active or not right or person.password != stored:
                refusal = self._failed(person, name, audit, now, WrongPassword("name or password is wrong"))
            else:
                refusal = self._second(person, code, audit, now)
                if refusal is None:
                    return self._let_in(SignIns(session), person, audit, now)
        raise refusal

    def _second(self, person: PersonRow, code: str, audit: Audit, now: datetime) -> CallCenterError | None:
        """What else keeps him out, whose password is right."""
        if person.one_time_until is not None and person.one_time_until <= now:
            audit.add(now, person.id, "sign-in-failed", why="one-time-expired")
            return OneTimeExpired("this one-time password has run out; an administrator hands out a new one")
        if person.factor is None or self._settings.factor_off:
            return None
        if not code.strip():
            return CodeNeeded("the password is right; the code of the second factor is needed as well")
        left = len(person.recovery)
        if not self._factor.takes(person, code, now):
            refusal = WrongCode("the code is wrong or was used before; wait for the next one")
            return self._failed(person, person.id, audit, now, refusal)
        if len(person.recovery) < left:
            audit.add(now, person.id, "recovery-code-used", person.id, left=len(person.recovery))
        return None

    def _failed(
        self, person: PersonRow | None, name: str, audit: Audit, now: datetime, refusal: CallCenterError
    ) -> CallCenterError:
        if person is None:
            self._strangers.failed(name, now)
        else:
            person.failed, person.locked_until = after_failure(person.failed, now)
        audit.add(now, name, "sign-in-failed")
        return refusal

    def _let_in(self, sign_ins: SignIns, person: PersonRow, audit: Audit, now: datetime) -> tuple[str, SignedIn]:
        person.failed, person.locked_until = 0, None
        token = secrets.token_urlsafe(32)
        row = SessionRow(
            token_hash=digest(token),
            person=person.id,
            csrf=secrets.token_urlsafe(24),
            created_at=now,
            expires_at=now + self._idle(person),
        )
        sign_ins.remove_expired(now)
        sign_ins.add(row)
        audit.add(now, person.id, "sign-in")
        return token, self._signed_in(row, person)

    def who(self, token: str | None) -> SignedIn:
        """Whose token that is; using it keeps the sign-in alive. Raises NotSignedIn."""
        if not token:
            raise NotSignedIn("please sign in")
        return self._still(digest(token), used=lambda _person: True)

    def watches(self, token_hash: str) -> SignedIn:
        """The same for a screen that is only looked at: use for those on shift alone. Raises NotSignedIn."""
        return self._still(token_hash, used=lambda person: Role(person.role) in ON_SHIFT)

    def _still(self, token_hash: str, used: Callable[[PersonRow], bool]) -> SignedIn:
        now = self._clock.now()
        with self._database.read() as session:
            found = SignIns(session).get(token_hash)
        if found is None or found[0].expires_at <= now or not found[1].active:
            raise NotSignedIn("the sign-in has ended; please sign in again")
        row, person = found
        idle = self._idle(person)
        if row.expires_at - now < idle - EXTEND_EVERY and used(person):
            with self._database.begin() as session:
                SignIns(session).extend(token_hash, now + idle)
        return self._signed_in(row, person)

    def sign_out(self, who: SignedIn) -> None:
        with self._database.begin() as session:
            SignIns(session).remove(who.token_hash)
            Audit(session).add(self._clock.now(), who.person.id, "sign-out")

    def _idle(self, person: PersonRow) -> timedelta:
        return self._settings.idle(person.role)

    def _signed_in(self, row: SessionRow, person: PersonRow) -> SignedIn:
        steps = (
            (Step.PASSWORD, person.one_time_until is not None),
            (Step.SECOND_FACTOR, person.factor is None and self._settings.factor_needed(person.role)),
        )
        return SignedIn(
            person=as_person(person),
            token_hash=row.token_hash,
            csrf=row.csrf,
            steps=tuple(step for step, open_ in steps if open_),
            licence=licence_of(person),
            has_factor=person.factor is not None,
        )


def _locked(left: timedelta) -> SignInLocked:
    minutes = -(-left // timedelta(minutes=1))
    message = f"too many wrong passwords or codes; try again in {minutes} min, or ask an administrator to unlock it"
    return SignInLocked(message, minutes=minutes)
