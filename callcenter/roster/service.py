"""The roster: planned one by one or by a file, all or nothing; how well it covers the lines."""

from collections.abc import Callable, Collection, Iterator, Sequence
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
            days = [china_day(line.start) for line in lines if line.start is not None]
            if replace and days:
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

    def _checked(self, session: Session, lines: Sequence[Line], faults: Sequence[Fault]) -> list[ShiftRow]:
        """Rows to be added. Raises FaultyRoster."""
        roster, found, rows = Roster(session), [*faults], []
        people = roster.hold({line.person for line in lines})
        taken: dict[str, list[tuple[datetime, datetime, int]]] = {}
        times = [at for line in lines for at in (line.start, line.end) if at is not None]
        for row in roster.of(people.keys(), min(times), max(times)) if times else ():
            taken.setdefault(row.person, []).append((row.starts_at, row.ends_at, 0))
        for line in lines:
            found += self._faults_of_person(line, people.get(line.person))
            if line.start is None or line.end is None:
                continue
            mine = taken.setdefault(line.person, [])
            found += self._faults_of_time(line, line.start, line.end, mine)
            mine.append((line.start, line.end, line.row))
            rows.append(
                ShiftRow(person=line.person, line=line.line, starts_at=line.start, ends_at=line.end, note=line.note)
            )
        if found:
            found.sort(key=lambda fault: fault.row)
            message = f"{len(found)} faults, nothing was imported; the first: row {found[0].row}, {found[0].message}"
            raise FaultyRoster(message, faults=[asdict(fault) for fault in found])
        return rows

    def _faults_of_time(
        self, line: Line, start: datetime, end: datetime, taken: Collection[tuple[datetime, datetime, int]]
    ) -> Iterator[Fault]:
        """`taken`: when the person is on duty already, and the row of the file that says so; 0: the roster."""
        if end <= self._clock.now():
            yield Fault(line.row, COLUMNS["day"], "over", "this shift is over already")
        if end - start > LONGEST:
            hours = LONGEST // HOUR
            yield Fault(line.row, COLUMNS["end"], "too-long", f"longer than {hours} hours", {"hours": hours})
        for first, last, row in taken:
            if start < last and first < end:
                values: dict[str, str | int] = {"span": _span(first, last), "row": row}
                where = f"row {row}" if row else "the roster"
                code = "overlaps-row" if row else "overlaps"
                message = f"overlaps with {where}: {values['span']}"
                yield Fault(line.row, COLUMNS["start"], code, message, values)

    def _faults_of_person(self, line: Line, person: PersonRow | None) -> Iterator[Fault]:
        if line.line and line.line not in self._settings.languages:
            there = ", ".join(self._settings.languages)
            message = f"there is no line {line.line}; there are {there}"
            yield Fault(line.row, COLUMNS["line"], "no-line", message, {"line": line.line, "there": there})
        if not line.person:
            return
        if person is None or not person.active:
            message = f"there is no account {line.person} in use"
            yield Fault(line.row, COLUMNS["person"], "unknown-person", message, {"person": line.person})
            return
        values: dict[str, str | int] = {"name": person.name, "line": line.line, "until": str(person.licence_until)}
        if person.role != Role.SEAT:
            yield Fault(line.row, COLUMNS["person"], "no-calls", f"{person.name} takes no calls", values)
        if line.name and line.name != person.name:
            message = f"{line.person} is {person.name}, not {line.name}"
            yield Fault(line.row, COLUMNS["name"], "other-name", message, values)
        if line.line in self._settings.languages and line.line not in skills_of(person).languages:
            message = f"{person.name} is not approved for {line.line}"
            yield Fault(line.row, COLUMNS["line"], "not-approved", message, values)
        if line.end is not None and self._unlicensed(person, line.end):
            message = f"the licence of {person.name} ends on {person.licence_until}"
            yield Fault(line.row, COLUMNS["person"], "licence-ends", message, values)

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
