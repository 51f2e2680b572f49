"""The engine's memory as the database last knew it: where a new engine begins, before Asterisk has said a word."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from callcenter.call.apply import Call
from callcenter.clock import Clock
from callcenter.config import Settings
from callcenter.engine.registry import Inbound, Registry
from callcenter.engine.repository import EngineRepository, SeatAccount
from callcenter.ids import NodeName, SeatId, Uniqueid
from callcenter.routing.first_seat import queue_of
from callcenter.routing.model import Rules, parts
from callcenter.seat.model import SeatState, SeatView
from callcenter.seat.state import Phase, Seat
from callcenter.storage.database import Database
from callcenter.storage.numbers import NumberVault

PHASES = {
    SeatState.RINGING: Phase.RINGING,
    SeatState.TALKING: Phase.TALKING,
    SeatState.HOLDING: Phase.HOLDING,
    SeatState.WRAP_UP: Phase.WRAP_UP,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    registry: Registry
    cursor: tuple[int, int]
    seen_at: datetime
    step: int
    published: int


def load(
    settings: Settings, rules: Rules, database: Database, vault: NumberVault, node: NodeName, clock: Clock
) -> Memory:
    now = clock.now()
    with database.begin() as session:
        repository = EngineRepository(session, node)
        row = repository.node(now)
        registry = Registry(inbound=Inbound(number=settings.hotline_number, test=settings.draft_number), rules=rules)
        records = repository.open_calls(vault)
        live = [record.linkedid for record in records]
        decided, menu_told = repository.decided(live), repository.menu_told(live)
        channels = repository.caller_channels(live)
        for record in records:
            name = record.linkedid
            channel = channels.get(name, Uniqueid(name))
            call = Call(record, channel, decided=decided.get(name), menu_told=menu_told.get(name))
            for party in record.parties:
                if party.left_at is None and party.joined_at is not None:
                    call.parties[party.channel] = party.seat
                elif party.left_at is None:
                    call.called = (party.channel, party.seat)
            if record.listener is not None and record.listener.mode.is_open:
                call.parties[record.listener.channel] = None
            registry.calls[name] = call
        views = repository.seat_views()
        for account in repository.seat_accounts():
            registry.seats[account.seat] = seat_of(account, views.get(account.seat), settings, rules, now)
        return Memory(
            registry=registry,
            cursor=(row.cel_inode, row.cel_offset),
            seen_at=row.seen_at,
            step=row.step,
            published=row.seq,
        )


def seat_of(account: SeatAccount, view: SeatView | None, settings: Settings, rules: Rules, now: datetime) -> Seat:
    """As it was last known (`view`), with the lines of today's languages."""
    serves = parts(account.skills.languages, settings.languages, rules)
    known = view or SeatView(seat=SeatId(account.seat), since=now)
    return Seat(
        view=known,
        queues=tuple(line for line, part in serves.items() if not part.helper),
        penalties={line: part.penalty for line, part in serves.items()} | {queue_of(account.seat): 0},
        fields=account.skills.fields,
        has_mobile=account.has_mobile,
        wrap_up_cap=timedelta(seconds=settings.wrap_up_cap_s),
        phase=PHASES.get(known.state, Phase.IDLE) if known.call else Phase.IDLE,
    )
