"""What a new flow begins with: it is right as it stands, and leads to a person."""

from callcenter.ivr.version import editing

ENTRY = """\
start: person
nodes:
  person:
    queue: by-language
"""
SURVEY = """\
start: grade
deadline_s: 60
nodes:
  grade:
    survey: survey
    again: survey-again
    next: thanks
    otherwise: thanks

  thanks:
    goodbye: thanks
"""
PART = """\
start: back
nodes:
  back:
    return: done
"""
BY_PURPOSE = {"entry": ENTRY, "survey": SURVEY, "part": PART}


def text(flow: str, title: str, purpose: str) -> str:
    return editing.with_head(BY_PURPOSE[purpose], flow, {"id": flow, "title": title, "purpose": purpose})
