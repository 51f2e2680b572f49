"""`/api/callbacks`, `/api/voicemails`, `/api/missed-calls`, `/api/do-not-call`."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from fastapi.responses import FileResponse

from callcenter.account.model import Role
from callcenter.account.service import SignedIn
from callcenter.api.auth import require
from callcenter.api.deps import TheApi
from callcenter.callback import schemas as out
from callcenter.callback.appointment import Appointments, Wish
from callcenter.callback.model import RequestState
from callcenter.callback.offer import Offers
from callcenter.callback.repository import CALLBACK, UNSETTLED
from callcenter.callback.rules import CallbackRules
from callcenter.callback.service import CallbackService
from callcenter.callback.tasks import Tasks
from callcenter.ivr.site import read_site
from callcenter.seat.service import seat_of

router = APIRouter(prefix="/api", tags=["callbacks"])

Worker = Annotated[SignedIn, Depends(require(Role.SEAT, Role.SUPERVISOR, Role.MANAGER))]
Reader = Annotated[SignedIn, Depends(require(Role.SEAT, Role.SUPERVISOR, Role.MANAGER, Role.AUDITOR))]
Lawyer = Annotated[SignedIn, Depends(require(Role.SEAT))]
Overseer = Annotated[SignedIn, Depends(require(Role.SUPERVISOR, Role.MANAGER))]
Listener = Annotated[SignedIn, Depends(require(Role.SEAT, Role.SUPERVISOR, Role.MANAGER))]
Kind = Literal["callback", "voicemail"]
Shown = Literal["unsettled", "appointments", "over", "all"]

OVER = tuple(it.value for it in RequestState if it.over and it is not RequestState.MERGED)
STATES: dict[Shown, tuple[str, ...]] = {
    "unsettled": UNSETTLED,
    "appointments": UNSETTLED,
    "over": OVER,
    "all": (*UNSETTLED, *OVER),
}


def _tasks(api: TheApi) -> Tasks:
    return Tasks(api.database, api.vault, api.clock, api.settings.recordings_dir)


TheTasks = Annotated[Tasks, Depends(_tasks)]


def _service(api: TheApi) -> CallbackService:
    return CallbackService(api.database, api.vault, api.settings.node, _rules(api).policies)


def _rules(api: TheApi) -> CallbackRules:
    return read_site(api.settings.flows_dir).callbacks


@router.get("/callbacks/offer")
def offer(who: Lawyer, api: TheApi, tasks: TheTasks) -> out.OfferOut:
    """For the console of a seat: whom it may call back now, and whom it is calling back."""
    now, offers = api.clock.now(), Offers(api.database, tasks, _rules(api), api.clock)
    offered, calling = offers.offered(who.person), offers.calling(who.person)
    return out.OfferOut(
        offered=out.TaskOut.of(offered, now) if offered else None,
        calling=out.TaskOut.of(calling, now) if calling else None,
    )


@router.post("/callbacks/appointments")
def appoint(asked: out.AppointmentIn, who: Worker, api: TheApi, tasks: TheTasks) -> out.TaskOut:
    """The caller of this call is called between these hours, by a seat of this line."""
    wish = Wish(
        call=asked.call,
        begins_at=asked.begins_at,
        ends_at=asked.ends_at,
        line=asked.language,
        topic=asked.topic,
        note=asked.note,
    )
    Appointments(api.database, api.vault, _rules(api), api.settings.languages, api.clock).make(who.person, wish)
    return out.TaskOut.of(tasks.get(asked.call, CALLBACK), api.clock.now())


@router.get("/missed-calls")
def missed(_who: Reader, tasks: TheTasks) -> list[out.MissedOut]:
    """Who gave up in a queue in the last two days, once per number, and has neither got through nor asked since."""
    return [out.MissedOut.of(row, times, number) for row, times, number in tasks.missed()]


@router.post("/missed-calls/{call}/callback")
def file_missed(call: str, who: Worker, tasks: TheTasks) -> out.Ok:
    tasks.file_missed(who.person, call)
    return out.Ok()


@router.get("/do-not-call")
def not_called(_who: Overseer, tasks: TheTasks) -> list[out.NotCalledOut]:
    return [out.NotCalledOut.of(row, number) for row, number in tasks.not_called()]


@router.post("/do-not-call")
def refuse(asked: out.NotCalledIn, who: Overseer, tasks: TheTasks) -> out.Ok:
    tasks.refuse(who.person, asked.number, asked.why)
    return out.Ok()


@router.delete("/do-not-call/{id}")
def allow(id: str, who: Overseer, tasks: TheTasks) -> out.Ok:
    tasks.allow(who.person, id)
    return out.Ok()


@router.get("/voicemails/{call}/audio", response_class=FileResponse)
def sound(call: str, who: Listener, tasks: TheTasks) -> FileResponse:
    return FileResponse(tasks.sound(who.person, call), media_type="audio/wav")


def _of(kind: Kind) -> APIRouter:
    """Both kinds are worked on in the same way."""
    router = APIRouter(prefix=f"/{kind}s")

    @router.get("")
    def page(
        _who: Reader,
        api: TheApi,
        tasks: TheTasks,
        shown: Shown = "unsettled",
        state: RequestState | None = None,
        language: Annotated[str | None, Query(max_length=16)] = None,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
        offset: Annotated[int, Query(ge=0)] = 0,
    ) -> out.TasksOut:
        states = (state.value,) if state is not None else STATES[shown]
        found, total = tasks.page(kind, states, language, limit, offset, shown == "appointments")
        now = api.clock.now()
        return out.TasksOut(items=[out.TaskOut.of(task, now) for task in found], total=total)

    @router.post("/{call}/dial")
    def dial(call: str, who: Worker, api: TheApi) -> out.OrderedOut:
        """Now, whatever the hour and the line. The engine calls him; whoever is ready in his line talks with him, or
        this person himself, whose telephone rings first, where the line's order is so."""
        attempt = _service(api).order(call, kind, who.person.id, api.clock.now(), who.person.seat)
        return out.OrderedOut(attempt=attempt)

    @router.post("/{call}/machine")
    def machine(call: str, who: Lawyer, api: TheApi) -> out.Ok:
        """A carrier's voicemail answered, or nobody this seat could talk with: he is called again."""
        _service(api).heard_a_machine(call, kind, seat_of(who.person))
        return out.Ok()

    @router.post("/{call}/take")
    def take(call: str, who: Worker, api: TheApi, tasks: TheTasks) -> out.TaskOut:
        tasks.take(who.person, call, kind)
        return out.TaskOut.of(tasks.get(call, kind), api.clock.now())

    @router.post("/{call}/give-back")
    def give_back(call: str, who: Worker, api: TheApi, tasks: TheTasks) -> out.TaskOut:
        tasks.give_back(who.person, call, kind)
        return out.TaskOut.of(tasks.get(call, kind), api.clock.now())

    @router.post("/{call}/done")
    def done(call: str, asked: out.DoneIn, who: Worker, api: TheApi, tasks: TheTasks) -> out.TaskOut:
        tasks.done(who.person, call, kind, asked.result, asked.note)
        return out.TaskOut.of(tasks.get(call, kind), api.clock.now())

    @router.post("/{call}/cancel")
    def cancel(call: str, asked: out.WhyIn, who: Overseer, api: TheApi, tasks: TheTasks) -> out.TaskOut:
        tasks.cancel(who.person, call, kind, asked.why)
        return out.TaskOut.of(tasks.get(call, kind), api.clock.now())

    return router


for _kind in ("callback", "voicemail"):
    router.include_router(_of(_kind))
