"""A stored seat as a value."""

from callcenter.ids import Linkedid, SeatId
from callcenter.seat.model import Desired, PhoneKind, SeatState, SeatView
from callcenter.seat.table import SeatRow


def view_of(row: SeatRow) -> SeatView:
    return SeatView(
        seat=SeatId(row.id),
        state=SeatState(row.state),
        since=row.since,
        desired=Desired(row.desired),
        reason=row.reason,
        call=Linkedid(row.call) if row.call else None,
        phone=PhoneKind(row.phone) if row.phone else None,
        wished_phone=PhoneKind(row.wished_phone) if row.wished_phone else None,
        microphone_tried=row.microphone_tried,
        missed=row.missed,
        wrap_up_ends=row.wrap_up_ends,
    )
