"""Files of Kaldi and OpenFst, in their binary forms."""

import struct
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

OFFSETS = [-15, -12, -9, -7, -5, -3, -1, 0, 1, 3, 5, 7, 9, 12, 15]
"""Frames of 10 ms around the one that is told."""
LOOP = 0.5
"""Chance to stay in a phoneme for another frame."""

Layer = tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]
Arc = tuple[int, int, float, int]


def _word(text: str) -> bytes:
    return text.encode() + b" "


def _int(value: int) -> bytes:
    return b"\x04" + struct.pack("<i", value)


def _float(value: float) -> bytes:
    return b"\x04" + struct.pack("<f", value)


def _ints(values: Iterable[int]) -> bytes:
    many = list(values)
    return _int(len(many)) + np.asarray(many, "<i4").tobytes()


def _vector(values: Any) -> bytes:
    many = np.asarray(values, "<f4")
    return _word("FV") + _int(len(many)) + many.tobytes()


def _matrix(values: Any) -> bytes:
    many = np.ascontiguousarray(values, "<f4")
    return _word("FM") + _int(many.shape[0]) + _int(many.shape[1]) + many.tobytes()


def write_network(file: Path, phones: int, pdf_of: dict[int, int], layers: list[Layer], priors: Any) -> None:
    """Transitions with one state a phone, phones 1..`phones`, and a network of plain layers."""
    parts = [b"\0B", _word("<TransitionModel>"), _word("<Topology>"), _ints(range(1, phones + 1))]
    parts += [_ints([-1] + [0] * phones), _int(1), _int(2), _int(0), _int(2), _int(0), _float(LOOP)]
    parts += [_int(1), _float(1 - LOOP), _int(-1), _int(0), _word("</Topology>"), _word("<Triples>"), _int(phones)]
    for phone in range(1, phones + 1):
        parts += [_int(phone), _int(0), _int(pdf_of[phone])]
    chances = [0.0, *[np.log(LOOP), np.log(1 - LOOP)] * phones]
    parts += [_word("</Triples>"), _word("<LogProbs>"), _vector(chances), _word("</LogProbs>")]
    parts += [_word("</TransitionModel>"), *_layers(layers)]
    span = max(OFFSETS)
    parts += [_word("<LeftContext>"), _int(span), _word("<RightContext>"), _int(span), _word("<Priors>")]
    file.write_bytes(b"".join([*parts, _vector(priors)]))


def _layers(layers: list[Layer]) -> list[bytes]:
    around = ", ".join("input" if offset == 0 else f"Offset(input, {offset})" for offset in OFFSETS)
    lines, parts, source = ["input-node name=input dim=40"], [], f"Append({around})"
    for at, (weights, bias) in enumerate(layers):
        lines.append(f"component-node name=a{at} component=a{at} input={source}")
        lines.append(f"component-node name=n{at} component=n{at} input=a{at}")
        parts += [_word("<ComponentName>"), _word(f"a{at}"), _word("<AffineComponent>"), _word("<LearningRate>")]
        parts += [_float(0.001), _word("<LinearParams>"), _matrix(weights), _word("<BiasParams>"), _vector(bias)]
        parts += [_word("</AffineComponent>")]
        kind = "LogSoftmaxComponent" if at == len(layers) - 1 else "RectifiedLinearComponent"
        parts += [_word("<ComponentName>"), _word(f"n{at}"), _word(f"<{kind}>"), _word("<Dim>"), _int(len(bias))]
        parts += [_word("<ValueAvg>"), _vector([]), _word("<DerivAvg>"), _vector([]), _word("<Count>")]
        parts += [b"\x08" + struct.pack("<d", 0.0), _word(f"</{kind}>")]
        source = f"n{at}"
    lines.append(f"output-node name=output input={source} objective=linear")
    head = [_word("<Nnet3>"), b"\n", ("\n".join(lines) + "\n\n").encode(), _word("<NumComponents>")]
    return [*head, _int(2 * len(layers)), *parts, _word("</Nnet3>")]


class Graph:
    """OpenFst's `vector` with `standard` weights."""

    def __init__(self) -> None:
        self._arcs: list[list[Arc]] = []
        self._final: list[float] = []

    def state(self, final: float = float("inf")) -> int:
        self._arcs.append([])
        self._final.append(final)
        return len(self._arcs) - 1

    def end(self, state: int, weight: float) -> None:
        self._final[state] = weight

    def arc(self, begin: int, heard: int, said: int, weight: float, end: int) -> None:
        self._arcs[begin].append((heard, said, float(weight), end))

    def write(self, file: Path, sorted_by: int) -> None:
        """`sorted_by` 0: what is heard, 1: what is said."""

        def text(word: bytes) -> bytes:
            return struct.pack("<i", len(word)) + word

        count = sum(map(len, self._arcs))
        parts = [struct.pack("<i", 2125659606), text(b"vector"), text(b"standard")]
        parts.append(struct.pack("<iiQqqq", 2, 0, 0x3, 0, len(self._arcs), count))
        for arcs, final in zip(self._arcs, self._final, strict=True):
            parts.append(struct.pack("<fq", final, len(arcs)))
            parts += [struct.pack("<iifi", *arc) for arc in sorted(arcs, key=lambda arc: arc[sorted_by])]
        file.write_bytes(b"".join(parts))
