"""Rows and sets that stories about versions start from."""

from callcenter.ivr.version.model import FlowSet
from callcenter.ivr.version.table import FlowDraftRow, FlowVersionRow
from tests.site import START

MAIN = "id: main\nstart: {0}\nnodes:\n  {0}: {{play: notice, next: person}}\n  person: {{queue: by-language}}\n"
"""Told apart by the name of its first node."""
SURVEY = """\
id: survey
purpose: survey
start: {0}
nodes:
  {0}: {{survey: survey, next: thanks, otherwise: thanks}}
  thanks: {{goodbye: thanks}}
"""


def texts(mark: str) -> dict[str, str]:
    return {"main": MAIN.format(mark), "survey": SURVEY.format(mark)}


def a_set(number: int, mark: str) -> FlowSet:
    """`number` is the version of both flows, too."""
    return FlowSet(number, texts(mark), {"main": number, "survey": number})


def version_row(flow: str, version: int, yaml: str, *, from_file: bool = False) -> FlowVersionRow:
    return FlowVersionRow(
        flow=flow,
        version=version,
        yaml=yaml,
        published_at=START,
        published_by="supervisor",
        why="so",
        from_file=from_file,
    )


def draft_row(flow: str, yaml: str) -> FlowDraftRow:
    return FlowDraftRow(flow=flow, yaml=yaml, revision=1, changed_at=START, changed_by="supervisor")
