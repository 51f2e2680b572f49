"""The flow that callers in the cloud go through: the same one that answers on the trunk."""

from threading import Lock

from callcenter.config import Settings
from callcenter.errors import Unavailable
from callcenter.ivr.fallback import LAST_RESORT
from callcenter.ivr.flow import Flow
from callcenter.ivr.shipped import load_flows, rules_of
from callcenter.ivr.version import home_files
from callcenter.ivr.version.flow_set import playable, read_texts

ENTRY = "main"

_kept: dict[tuple[str, ...], Flow] = {}
_lock = Lock()


def entry_flow(settings: Settings, name: str = ENTRY) -> Flow:
    """The published version, else the file; read again only when there is a newer one. For the entry, when both are
    broken, a flow that comes to its end at once.

    Raises `Unavailable` when there is no other flow of this name.
    """
    number = home_files.current_number(settings)
    files = sorted(settings.flows_dir.rglob("*.yaml"))
    stamp = "" if number else str([(str(path), path.stat().st_mtime_ns) for path in files])
    key = (str(settings.home), str(number), stamp, name, *settings.languages)
    with _lock:
        if key not in _kept:
            _kept.clear()
            _kept[key] = _read(settings, number, name)
        return _kept[key]


def _read(settings: Settings, number: int, name: str) -> Flow:
    published = home_files.current(settings) if number else None
    flows = playable(read_texts(published.texts), rules_of(settings), [name]) if published else load_flows(settings)
    if name not in flows and name != ENTRY:
        raise Unavailable(f"there is no flow `{name}` without a fault; `callcenter flows check` tells more")
    return flows.get(name, LAST_RESORT[ENTRY])
