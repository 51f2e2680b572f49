"""A network that tells phonemes from 0.3 s of sound: two hidden layers, learned by Adam."""

from itertools import pairwise
from typing import Any

import numpy as np

from tests.speech.tinyvosk.kaldi_files import OFFSETS, Layer
from tests.speech.tinyvosk.voice import RATE

HIDDEN = (160, 160)
EPOCHS, BATCH, NOISE = 8, 256, 0.3
CONFIG = {"use-energy": "false", "num-mel-bins": 40, "num-ceps": 40, "low-freq": 40, "high-freq": 3800, "dither": 0}
"""Of the features, the same here and in vosk."""

Array = np.ndarray[Any, Any]


def features(samples: Array) -> Array:
    """40 numbers for each 10 ms."""
    import kaldi_native_fbank as fbank

    options = fbank.MfccOptions()
    options.frame_opts.samp_freq = RATE
    options.frame_opts.dither = 0.0
    options.frame_opts.snip_edges = True
    options.mel_opts.num_bins = 40
    options.mel_opts.low_freq = 40
    options.mel_opts.high_freq = 3800
    options.num_ceps = 40
    options.use_energy = False
    found = fbank.OnlineMfcc(options)
    found.accept_waveform(RATE, np.asarray(samples, np.float32).tolist())
    found.input_finished()
    return np.stack([found.get_frame(at) for at in range(found.num_frames_ready)])


def around(frames: Array) -> Array:
    places = np.clip(np.arange(len(frames))[:, None] + np.array(OFFSETS)[None], 0, len(frames) - 1)
    return frames[places].reshape(len(frames), -1)


def learned(heard: Array, told: Array, kinds: int, random: np.random.Generator) -> list[Layer]:
    """Weights and bias of each layer; the first one takes features as they come."""
    middle, spread = heard.mean(0), heard.std(0) + 1e-3
    sizes = [heard.shape[1], *HIDDEN, kinds]
    weights: list[Array] = []
    for before, after in pairwise(sizes):
        drawn = random.standard_normal((after, before)).astype(np.float32)
        weights += [drawn * np.float32(np.sqrt(2 / before)), np.zeros(after, np.float32)]
    first, second = [np.zeros_like(w) for w in weights], [np.zeros_like(w) for w in weights]
    step, total = 0, EPOCHS * (len(heard) // BATCH)
    for _ in range(EPOCHS):
        order = random.permutation(len(heard))
        for begin in range(0, len(heard) - BATCH + 1, BATCH):
            chosen = order[begin : begin + BATCH]
            step += 1
            noise = NOISE * random.standard_normal((BATCH, heard.shape[1]), np.float32)
            slopes = _slopes(weights, ((heard[chosen] - middle) / spread + noise).astype(np.float32), told[chosen])
            rate = np.float32(2e-3 * max(0.03, 1 - step / total))
            for at, slope in enumerate(slopes):
                first[at] += 0.1 * (slope - first[at])
                second[at] += 0.001 * (slope**2 - second[at])
                size = np.sqrt(second[at] / (1 - 0.999**step)) + 1e-8
                weights[at] -= rate * (first[at] / (1 - 0.9**step)) / size
    straight = weights[0] / spread
    return [(straight, weights[1] - straight @ middle), *zip(weights[2::2], weights[3::2], strict=True)]


def _slopes(weights: list[Array], sound: Array, told: Array) -> list[Array]:
    layers = [sound]
    for at in range(len(HIDDEN)):
        layers.append(np.maximum(layers[-1] @ weights[2 * at].T + weights[2 * at + 1], 0))
    out = layers[-1] @ weights[-2].T + weights[-1]
    back = np.exp(out - out.max(1, keepdims=True))
    back /= back.sum(1, keepdims=True)
    back[np.arange(len(told)), told] -= 1
    back /= len(told)
    slopes: list[Array] = []
    for at in range(len(HIDDEN), -1, -1):
        slopes = [back.T @ layers[at], back.sum(0), *slopes]
        if at:
            back = (back @ weights[2 * at]) * (layers[at] > 0)
    return slopes
