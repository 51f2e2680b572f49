"""What a flow speaks of the knowledge base, and what it listens for."""

from collections.abc import Callable, Iterator

from callcenter.ivr.check_site import Rules
from callcenter.ivr.finding import Finding
from callcenter.ivr.flow import Flow, Knowledge, Speech
from callcenter.ivr.knowledge import read_spoken

Say = Callable[..., Finding]


def spoken_findings(flow: Flow, say: Say, rules: Rules) -> Iterator[Finding]:
    for node_id, node in flow.nodes.items():
        if isinstance(node, Knowledge):
            yield from _entry(node_id, node, say, rules)
        elif isinstance(node, Speech):
            yield from _words(node_id, node, say, rules)


def _entry(node_id: str, node: Knowledge, say: Say, rules: Rules) -> Iterator[Finding]:
    if strange := [language for language in node.languages if language not in rules.languages]:
        message = f"there is no language `{strange[0]}`; known: {', '.join(rules.languages)}"
        yield say("unknown-language", node_id, message, "languages")
    if not rules.knowledge:
        return
    entry = read_spoken(rules.knowledge, node.knowledge, rules.languages)
    if entry is None:
        message = f"there is no entry `{node.knowledge}` that can be read; look into the folder of the knowledge base"
        yield say("unknown-entry", node_id, message, "knowledge")
        return
    heard = [language for language in rules.languages if node.speaks(language)]
    if silent := [language for language in heard if language not in entry.spoken]:
        message = f"the entry `{entry.id}` has no `spoken:` text in {', '.join(silent)}; write it there"
        yield say("entry-not-spoken", node_id, message, "knowledge")
    for language in heard:
        recorded, now = rules.texts.get(language, {}).get(node.prompt), entry.spoken.get(language)
        if recorded is not None and now is not None and recorded != now:
            message = f"`spoken:` of `{entry.id}` is not what `{node.prompt}` says in {language}; bring both in step"
            yield say("entry-differs", node_id, message, "knowledge")
    if rules.today is not None and not entry.valid_on(rules.today):
        message = f"the entry `{entry.id}` is retired or not valid today and is not spoken; renew it or take it out"
        yield say("entry-expired", node_id, message, "knowledge")


def _words(node_id: str, node: Speech, say: Say, rules: Rules) -> Iterator[Finding]:
    by_key = set(node.keys.values())
    for word, target in node.words.items():
        if target not in by_key:
            message = f"`{word}` leads to `{target}` and no key does; give it one, not everybody is understood"
            yield say("word-without-key", node_id, message, "words", word)
    strange = rules.vocabulary(list(node.words)) if rules.vocabulary is not None else ()
    for word in node.words:
        if word in strange:
            message = f"the speech model does not know `{word}`; split it by spaces into words that it knows"
            yield say("unknown-word", node_id, message, "words", word)
