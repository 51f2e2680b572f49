"""What the checkers of flows, hours and prompts say: their codes and what each means."""

from callcenter.finding import FileFinding

CODES: dict[str, str] = {
    "not-readable": "the file cannot be opened",
    "too-large": "the file is larger than any flow needs",
    "not-utf-8": "the file is not text in UTF-8",
    "not-yaml": "the file is not valid YAML",
    "yaml-alias": "the file uses YAML anchors; every node is written out so that a line says what it says",
    "not-a-flow": "the file holds no flow",
    "no-flow-files": "the folder holds no flow at all",
    "key-twice": "a keypad key, node or field is given twice",
    "unknown-field": "a field that this kind of node does not have",
    "missing-field": "a field that must be there",
    "unknown-kind": "a node without a known kind word",
    "two-kinds": "a node with more than one kind word",
    "bad-key": "not a key of a telephone",
    "bad-name": "not a name a node, prompt, line or fact can have",
    "bad-value": "a value that cannot be",
    "bad-condition": "a condition with no test, or with more than one",
    "id-is-not-file-name": "`id` and file name differ",
    "id-twice": "two flows with the same id",
    "unknown-target": "an arrow to a node that is not there",
    "unreachable-node": "a node no caller can come to",
    "dead-end": "a node from which no end of the call can be reached",
    "endless-loop": "a loop in which the caller is asked nothing",
    "silent-loop": "a loop for a caller who presses nothing",
    "no-way-to-a-person": "an input where `0` does not lead straight to a person",
    "queue-in-survey": "a survey that sends the caller back into a queue",
    "survey-without-question": "a survey flow that asks for no grade",
    "too-deep": "more inputs one after another than a caller should have to answer",
    "unknown-line": "a queue that is not set up",
    "unknown-language": "a language that is not set up",
    "missing-prompt": "a prompt with no words in a language offered",
    "unknown-fact": "a fact that nobody tells",
    "condition-never-holds": "a condition on a value that its fact never has",
    "unknown-hours": "a line without opening hours",
    "bad-hours": "opening hours that cannot be",
    "calendar-unknown": "public holidays that are not known for a year that is near",
    "unknown-destination": "a transfer to a number that is not set up",
    "bad-destination": "a destination that cannot be dialled",
    "bad-messages": "a setting of the messages that cannot be",
    "bad-rule": "a rule of the lines that cannot be",
    "bad-callbacks": "a rule of calling back that cannot be",
    "unknown-flow": "a subflow that is not there or calls itself",
    "misplaced": "a node that this purpose of a flow cannot have",
    "no-return": "a part from which no way leads back",
    "unknown-entry": "a knowledge entry that is not there",
    "entry-not-spoken": "a knowledge entry without a text for callers",
    "entry-differs": "a knowledge entry whose text for callers is not what the prompt says",
    "entry-expired": "a knowledge entry that is retired or not valid today",
    "word-without-key": "a spoken word that leads where no key leads",
    "unknown-word": "a word that the speech model does not know",
    "keys-lost": "keys pressed during this prompt do nothing although an input follows",
    "words-changed": "the words are not those that were recorded",
    "not-recorded": "nothing is recorded in this language",
    "not-approved": "nobody has approved the recording",
    "not-reviewed": "no speaker of the language has read the words",
    "no-sound": "a sound file is not there or is empty",
    "formats-differ": "the telephone files of one prompt are not of one length",
    "bad-length": "a prompt is too short or too long",
    "too-loud": "a prompt peaks too high",
    "bad-level": "a prompt is fainter or louder than the others",
    "long-silence": "silence before or after the words",
    "orphan": "a sound file that belongs to no prompt",
}
"""Stable: other programs test them."""

WARNINGS = frozenset(
    {
        "entry-expired",
        "keys-lost",
        "condition-never-holds",
        "calendar-unknown",
        "not-recorded",
        "not-approved",
        "not-reviewed",
        "bad-level",
        "long-silence",
        "orphan",
    }
)
"""Worth a look; nobody is stranded by it. Everything else is an error."""


class Finding(FileFinding):
    __slots__ = ()

    codes = CODES
    warnings = WARNINGS
