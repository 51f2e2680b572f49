"""Published flows ready to be played, out of the home's files."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from callcenter.config import Settings
from callcenter.ivr.check import Rules
from callcenter.ivr.flow import Flow
from callcenter.ivr.shipped import load_flows
from callcenter.ivr.site import read_site
from callcenter.ivr.version import home_files
from callcenter.ivr.version.flow_set import playable, read_texts
from callcenter.ivr.version.model import FlowSet


@dataclass(frozen=True, slots=True)
class Playing:
    number: int
    """Of the set; 0: the files of a folder, without versions."""
    flows: Mapping[str, Flow] = field(default_factory=dict)
    versions: Mapping[str, int] = field(default_factory=dict)


def structure(settings: Settings) -> Rules:
    """What a published text must still fulfil when it is loaded. Words are not looked at: they were when it was
    published, and reading the catalogues takes longer than all the rest."""
    return Rules(
        lines=settings.languages,
        languages=settings.languages,
        default_line=settings.default_language,
        max_depth=settings.ivr_max_depth,
        site=read_site(settings.flows_dir),
    )


def playing(published: FlowSet, settings: Settings) -> Playing:
    found = playable(read_texts(published.texts), structure(settings))
    return Playing(published.number, found, published.versions)


def now_playing(settings: Settings) -> Playing:
    """What the next caller meets. A home in which nothing was ever published plays the folder itself."""
    published = home_files.current(settings)
    return Playing(0, load_flows(settings)) if published is None else playing(published, settings)


def once_played(settings: Settings) -> list[Playing]:
    """Older sets that calls in progress may still be in, the newest first."""
    return [playing(published, settings) for published in home_files.kept(settings)[1:]]
