"""The flows of an installation, read and checked as a whole."""

from callcenter.config import Settings
from callcenter.errors import BadInput
from callcenter.ivr.check import Rules, check_folder, flow_files
from callcenter.ivr.flow import Flow
from callcenter.ivr.prompts import Catalogue, read_catalogue, words_known
from callcenter.ivr.reading import read_flow

NEEDED = ("main", "survey")
"""Scripts that the dialplan calls."""


def rules_of(settings: Settings) -> Rules:
    """What flows are checked against. A language whose catalogue cannot be read has no words at all."""
    folder = settings.flows_dir / "prompts"
    found = {language: read_catalogue(folder, language) for language in settings.languages}
    words = {language: book for language, book in found.items() if isinstance(book, Catalogue)}
    known = {language: frozenset[str]() for language in settings.languages} | words_known(words)
    return Rules(settings.languages, settings.languages, settings.default_language, known)


def load_flows(settings: Settings) -> dict[str, Flow]:
    """All flows of `settings.flows_dir`, by id. Raises `BadInput` when one has an error or `main`/`survey` lacks."""
    errors = [finding for finding in check_folder(settings.flows_dir, rules_of(settings)) if finding.level == "error"]
    if errors:
        raise BadInput(f"{errors[0].as_text()}; {len(errors)} in all, see `callcenter flows check`")
    files = [read_flow(path) for path in flow_files(settings.flows_dir)]
    flows = {file.flow.id: file.flow for file in files if file.flow is not None}
    for name in NEEDED:
        if name not in flows:
            raise BadInput(f"{settings.flows_dir}: there is no flow `{name}`; the dialplan needs it")
    return flows
