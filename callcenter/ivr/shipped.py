"""The flows of an installation, read and checked as a whole."""

import logging
from functools import partial
from pathlib import Path

from callcenter.clock import Clock, SystemClock
from callcenter.config import Settings
from callcenter.instants import CHINA
from callcenter.ivr.check import Rules, check_folder, flow_files
from callcenter.ivr.flow import Flow
from callcenter.ivr.knowledge import entry_folders
from callcenter.ivr.reading import read_flow
from callcenter.ivr.site import read_site
from callcenter.ivr.subflow import assemble, unknown_parts
from callcenter.prompt.catalogue import Catalogue, read_catalogue, words_changed, words_known
from callcenter.speech.vocabulary import unknown_words

log = logging.getLogger(__name__)

NEEDED = ("main", "survey")
"""Scripts that the dialplan calls."""


def rules_of(settings: Settings, flows: Path | None = None, clock: Clock | None = None) -> Rules:
    """What flows are checked against. A language whose catalogue cannot be read has no words at all.

    `flows`: a folder of drafts; its own `prompts/` count, when it has them, instead of the installation's.
    """
    own = flows / "prompts" if flows else settings.flows_dir / "prompts"
    folder = own if own.is_dir() else settings.flows_dir / "prompts"
    found = {language: read_catalogue(folder, language) for language in settings.languages}
    words = {language: book for language, book in found.items() if isinstance(book, Catalogue)}
    known = {language: frozenset[str]() for language in settings.languages} | words_known(words)
    site = flows if flows and (flows / "site").is_dir() else settings.flows_dir
    return Rules(
        lines=settings.languages,
        languages=settings.languages,
        default_line=settings.default_language,
        words=known,
        changed={language: words_changed(settings, book) for language, book in words.items()},
        max_depth=settings.ivr_max_depth,
        site=read_site(site),
        today=(clock or SystemClock()).now().astimezone(CHINA).date(),
        knowledge=entry_folders(settings),
        vocabulary=partial(unknown_words, settings.speech_model) if settings.speech_model is not None else None,
        texts={language: {id_: it.words for id_, it in book.prompts.items()} for language, book in words.items()},
    )


def load_flows(settings: Settings) -> dict[str, Flow]:
    """The flows of `settings.flows_dir` that have no error, by id.

    A broken file is refused with file, line and reason in the log, and the rest works: a hotline does not stop for a
    spelling mistake. A caller whose flow is not there goes the dialplan's own way.
    """
    findings = check_folder(settings.flows_dir, rules_of(settings))
    broken = {finding.file for finding in findings if finding.level == "error"}
    for finding in findings:
        if finding.level == "error":
            log.error("ivr.flow_refused %s", finding.as_text())
    files = [read_flow(path) for path in flow_files(settings.flows_dir)]
    whole = {file.flow.id: file.flow for file in files if file.flow is not None and file.name not in broken}
    flows = {
        name: assemble(flow, whole)
        for name, flow in whole.items()
        if flow.purpose != "part" and not unknown_parts(flow, whole)
    }
    for name in NEEDED:
        if name not in flows:
            log.error("ivr.flow_missing flow=%s folder=%s", name, settings.flows_dir)
    return flows
