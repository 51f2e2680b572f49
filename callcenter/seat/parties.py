"""Whom a seat may bring into its talk, for the screen. Whether he can be called is decided by the engine when asked."""

from callcenter.board.board import Board
from callcenter.board.model import SeatNow
from callcenter.ivr.site import Site
from callcenter.seat.model import SeatState
from callcenter.seat.schemas import LineParty, OutsideParty, Parties, SeatParty


def parties(board: Board, site: Site, own: str | None) -> Parties:
    seats = sorted((seat for id_, seat in board.seats.items() if id_ != own), key=lambda seat: seat.view.seat)
    lines = board.lines.items()
    return Parties(
        seats=[_seat(seat) for seat in seats],
        lines=[LineParty(line=name, ready=line["ready"], waiting=line["waiting"]) for name, line in lines],
        outside=[OutsideParty(name=name, title=to.title or name) for name, to in site.destinations.items()],
        interpreters=[line for line, rule in site.routing.lines.items() if rule.interpreter in site.destinations],
    )


def _seat(seat: SeatNow) -> SeatParty:
    view = seat.view
    return SeatParty(
        seat=view.seat,
        name=seat.name,
        languages=list(seat.languages),
        state=view.state.value,
        can_take=view.state is SeatState.READY and view.phone is not None,
    )
