"""Words known by sound: `jjbc` and `jingjibuchang` are 经济补偿, and so is the mistyped 经济补尝."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import rjieba

from callcenter.knowledge.search.sounds import Sounds, syllables
from callcenter.knowledge.search.text import han_runs

SHORTEST_TYPO = 2
LONGEST_TYPO = 8
ONE_SIGN_WRONG_FROM = 4
"""Length from which one wrong character of any sound is forgiven."""
SAME_SOUND_MAX = 3
"""Words that one spelling in pinyin may stand for."""


@dataclass(frozen=True)
class Lexicon:
    by_sound: dict[str, list[str]] = field(default_factory=dict)
    by_initials: dict[str, list[str]] = field(default_factory=dict)
    by_syllables: dict[tuple[str, ...], str] = field(default_factory=dict)
    by_gap: dict[tuple[int, str], str] = field(default_factory=dict)
    """(place of the wrong character, the rest) -> word."""
    terms: frozenset[str] = frozenset()
    ignored: frozenset[str] = frozenset()
    """Words like 的 and 吗, which may stand anywhere."""

    @staticmethod
    def of(terms: Sequence[str], legal: Iterable[str], ignored: Iterable[str], sounds: Sounds) -> "Lexicon":
        """`terms`: the likelier words first. `legal`: those among them that statutes use; only they are worth guessing
        from a wrong character."""
        kept = Lexicon(terms=frozenset(terms), ignored=frozenset(ignored))
        formal = frozenset(legal)
        for term in dict.fromkeys(terms):
            if han_runs(term) != [term]:
                continue
            sound = sounds.of(term)
            kept.by_syllables.setdefault(sound, term)
            kept.by_sound.setdefault("".join(sound), []).append(term)
            kept.by_initials.setdefault("".join(syllable[0] for syllable in sound), []).append(term)
            if len(term) >= ONE_SIGN_WRONG_FROM and term in formal:
                for at in range(len(term)):
                    kept.by_gap.setdefault((at, term[:at] + term[at + 1 :]), term)
        sounds.keep()
        return kept

    def typed_in_pinyin(self, letters: str) -> list[str]:
        """Words for `jjbc`, `jingjibuchang` or several words run together; empty: it is no pinyin of ours."""
        words = self.by_sound.get(letters) or self.by_initials.get(letters)
        if words:
            return words[:SAME_SOUND_MAX]
        split = self._split(letters)
        return ["".join(split)] if split else []

    def _split(self, letters: str) -> list[str]:
        """The fewest known words that the letters can be cut into."""
        best: list[list[str] | None] = [[]] + [None] * len(letters)
        for end in range(1, len(letters) + 1):
            for start in range(max(0, end - 30), end):
                before, words = best[start], self.by_sound.get(letters[start:end])
                if before is not None and words and (best[end] is None or len(before) + 1 < len(best[end] or [])):
                    best[end] = [*before, words[0]]
        return best[len(letters)] or []

    def corrected(self, text: str, known: Callable[[str], bool]) -> str:
        """`text` with words of the same sound, or with one wrong character, replaced by the known ones.

        `known` says whether a word occurs anywhere: what occurs is not a mistake.
        """
        for run in han_runs(text):
            fixed = self._corrected_run(run, known)
            if fixed != run:
                text = text.replace(run, fixed, 1)
        return text

    def _corrected_run(self, run: str, known: Callable[[str], bool]) -> str:
        words = _dictionary_words(run)
        covered = {at for first, last in words for at in range(first, last)}
        if all(at in covered or sign in self.ignored for at, sign in enumerate(run)):
            return run
        sound = syllables(run)
        if len(sound) != len(run):
            return run
        at = 0
        while at < len(run) - 1:
            for length in range(min(LONGEST_TYPO, len(run) - at), SHORTEST_TYPO - 1, -1):
                written = run[at : at + length]
                if written in self.terms:
                    at += length - 1
                    break
                if not _may_be_mistyped(at, at + length, words):
                    continue
                meant = self.by_syllables.get(tuple(sound[at : at + length]))
                meant = meant or self._one_wrong(written, written == run)
                if meant and not known(written):
                    run = run[:at] + meant + run[at + length :]
                    at += length - 1
                    break
            at += 1
        return run

    def _one_wrong(self, written: str, alone: bool) -> str | None:
        """Within a longer run only a character between two right ones: at its ends the next word begins."""
        if len(written) < ONE_SIGN_WRONG_FROM:
            return None
        for at in range(len(written)) if alone else range(1, len(written) - 1):
            word = self.by_gap.get((at, written[:at] + written[at + 1 :]))
            if word:
                return word
        return None


def _dictionary_words(run: str) -> list[tuple[int, int]]:
    """[start, end) of the words that the dictionary sees in `run`."""
    found, at = [], 0
    for word in rjieba.cut(run):
        if len(word) > 1 and rjieba.has_word(word):
            found.append((at, at + len(word)))
        at += len(word)
    return found


def _may_be_mistyped(start: int, end: int, words: list[tuple[int, int]]) -> bool:
    """Not if it cuts a word in two, and not if it is made of words only."""
    inside = 0
    for first, last in words:
        if first < start < last or first < end < last:
            return False
        if start <= first and last <= end:
            inside += last - first
    return inside < end - start
