"""What a flow asks of its site: lines, languages, words, hours, destinations, facts."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from callcenter.ivr.condition import Condition
from callcenter.ivr.facts import BROUGHT, LOOKED_UP, PER_LINE, VALUES, is_looked_up
from callcenter.ivr.finding import Finding
from callcenter.ivr.flow import (
    BY_LANGUAGE,
    Branch,
    Callback,
    Flow,
    Hours,
    Language,
    Queue,
    Say,
    Set,
    Transfer,
    Voicemail,
)
from callcenter.ivr.node import BaseNode, Question, ids_of
from callcenter.ivr.site import Site
from callcenter.ivr.speak import words_of

AHEAD = timedelta(days=21)
"""So long before a new year whose holidays are not known it is said."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What a site has: flows are checked against it."""

    lines: Collection[str]
    languages: Collection[str]
    default_line: str
    words: Mapping[str, Collection[str]] = field(default_factory=dict)
    """Language -> ids of the prompts that have words. A language without an entry is not checked."""
    changed: Mapping[str, Collection[str]] = field(default_factory=dict)
    """Language -> ids of the prompts whose words are not those that were recorded."""
    max_depth: int = 3
    """Inputs one after another on any way. GB/T 33358 advises against menus at all."""
    site: Site = field(default_factory=Site)
    today: date | None = None
    """China's; None: whether the calendar is known is not asked."""
    knowledge: Sequence[Path] = ()
    """Folders of entries, the first one that has it counts; none: whether an entry is there is not asked."""
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Language -> prompt -> its words."""
    vocabulary: Callable[[Sequence[str]], Collection[str]] | None = None
    """Tells which of some words the speech model does not know; None: there is no model."""


Say_ = Callable[..., Finding]


def site_findings(flow: Flow, say: Say_, rules: Rules) -> Iterator[Finding]:
    for node_id, node in flow.nodes.items():
        match node:
            case Queue() if node.queue not in (*rules.lines, BY_LANGUAGE):
                known = ", ".join([BY_LANGUAGE, *rules.lines])
                yield say("unknown-line", node_id, f"there is no line `{node.queue}`; known: {known}", "queue")
            case Hours():
                yield from _hours(node_id, node, say, rules)
            case Transfer() if node.transfer not in rules.site.destinations:
                known = ", ".join(rules.site.destinations) or "none"
                message = f"`{node.transfer}` is not in site/destinations.yaml; known: {known}"
                yield say("unknown-destination", node_id, message, "transfer")
            case Branch():
                for index, condition in enumerate(node.branch):
                    yield from _condition(flow, node_id, index, condition, say, rules)
            case Say() if fault := _unknown_fact(flow, node.say, rules):
                yield say("unknown-fact", node_id, fault, "say")
        yield from _languages(node_id, node, say, rules)
        yield from _prompts(node_id, node, say, rules)


def _hours(node_id: str, node: Hours, say: Say_, rules: Rules) -> Iterator[Finding]:
    lines = rules.lines if node.hours == BY_LANGUAGE else [node.hours]
    lacking = [line for line in lines if line not in rules.site.hours.lines]
    if lacking:
        message = f"site/hours.yaml has no hours for {', '.join(lacking)}; add them there"
        yield say("unknown-hours", node_id, message, "hours")
    if rules.today is not None:
        unknown = [day.year for day in (rules.today, rules.today + AHEAD) if not rules.site.hours.knows(day.year)]
        if unknown:
            message = (
                f"public holidays of {unknown[0]} are not known, only weekends would be kept; update the package "
                "chinesecalendar or write `calendar` into site/hours.yaml"
            )
            yield say("calendar-unknown", node_id, message, "hours")


def _condition(
    flow: Flow, node_id: str, index: int, condition: Condition, say: Say_, rules: Rules
) -> Iterator[Finding]:
    where = ("branch", str(index))
    if fault := _unknown_fact(flow, condition.fact, rules):
        yield say("unknown-fact", node_id, fault, *where)
        return
    values = VALUES.get(condition.fact)
    if condition.fact in ("language", "last_language"):
        values = frozenset(rules.languages)
    asked = [condition.is_] if condition.is_ is not None else condition.one_of or []
    wrong = [value for value in asked if values is not None and value not in values]
    if wrong:
        message = f"`{condition.fact}` is never `{wrong[0]}`; it is one of {', '.join(sorted(values or ()))}"
        yield say("condition-never-holds", node_id, message, *where)


def _unknown_fact(flow: Flow, name: str, rules: Rules) -> str:
    """Why nobody will ever tell this fact; empty when somebody does. A part may ask for what its caller wrote."""
    if per_line := PER_LINE.match(name):
        return "" if per_line[2] in rules.lines else f"`{name}`: there is no line `{per_line[2]}`"
    if flow.purpose == "part" or name in flow.written_facts or name in BROUGHT or is_looked_up(name):
        return ""
    known = ", ".join(sorted({*flow.written_facts, *BROUGHT, *LOOKED_UP}))
    return f"nobody tells `{name}`: no node writes it and the call does not bring it; known: {known}"


def _languages(node_id: str, node: BaseNode, say: Say_, rules: Rules) -> Iterator[Finding]:
    named = [("choices", *choice) for choice in node.choices.items()] if isinstance(node, Language) else []
    if isinstance(node, Set) and "language" in node.set:
        named = [("set", "language", node.set["language"])]
    for field_, key, language in named:
        if language not in rules.languages:
            message = f"there is no language `{language}`; known: {', '.join(rules.languages)}"
            yield say("unknown-language", node_id, message, field_, key)


def _prompts(node_id: str, node: BaseNode, say: Say_, rules: Rules) -> Iterator[Finding]:
    for prompt in dict.fromkeys(node.prompts()):
        field_ = "again" if isinstance(node, Question) and prompt in ids_of(node.again) else node.kind
        hearing = [language for language in rules.words if prompt in node.prompts_in(language)]
        lacking = [language for language in hearing if prompt not in rules.words[language]]
        if lacking:
            message = f"prompt `{prompt}` has no words in {', '.join(lacking)}; add it to prompts/<language>.yaml"
            yield say("missing-prompt", node_id, message, field_)
        changed = [language for language, prompts in rules.changed.items() if prompt in prompts]
        if changed:
            message = f"the words of `{prompt}` have changed in {', '.join(changed)} since they were recorded"
            yield say("words-changed", node_id, f"{message}; record them again", field_)
    form = node.form if isinstance(node, Say) else "digits" if isinstance(node, Callback | Voicemail) else ""
    for language, known in rules.words.items():
        lacking = sorted(words_of(form, language) - set(known)) if form else []
        if lacking:
            message = f"speaking a {form} needs the prompts {', '.join(lacking)} in {language}; add their words"
            yield say("missing-prompt", node_id, message, node.kind)
