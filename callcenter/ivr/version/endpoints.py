"""`/api/flows`: reading, drafting, trying, publishing and taking back the telephone menus."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query

from callcenter.account.model import Role
from callcenter.account.service import SignedIn
from callcenter.api.auth import require
from callcenter.api.deps import TheApi
from callcenter.board.model import iso
from callcenter.errors import BadInput, NotFound
from callcenter.ivr.hours import instant
from callcenter.ivr.schema import schema
from callcenter.ivr.version import views
from callcenter.ivr.version.flow_set import read_texts
from callcenter.ivr.version.schemas import (
    DiffOut,
    DraftIn,
    DraftOut,
    FlowOut,
    FlowsOut,
    LiveOut,
    NewFlow,
    NodeIn,
    NodeLive,
    PublishIn,
    RollBackIn,
    VersionItem,
    VersionNumber,
    VersionOut,
    VersionsOut,
    WalkIn,
    WalkOut,
)
from callcenter.ivr.version.service import FlowVersions
from callcenter.ivr.version.table import FlowDraftRow
from callcenter.ivr.version.trial import try_out

router = APIRouter(prefix="/api/flows", tags=["flows"])

READERS = (Role.SUPERVISOR, Role.MANAGER, Role.ADMIN, Role.AUDITOR)
WRITERS = (Role.SUPERVISOR, Role.MANAGER, Role.ADMIN)

Reading = Annotated[SignedIn, Depends(require(*READERS))]
Writing = Annotated[SignedIn, Depends(require(*WRITERS))]
FlowName = Annotated[str, Path(max_length=40)]
NodeName = Annotated[str, Path(max_length=40, pattern=r"^[a-z][a-z0-9-]*$")]


def _flows(api: TheApi) -> FlowVersions:
    return api.flows


Flows = Annotated[FlowVersions, Depends(_flows)]


@router.get("")
def every(_who: Reading, flows: Flows) -> FlowsOut:
    published, rows, drafts = flows.read()
    return FlowsOut(items=views.items(published, rows, drafts, flows.rules()))


@router.get("/schema")
def form(_who: Reading) -> dict[str, Any]:
    """JSON Schema of a flow: its kinds of nodes and their fields."""
    return schema()


@router.post("", status_code=201)
def create(given: NewFlow, who: Writing, flows: Flows) -> DraftOut:
    row = flows.create(given.id, given.title, given.purpose, given.copy_of, who.person.id)
    return _draft(flows, row)


@router.get("/{flow}")
def one(flow: FlowName, _who: Reading, flows: Flows, api: TheApi) -> FlowOut:
    published, _, drafts = flows.read()
    return views.one(flow, published, drafts, flows.rules(), api.settings)


@router.put("/{flow}/draft")
def save(flow: FlowName, given: DraftIn, who: Writing, flows: Flows) -> DraftOut:
    """Also a text with errors: the findings say what it lacks."""
    return _draft(flows, flows.save(flow, given.yaml, given.revision, who.person.id))


@router.delete("/{flow}/draft", status_code=204)
def discard(flow: FlowName, _who: Writing, flows: Flows) -> None:
    flows.discard(flow)


@router.get("/{flow}/draft/diff")
def draft_diff(flow: FlowName, _who: Reading, flows: Flows) -> DiffOut:
    """To the version callers meet."""
    return DiffOut(diff=flows.draft_difference(flow))


@router.put("/{flow}/draft/nodes/{node}")
def put_node(flow: FlowName, node: NodeName, given: NodeIn, who: Writing, flows: Flows) -> DraftOut:
    """Comments and order of everything else stay. Without a draft one is begun from the published version."""
    return _draft(flows, flows.put_node(flow, node, given.node, given.revision, who.person.id))


@router.delete("/{flow}/draft/nodes/{node}")
def drop_node(
    flow: FlowName,
    node: NodeName,
    who: Writing,
    flows: Flows,
    revision: Annotated[int | None, Query()] = None,
) -> DraftOut:
    return _draft(flows, flows.drop_node(flow, node, revision, who.person.id))


@router.post("/{flow}/walk")
def walk(flow: FlowName, given: WalkIn, _who: Reading, flows: Flows, api: TheApi) -> WalkOut:
    published, _, drafts = flows.read()
    texts = dict(published.texts)
    if given.of == "draft" and flow in drafts:
        texts[flow] = drafts[flow].yaml
    if flow not in texts:
        raise NotFound(f"flow `{flow}` has no {given.of}")
    steps = try_out(
        flow,
        read_texts(texts),
        flows.rules(),
        keys=given.keys,
        language=given.lang or api.settings.default_language,
        at=_instant(given.at) or api.clock.now(),
        facts=given.set,
    )
    return WalkOut(steps=steps)


@router.post("/{flow}/publish")
def publish(flow: FlowName, given: PublishIn, who: Writing, flows: Flows) -> VersionNumber:
    return VersionNumber(version=flows.publish(flow, given.revision, given.why, who.person.id))


@router.post("/{flow}/rollback")
def roll_back(flow: FlowName, given: RollBackIn, who: Writing, flows: Flows) -> VersionNumber:
    """A new version with the old text."""
    return VersionNumber(version=flows.roll_back(flow, given.version, given.why, who.person.id))


@router.get("/{flow}/versions")
def versions(flow: FlowName, _who: Reading, flows: Flows) -> VersionsOut:
    """The newest first."""
    return VersionsOut(items=[VersionItem.of(row) for row in flows.history(flow)])


@router.get("/{flow}/versions/{version}")
def version(flow: FlowName, version: int, _who: Reading, flows: Flows) -> VersionOut:
    row, diff = flows.version(flow, version)
    return VersionOut(version=row.version, yaml=row.yaml, diff=diff)


@router.get("/{flow}/live")
def live(flow: FlowName, _who: Reading, flows: Flows, api: TheApi) -> LiveOut:
    """Callers in each node now, and since midnight in China."""
    counts = api.flow_counts.of(flow, flows.read()[0])
    nodes = {node: NodeLive(now=c.now, entered_today=c.entered, lost_today=c.lost) for node, c in counts.items()}
    return LiveOut(at=iso(api.clock.now()) or "", nodes=nodes)


def _draft(flows: FlowVersions, row: FlowDraftRow) -> DraftOut:
    published, _, _ = flows.read()
    return views.draft_out(row, published, flows.rules())


def _instant(text: str | None) -> datetime | None:
    try:
        return instant(text) if text else None
    except ValueError:
        raise BadInput(f"at: `{text}` is not a time such as 2026-10-01T03:00 or 2026-10-01T03:00:00+08:00") from None
