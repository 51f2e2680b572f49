"""What a person does with his own account: choose a password, set up the second factor."""

from callcenter.account import passwords
from callcenter.account.repository import Audit, People, SignIns
from callcenter.account.second_factor import SecondFactor
from callcenter.account.service import SignedIn
from callcenter.account.table import PersonRow
from callcenter.clock import Clock
from callcenter.config import Settings
from callcenter.errors import BadInput, Conflict, NotSignedIn
from callcenter.storage.database import Database

LENGTH_MIN = 10


class WeakPassword(BadInput):
    code = "weak-password"


class PresentPasswordWrong(BadInput):
    code = "present-password-wrong"


class CodeDoesNotFit(BadInput):
    code = "code-does-not-fit"


class FactorNeeded(Conflict):
    code = "factor-needed"


class OwnAccount:
    def __init__(self, settings: Settings, database: Database, clock: Clock, factor: SecondFactor) -> None:
        self._settings = settings
        self._database = database
        self._clock = clock
        self._factor = factor

    def change_password(self, who: SignedIn, old: str, new: str) -> None:
        """Ends every other sign-in of the person. Raises PresentPasswordWrong, WeakPassword."""
        check_strength(new, who.person.id)
        with self._database.read() as session:
            stored = _must(People(session).get(who.person.id)).password
        if not passwords.matches(stored, old):
            raise PresentPasswordWrong("the present password is wrong")
        if passwords.matches(stored, new):
            raise WeakPassword("this is the present password; choose another one")
        hashed = passwords.hashed(new)
        with self._database.begin() as session:
            person = _must(People(session).to_change(who.person.id))
            person.password, person.one_time_until = hashed, None
            SignIns(session).remove_of(person.id, but=who.token_hash)
            Audit(session).add(self._clock.now(), person.id, "password-changed", person.id)

    def offer_factor(self, who: SignedIn) -> tuple[str, str, str]:
        """A new second factor: (secret, address for the app, QR code). The old one stays in force until it is
        confirmed."""
        with self._database.begin() as session:
            return self._factor.offer(_must(People(session).to_change(who.person.id)))

    def confirm_factor(self, who: SignedIn, code: str) -> list[str]:
        """The recovery codes, shown this one time. Raises CodeDoesNotFit."""
        now = self._clock.now()
        with self._database.begin() as session:
            person = _must(People(session).to_change(who.person.id))
            codes = self._factor.confirm(person, code, now)
            if codes is None:
                raise CodeDoesNotFit("the code does not fit; look at the clock of the telephone and take the next one")
            Audit(session).add(now, person.id, "second-factor-set", person.id)
            return codes

    def remove_factor(self, who: SignedIn, password: str) -> None:
        """Raises PresentPasswordWrong, FactorNeeded."""
        if self._settings.factor_needed(who.person.role):
            raise FactorNeeded("people of this role sign in with a second factor; set up another one instead")
        with self._database.read() as session:
            stored = _must(People(session).get(who.person.id)).password
        if not passwords.matches(stored, password):
            raise PresentPasswordWrong("the present password is wrong")
        with self._database.begin() as session:
            person = _must(People(session).to_change(who.person.id))
            self._factor.forget(person)
            Audit(session).add(self._clock.now(), person.id, "second-factor-removed", person.id)


def check_strength(password: str, person: str) -> None:
    """Length, and two kinds of characters, as GB/T 22239-2019 8.1.4.1 asks for complexity. Raises WeakPassword."""
    kinds = (str.isdigit, str.isalpha, lambda letter: not letter.isalnum())
    if len(password) < LENGTH_MIN or sum(any(kind(letter) for letter in password) for kind in kinds) < 2:
        raise WeakPassword(f"a password has {LENGTH_MIN} characters or more: letters, and digits or signs")
    if person.lower() in password.lower() and len(person) > 3:
        raise WeakPassword("the sign-in name must not be part of the password")


def _must(person: PersonRow | None) -> PersonRow:
    if person is None:
        raise NotSignedIn("this account is gone")
    return person
