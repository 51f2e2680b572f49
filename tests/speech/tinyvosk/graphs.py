"""From phones to words, and from word to word: the two graphs that vosk puts together for every grammar."""

from itertools import count
from math import log
from pathlib import Path

from tests.speech.tinyvosk.kaldi_files import LOOP, Graph
from tests.speech.tinyvosk.voice import SILENCE

STAYS, GOES = -log(LOOP), -log(1 - LOOP)
HALF = 0.7
UNKNOWN, UNKNOWN_PRICE = "[unk]", 5.0
PLACES = {"B": "begin", "I": "internal", "E": "end", "S": "singleton"}
Lexicon = dict[str, list[str]]
"""Word -> its phonemes."""


def write_graphs(folder: Path, lexicon: Lexicon, phones: list[str], sentences: list[list[str]]) -> dict[str, int]:
    """Phone at a place of a word, such as `a_B` -> its number."""
    (folder / "phones").mkdir(parents=True)
    numbers = count(2)
    ids = {SILENCE: 1} | {f"{phone}_{place}": next(numbers) for phone in phones for place in PLACES}
    kinds = {name: "nonword" if name == SILENCE else PLACES[name[-1]] for name in ids}
    _lines(folder / "phones" / "word_boundary.int", [f"{ids[name]} {kind}" for name, kind in kinds.items()])
    _lines(folder / "phones.txt", ["<eps> 0", *(f"{name} {number}" for name, number in ids.items())])
    words = {word: number for number, word in enumerate(["<eps>", UNKNOWN, *sorted(lexicon)])}
    _lines(folder / "words.txt", [*(f"{word} {number}" for word, number in words.items()), f"#0 {len(words)}"])
    _lines(folder / "disambig_tid.int", [str(2 * len(ids) + 1)])
    _spoken(lexicon, phones, ids, words).write(folder / "HCLr.fst", sorted_by=1)
    _following(lexicon, sentences, words).write(folder / "Gr.fst", sorted_by=0)
    return ids


def _lines(file: Path, lines: list[str]) -> None:
    file.write_text("".join(f"{line}\n" for line in lines))


def _spoken(lexicon: Lexicon, phones: list[str], ids: dict[str, int], words: dict[str, int]) -> Graph:
    graph = Graph()
    loop = graph.state(0.0)

    def hear(begin: int, phone: str, word: int, weight: float) -> int:
        end = graph.state()
        graph.arc(begin, 2 * ids[phone], word, weight + GOES, end)
        graph.arc(end, 2 * ids[phone] - 1, 0, STAYS, end)
        return end

    graph.arc(hear(loop, SILENCE, 0, HALF), 0, 0, 0.0, loop)
    for word, said in sorted(lexicon.items()):
        at = loop
        for place, phone in enumerate(said):
            mark = "S" if len(said) == 1 else "B" if place == 0 else "E" if place == len(said) - 1 else "I"
            at = hear(at, f"{phone}_{mark}", 0 if place else words[word], 0.0 if place else HALF)
        graph.arc(at, 0, 0, 0.0, loop)
    middle = graph.state()
    for phone in phones:  # whatever is no word: any phones, at a price
        graph.arc(hear(loop, f"{phone}_B", words[UNKNOWN], UNKNOWN_PRICE), 0, 0, 0.0, middle)
        graph.arc(hear(middle, f"{phone}_I", 0, UNKNOWN_PRICE), 0, 0, 0.0, middle)
        graph.arc(hear(middle, f"{phone}_E", 0, UNKNOWN_PRICE), 0, 0, 0.0, loop)
    return graph


def _following(lexicon: Lexicon, sentences: list[list[str]], words: dict[str, int]) -> Graph:
    """Pairs of words as they follow in the sentences, and any word after any other at a price."""
    seen = dict.fromkeys(sorted(lexicon), 1)
    after: dict[str, dict[str, int]] = {word: {} for word in seen}
    for sentence in sentences:
        for word, following in zip(sentence, [*sentence[1:], ""], strict=True):
            seen[word] += 1
            after[word][following] = after[word].get(following, 0) + 1
    graph, total = Graph(), sum(seen.values())
    any_word = graph.state(-log(0.2))
    states = {word: graph.state(-log(0.2)) for word in seen}
    for word, times in seen.items():
        graph.arc(any_word, words[word], words[word], -log(0.78 * times / total), states[word])
    graph.arc(any_word, words[UNKNOWN], words[UNKNOWN], -log(0.02), any_word)
    for word, follows in after.items():
        pairs = sum(follows.values())
        for following, times in follows.items():
            weight = -log(0.6 * times / pairs)
            if following:
                graph.arc(states[word], words[following], words[following], weight, states[following])
            else:
                graph.end(states[word], weight)
        graph.arc(states[word], 0, 0, -log(0.4) if follows else 0.0, any_word)
    return graph
