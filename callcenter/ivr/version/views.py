"""What the editor shows, put together from texts, checker and site."""

from collections.abc import Mapping
from typing import Any

from callcenter.board.model import iso
from callcenter.config import Settings
from callcenter.errors import NotFound
from callcenter.ivr.check import Rules
from callcenter.ivr.finding import Finding
from callcenter.ivr.flow import BY_LANGUAGE
from callcenter.ivr.reading import FlowFile
from callcenter.ivr.version.drawing import graph
from callcenter.ivr.version.flow_set import Files, errors_of, findings_of, read_texts
from callcenter.ivr.version.model import FlowSet, finding_out
from callcenter.ivr.version.schemas import DraftOut, FindingOut, FlowItem, FlowOut, GraphOut
from callcenter.ivr.version.table import FlowDraftRow, FlowVersionRow

Drafts = Mapping[str, FlowDraftRow]


def items(published: FlowSet, rows: Mapping[str, FlowVersionRow], drafts: Drafts, rules: Rules) -> list[FlowItem]:
    """Entries first, then surveys, then parts."""
    files = read_texts(published.texts)
    found = []
    for flow in sorted({*rows, *drafts}):
        row, draft = rows.get(flow), drafts.get(flow)
        with_draft = _with(files, flow, draft)
        shown = files[flow] if row else with_draft[flow]
        found.append(
            FlowItem(
                id=flow,
                title=str(_head(shown, "title", "")),
                purpose=str(_head(shown, "purpose", "entry")),
                version=row.version if row else None,
                published_at=iso(row.published_at) if row else None,
                published_by=row.published_by if row else None,
                why=row.why if row else None,
                has_draft=draft is not None,
                draft_errors=len(errors_of(flow, with_draft, rules)) if draft else 0,
            )
        )
    order = ["entry", "survey", "part"]
    return sorted(found, key=lambda item: (order.index(item.purpose) if item.purpose in order else 3, item.id))


def one(flow: str, published: FlowSet, drafts: Drafts, rules: Rules, settings: Settings) -> FlowOut:
    """Raises NotFound."""
    if flow not in published.texts and flow not in drafts:
        raise NotFound(f"there is no flow `{flow}`")
    files = read_texts(published.texts)
    there = flow in files
    return FlowOut(
        id=flow,
        version=published.versions.get(flow),
        yaml=published.texts.get(flow, ""),
        graph=_graph(files[flow]) if there else None,
        findings=_out(findings_of(flow, files, rules)) if there else [],
        draft=draft_out(drafts[flow], published, rules, files) if flow in drafts else None,
        prompts=sorted({prompt for words in rules.words.values() for prompt in words}),
        queues=[BY_LANGUAGE, *rules.lines],
        destinations=list(rules.site.destinations),
        languages=list(rules.languages),
        test_number=settings.draft_number,
    )


def draft_out(row: FlowDraftRow, published: FlowSet, rules: Rules, files: Files | None = None) -> DraftOut:
    """Checked with the published texts of all others."""
    together = _with(files if files is not None else read_texts(published.texts), row.flow, row)
    return DraftOut(
        yaml=row.yaml,
        revision=row.revision,
        base_version=row.base_version,
        changed_at=iso(row.changed_at) or "",
        changed_by=row.changed_by,
        graph=_graph(together[row.flow]),
        findings=_out(findings_of(row.flow, together, rules)),
    )


def _with(files: Files, flow: str, draft: FlowDraftRow | None) -> Files:
    return files if draft is None else {**files, **read_texts({flow: draft.yaml})}


def _graph(file: FlowFile) -> GraphOut | None:
    drawn = graph(file)
    return GraphOut.model_validate(drawn) if drawn else None


def _head(file: FlowFile, name: str, default: Any) -> Any:
    """Also of a text whose form is wrong elsewhere."""
    value = file.source.value
    return value.get(name, default) if isinstance(value, dict) else default


def _out(findings: list[Finding]) -> list[FindingOut]:
    return [FindingOut.model_validate(finding_out(finding)) for finding in findings]
