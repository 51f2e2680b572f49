"""The roster: planned one by one or by a file, all or nothing; how well it covers the lines."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from callcenter.account.model import LicenceState, Role
from callcenter.account.repository import Audit, People, licence_of
from callcenter.account.skills import skills_of
from callcenter.account.table import PersonRow
from callcenter.clock import Clock
from callcenter.config import Settings
from callcenter.errors import BadInput, Conflict, NotFound
from callcenter.instants import CHINA, china_day
from callcenter.ivr.hours import Hours
from callcenter.roster import staffing
from callcenter.roster.model import HOUR, LONGEST, coverage, gaps, hours_from, midnight
from callcenter.roster.repository import Roster, lines_of
from callcenter.roster.sheet import COLUMNS, Fault, Line, read_sheet, write_sheet
from callcenter.roster.table import ShiftRow
from callcenter.storage.database import Database

LEAST = 1
"""Persons on a line in an open hour, where the site says nothing else: the hotline is staffed day and night."""
AHEAD_HOURS = 24
"""Gaps are alarmed so long before."""


class FaultyRoster(BadInput):
    code = "faulty-roster"


class RosterService:
    def __init__(self, settings: Settings, database: Database, clock: Clock) -> None:
        self._settings = settings
        self._database = database
        self._clock = clock

    def shifts(self, start: date, days: int) -> Sequence[tuple[ShiftRow, PersonRow]]:
        with self._database.read() as session:
            return Roster(session).between(midnight(start), midnight(start) + timedelta(days=days))

    def add(self, by: str, line: Line) -> ShiftRow:
        """Raises FaultyRoster."""
        with self._database.begin() as session:
            rows = self._checked(session, [line], [])
            Roster(session).add(rows)
            Audit(session).add(self._clock.now(), by, "shift-added", str(rows[0].id), **_told(rows[0]))
            return rows[0]

    def remove(self, by: str, number: int) -> None:
        """Raises NotFound; Conflict for a shift that has begun: it stays on record."""
        now = self._clock.now()
        with self._database.begin() as session:
            roster = Roster(session)
            row = roster.get(number)
            if row is None:
                raise NotFound(f"there is no shift {number}")
            if row.starts_at <= now:
                raise Conflict("this shift has begun; what was on duty stays on record")
            told = _told(row)
            roster.remove(number)
            Audit(session).add(now, by, "shift-removed", str(number), **told)

    def take(self, by: str, data: bytes, *, replace: bool) -> int:
        """Import a file; `replace`: in the place of what was planned for its days and has not begun.

        Raises FaultyRoster with every fault by row and column; nothing is imported then. Returns the shifts made.
        """
        lines, faults = read_sheet(data)
        if not lines and not faults:
            raise BadInput("there is no shift in the file")
        now = self._clock.now()
        with self._database.begin() as session:
            roster, gone = Roster(session), 0
            roster.hold([line.person for line in lines])
            if replace and lines:
                days = [china_day(line.start) for line in lines]
                begin = max(midnight(min(days)), now.astimezone(CHINA))
                gone = roster.remove_starting(begin, midnight(max(days)) + timedelta(days=1))
            rows = self._checked(session, lines, faults)
            roster.add(rows)
            Audit(session).add(now, by, "roster-imported", "", shifts=len(rows), replaced=gone)
        return len(rows)

    def template(self) -> bytes:
        with self._database.read() as session:
            return write_sheet([], _names(session))

    def export(self, start: date, days: int) -> bytes:
        shifts = [(row, person.name) for row, person in self.shifts(start, days)]
        with self._database.read() as session:
            return write_sheet(shifts, _names(session))

    def _checked(self, session: Session, lines: Sequence[Line], faults: list[Fault]) -> list[ShiftRow]:
        """Rows to be added. Raises FaultyRoster."""
        roster = Roster(session)
        people = roster.hold({line.person for line in lines})
        faults = [*faults]
        if lines:
            start, end = min(line.start for line in lines), max(line.end for line in lines)
            there = roster.of(people.keys(), start, end)
        taken: dict[str, list[tuple[datetime, datetime, str]]] = {}
        for row in there if lines else ():
            taken.setdefault(row.person, []).append((row.starts_at, row.ends_at, "the roster"))
        for line in lines:
            faults += self._faults(line, people.get(line.person), taken.setdefault(line.person, []))
            taken[line.person].append((line.start, line.end, f"row {line.row}"))
        if faults:
            faults.sort(key=lambda fault: fault.row)
            message = f"{len(faults)} faults, nothing was imported; the first: row {faults[0].row}, {faults[0].message}"
            raise FaultyRoster(message, faults=[asdict(fault) for fault in faults])
        return [
            ShiftRow(person=line.person, line=line.line, starts_at=line.start, ends_at=line.end, note=line.note)
            for line in lines
        ]

    def _faults(
        self, line: Line, person: PersonRow | None, taken: Collection[tuple[datetime, datetime, str]]
    ) -> list[Fault]:
        found: list[Fault] = []

        def fault(column: str, message: str) -> None:
            found.append(Fault(line.row, COLUMNS[column], message))

        if line.end <= self._clock.now():
            fault("day", "this shift is over already")
        if line.end - line.start > LONGEST:
            fault("end", f"longer than {LONGEST // HOUR} hours")
        for start, end, where in taken:
            if line.start < end and start < line.end:
                fault("start", f"overlaps with {where}: {_span(start, end)}")
        if person is None or not person.active:
            fault("person", f"there is no account {line.person} in use")
            return found
        if person.role != Role.SEAT:
            fault("person", f"{person.name} takes no calls")
        if line.name and line.name != person.name:
            fault("name", f"{line.person} is {person.name}, not {line.name}")
        if line.line and line.line not in self._settings.languages:
            fault("line", f"there is no line {line.line}; there are {', '.join(self._settings.languages)}")
        elif line.line and line.line not in skills_of(person).languages:
            fault("line", f"{person.name} is not approved for {line.line}")
        if self._unlicensed(person, line.end):
            fault("person", f"the licence of {person.name} ends on {person.licence_until}")
        return found

    def _unlicensed(self, person: PersonRow, until: datetime) -> bool:
        day = china_day(until - timedelta(microseconds=1))
        return self._settings.licence_needed and licence_of(person).state(day, 1) is LicenceState.EXPIRED

    # swaps ask, too

    def check_taker(self, session: Session, shift: ShiftRow, taker: PersonRow, *, but: Collection[int]) -> None:
        """Whether somebody could take this shift; `but`: shifts that he would not have any more. Raises Conflict."""
        if not taker.active or taker.role != Role.SEAT:
            raise Conflict(f"{taker.name} takes no calls")
        if shift.line and shift.line not in skills_of(taker).languages:
            raise Conflict(f"{taker.name} is not approved for {shift.line}")
        if self._unlicensed(taker, shift.ends_at):
            raise Conflict(f"the licence of {taker.name} ends on {taker.licence_until}")
        for other in Roster(session).of([taker.id], shift.starts_at, shift.ends_at):
            if other.id not in but:
                raise Conflict(f"{taker.name} is on duty already: {_span(other.starts_at, other.ends_at)}")


class Cover:
    """How many are on duty in each hour, and how many should be."""

    def __init__(self, settings: Settings, hours: Hours) -> None:
        self._settings = settings
        self._hours = hours

    def least(self, line: str) -> int:
        return self._settings.coverage_least.get(line, LEAST)

    def persons(self, session: Session, hours: Sequence[datetime]) -> dict[str, list[int | None]]:
        """Line -> persons on duty in each of these hours, which follow one another; None: closed."""
        planned = Roster(session).planned(hours[0], hours[-1] + HOUR)
        return {line: coverage(planned, line, hours, self._open(line)) for line in self._settings.languages}

    def gaps_ahead(self, session: Session, now: datetime) -> dict[str, int] | None:
        """Line -> hours with a gap within the next 24; None: this site plans no shifts here."""
        roster = Roster(session)
        if not roster.in_use():
            return None
        found = self.persons(session, hours_from(now, AHEAD_HOURS))
        return {line: gaps(persons, self.least(line)) for line, persons in found.items()}

    def advice(self, session: Session, now: datetime, hours: Sequence[datetime]) -> dict[str, list[int | None]]:
        """What Erlang C says; None: too little is known of the line."""
        known = staffing.advice(session, now, self._settings.target_within_threshold, self._settings.threshold_s)
        places = [(hour.astimezone(CHINA).weekday(), hour.astimezone(CHINA).hour) for hour in hours]
        return {line: [known.get(line, {}).get(place) for place in places] for line in self._settings.languages}

    def _open(self, line: str) -> Callable[[datetime], bool]:
        return lambda at: self._hours.is_open(line, at) is not False


def _names(session: Session) -> list[tuple[str, str, str]]:
    return [(row.id, row.name, " ".join(sorted(lines_of("", row)))) for row in People(session).at_seats()]


def _told(row: ShiftRow) -> dict[str, str]:
    return {"whose": row.person, "line": row.line, "span": _span(row.starts_at, row.ends_at)}


def _span(start: datetime, end: datetime) -> str:
    return f"{start.astimezone(CHINA):%m-%d %H:%M}-{end.astimezone(CHINA):%H:%M}"
