"""Rules of an entry's name and place, in words for whoever fills in the form."""

import re

from callcenter.consultation.catalogue import catalogue
from callcenter.errors import BadInput
from callcenter.knowledge.entry.form import Fault
from callcenter.knowledge.entry.model import Entry, Front
from callcenter.knowledge.entry.topics import Topics
from callcenter.knowledge.life.model import LANGUAGES

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(/[a-z0-9]+(-[a-z0-9]+)*)?")


def check_id(entry: str, language: str) -> None:
    """Raises BadInput."""
    if not _ID.fullmatch(entry) or not 3 <= len(entry) <= 80:
        raise BadInput(
            f"`{entry[:80]}` is no entry's id: small Latin letters, digits and hyphens, like labour/unpaid-wages",
            fields=["id"],
        )
    if language not in LANGUAGES:
        raise BadInput(f"language: {language[:20]!r} is none of {', '.join(LANGUAGES)}", fields=["language"])


def check_place(entry: Entry, topics: Topics) -> list[Fault]:
    front = entry.front
    if not isinstance(front, Front):
        return []
    faults = []
    if front.topic not in topics.all:
        faults.append(Fault("topic", "unknown-topic", f"there is no topic `{front.topic}`"))
    elif "/" in front.id and front.id.split("/")[0] != front.topic:
        faults.append(Fault("topic", "topic-is-not-folder", f"the id `{front.id}` begins with another topic"))
    known = {group.id for group in catalogue().groups}
    faults += [
        Fault("groups", "unknown-group", f"there is no group `{group}`; there are {', '.join(sorted(known))}")
        for group in front.groups
        if group not in known
    ]
    return faults
