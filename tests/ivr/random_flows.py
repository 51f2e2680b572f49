"""Random flows of every kind, most of them nonsense, and what may be known during a call."""

from hypothesis import strategies as st

from callcenter.ivr.facts import LOOKED_UP
from callcenter.ivr.flow import KEYPAD, Flow

COUNT = 6
NAMES = [f"n{index}" for index in range(COUNT)]
TARGET = st.sampled_from(NAMES)
ENTRIES = ("law/valid", "law/over", "law/retired")
LANGUAGES = ("zh", "bo", "mn")
VALUES = {
    "time": st.integers(0, 2359).map(lambda minute: f"{minute:04d}"),
    "queue_length": st.integers(0, 9).map(str),
    "seats_ready": st.integers(0, 9).map(str),
    "emergency": st.sampled_from(["yes", "no"]),
    "caller_known": st.sampled_from(["yes", "no"]),
    "last_language": st.sampled_from(LANGUAGES),
    "caller_number": st.sampled_from(["13900000001", ""]),
    "speech": st.sampled_from(["yes", "no"]),
    "order:": st.sampled_from(["accepted", "assigned", "done", "whose", "no"]),
    **{f"entry:{entry}": st.sampled_from(["yes", "no"]) for entry in ENTRIES},
    "open:zh": st.sampled_from(["yes", "no"]),
    "open:bo": st.sampled_from(["yes", "no"]),
    "open:mn": st.sampled_from(["yes", "no"]),
}

QUESTION = st.fixed_dictionaries(
    {"otherwise": TARGET, "retries": st.integers(0, 3), "silence_retries": st.integers(0, 3)},
    optional={"again": st.just("y")},
)
KEYS = st.dictionaries(st.sampled_from(KEYPAD), TARGET, min_size=1)
CONDITION = st.one_of(
    st.builds(lambda go, language: {"fact": "language", "is": language, "go": go}, TARGET, st.sampled_from(LANGUAGES)),
    st.builds(lambda go, number: {"fact": "number", "at_least": number, "go": go}, TARGET, st.integers(0, 999)),
    st.builds(lambda go, number: {"fact": "number", "at_most": number, "go": go}, TARGET, st.integers(0, 999)),
    st.builds(lambda go, tags: {"fact": "tag", "one_of": tags, "go": go}, TARGET,
              st.lists(st.sampled_from(["a", "b", "007", "劳动"]), min_size=1, max_size=3)),
    st.builds(lambda go, time: {"fact": "time", "at_least": time, "go": go}, TARGET, st.integers(0, 2359)),
    st.builds(lambda go, count: {"fact": "queue_length", "at_least": count, "go": go}, TARGET, st.integers(0, 9)),
    st.builds(lambda go, count: {"fact": "seats_ready_bo", "at_most": count, "go": go}, TARGET, st.integers(0, 9)),
)  # fmt: skip
PLAIN = (
    st.builds(lambda to, interrupt: {"play": ["x", "y"], "interrupt": interrupt, "next": to}, TARGET, st.booleans()),
    st.builds(lambda keys, rest: {"menu": "x", "keys": keys, **rest}, KEYS, QUESTION),
    st.builds(lambda to, keys, rest, ends, longest: {"collect": "x", "into": "number", "terminator": ends, "keys":
              {key: go for key, go in keys.items() if key != ends}, "next": to, "max_digits": longest, **rest},
              TARGET, KEYS, QUESTION, st.sampled_from(["#", "*", ""]), st.integers(1, 3)),
    st.builds(lambda to, rest: {"language": "x", "choices": {"1": "zh", "2": "bo"}, "next": to, **rest},
              TARGET, QUESTION),
    st.builds(lambda to, value: {"set": value, "next": to}, TARGET,
              st.sampled_from([{"language": "mn"}, {"topic": "劳动"}, {"tag": "a"}, {"tag": "007", "number": "12"}])),
    st.builds(lambda conditions, no: {"branch": conditions, "otherwise": no},
              st.lists(CONDITION, min_size=1, max_size=3), TARGET),
    st.builds(lambda line, yes, no: {"hours": line, "open": yes, "closed": no},
              st.sampled_from(["by-language", "zh", "bo"]), TARGET, TARGET),
    st.builds(lambda to: {"emergency": "x", "next": to}, TARGET),
    st.builds(lambda entry, languages, to, no: {"knowledge": entry, "languages": languages, "next": to,
              "otherwise": no}, st.sampled_from(ENTRIES), st.sampled_from([[], ["zh"], ["zh", "mn"]]), TARGET, TARGET),
    st.builds(lambda keys, words, rest: {"speech": "x", "by_key": "y", "keys": keys, "words": words, **rest},
              KEYS, st.dictionaries(st.sampled_from(["劳动", "人工"]), TARGET, min_size=1), QUESTION),
    st.just({"queue": "by-language"}),
    st.just({"queue": "bo"}),
    st.just({"goodbye": []}),
    st.just({"goodbye": ["y"]}),
    st.just({"transfer": "duty"}),
)  # fmt: skip
"""Kinds that the dialplan can do as well as the engine."""
QUESTIONS = PLAIN[1:4]
WITH_ENGINE = (
    st.builds(lambda to: {"say": "number", "before": "x", "next": to}, TARGET),
    st.builds(lambda to, no: {"voicemail": "x", "thanks": "y", "next": to, "otherwise": no}, TARGET, TARGET),
    st.builds(lambda to, keys, rest: {"progress": "x", "keys": keys, "next": to, **rest}, TARGET, KEYS, QUESTION),
    st.builds(lambda to, keys, rest: {"callback": "x", "confirm": "x", "thanks": "y", "next": to, "keys":
              {key: go for key, go in keys.items() if key != "1"}, **rest}, TARGET, KEYS, QUESTION),
)  # fmt: skip


def flows(*, engine: bool = True) -> st.SearchStrategy[Flow]:
    kinds = (*PLAIN, *WITH_ENGINE) if engine else PLAIN
    nonsense = st.lists(st.one_of(*kinds), min_size=COUNT, max_size=COUNT)
    return st.builds(_flow, st.one_of(nonsense, st.builds(_typed_ahead, nonsense, st.one_of(*QUESTIONS))))


def _typed_ahead(nodes: list[dict[str, object]], question: dict[str, object]) -> list[dict[str, object]]:
    """Two announcements before a question: a caller may have typed more than it asks for."""
    return [{"play": "x", "next": NAMES[1]}, {"play": "y", "next": NAMES[2]}, question, *nodes[3:]]


def _flow(nodes: list[dict[str, object]]) -> Flow:
    return Flow.model_validate({"id": "any", "start": NAMES[0], "nodes": dict(zip(NAMES, nodes, strict=True))})


def facts() -> st.SearchStrategy[dict[str, str]]:
    """Facts that may be looked up, some of them not known."""
    assert {name for name in VALUES if ":" not in name} - LOOKED_UP.keys() == {"caller_number", "speech"}
    return st.fixed_dictionaries({}, optional=VALUES)
