"""Lines that ring seats first: the request whose turn it is is offered to whoever serves the line and is free."""

from callcenter.account.model import Person
from callcenter.callback.model import First
from callcenter.callback.repository import Callbacks
from callcenter.callback.rules import CallbackRules
from callcenter.callback.tasks import Task, Tasks
from callcenter.clock import Clock
from callcenter.storage.database import Database


class Offers:
    def __init__(self, database: Database, tasks: Tasks, rules: CallbackRules, clock: Clock) -> None:
        self._database = database
        self._tasks = tasks
        self._rules = rules
        self._clock = clock

    def offered(self, person: Person) -> Task | None:
        """The same one to all of them; the database decides who has it. None: nobody is due, or not at this hour."""
        now = self._clock.now()
        lines = [
            line
            for line in person.languages
            if self._rules.policies.of(line).first is First.SEAT and self._rules.permitted(line, now)
        ]
        with self._database.read() as session:
            due = [row for line in lines if (row := Callbacks(session).next_due(line, now, None)) is not None]
        first = min(due, key=lambda row: row.at, default=None)
        return None if first is None else self._tasks.get(first.call, first.kind)

    def calling(self, person: Person) -> Task | None:
        if person.seat is None:
            return None
        with self._database.read() as session:
            attempt = Callbacks(session).live_from(person.seat)
        return None if attempt is None else self._tasks.get(attempt.call, attempt.kind)
