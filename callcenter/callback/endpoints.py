"""`/api/callbacks`, `/api/voicemails`, `/api/missed-calls`, `/api/do-not-call`."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from fastapi.responses import FileResponse

from callcenter.account.model import Role
from callcenter.account.service import SignedIn
from callcenter.api.auth import require
from callcenter.api.deps import TheApi
from callcenter.callback import schemas as out
from callcenter.callback.model import Policies, RequestState
from callcenter.callback.repository import UNSETTLED
from callcenter.callback.service import CallbackService
from callcenter.callback.tasks import Tasks

router = APIRouter(prefix="/api", tags=["callbacks"])

Worker = Annotated[SignedIn, Depends(require(Role.SEAT, Role.SUPERVISOR, Role.MANAGER))]
Reader = Annotated[SignedIn, Depends(require(Role.SEAT, Role.SUPERVISOR, Role.MANAGER, Role.AUDITOR))]
Overseer = Annotated[SignedIn, Depends(require(Role.SUPERVISOR, Role.MANAGER))]
Listener = Annotated[SignedIn, Depends(require(Role.SEAT, Role.SUPERVISOR, Role.MANAGER))]
Kind = Literal["callback", "voicemail"]
Shown = Literal["unsettled", "over", "all"]

OVER = tuple(it.value for it in RequestState if it.over and it is not RequestState.MERGED)
STATES: dict[Shown, tuple[str, ...]] = {"unsettled": UNSETTLED, "over": OVER, "all": (*UNSETTLED, *OVER)}


def _tasks(api: TheApi) -> Tasks:
    return Tasks(api.database, api.vault, api.clock, api.settings.recordings_dir)


TheTasks = Annotated[Tasks, Depends(_tasks)]


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
        found, total = tasks.page(kind, states, language, limit, offset)
        now = api.clock.now()
        return out.TasksOut(items=[out.TaskOut.of(task, now) for task in found], total=total)

    @router.post("/{call}/dial")
    def dial(call: str, who: Worker, api: TheApi) -> out.OrderedOut:
        """Now, whatever the hour and the line. The engine calls him; whoever is ready in his line talks with him."""
        service = CallbackService(api.database, api.vault, api.settings.node, Policies())
        return out.OrderedOut(attempt=service.order(call, kind, who.person.id, api.clock.now()))

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
