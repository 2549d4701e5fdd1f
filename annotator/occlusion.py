"""Why an encoder gave a sentence its label: leave out a word, read again, and see how much of the label goes with it.

The method is occlusion (Zeiler and Fergus 2014) over words. Each variant of a sentence is read beside the sentences
next to it, so that it is judged in context as the sentence itself was.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy.special import logsumexp

from annotator.encoder import Encoder
from annotator.record import Reason, Sentence

CONTENT = re.compile(r"[^\W_]{3,}(?:['’-]\w+)*")
# A word of a very long sentence moves little, and each costs a reading.
MOST_WORDS = 60
LEAST_WEIGHT = 0.05


def occlude(encoder: Encoder, document: Sequence[Sentence], labels: np.ndarray, most: int) -> list[tuple[Reason, ...]]:
    """The words that moved each sentence's label most.

    Parameters
    ----------
    encoder : Encoder
    document : sequence of Sentence
    labels : ndarray of int, shape (sentences,)
        Column of the label to be explained.
    most : int
        Words a sentence at most.

    Returns
    -------
    list of tuple of Reason
        Weights are the log-odds of the label that are lost without the word; negative ones spoke against it.
    """
    return [_reasons(encoder, document, index, int(label), most) for index, label in enumerate(labels)]


def _reasons(encoder: Encoder, document: Sequence[Sentence], index: int, label: int, most: int) -> tuple[Reason, ...]:
    sentence = document[index]
    words = [found.span() for found in CONTENT.finditer(sentence.text)][:MOST_WORDS]
    without = [sentence.text[:start] + sentence.text[end:] for start, end in words]
    near, place = document[max(0, index - 1) : index + 2], min(index, 1)
    variants = [_replaced(near, place, text) for text in (sentence.text, *without)]
    count = len(encoder.config.labels)
    whole, *rest = [_log_odds(answers[place], label, count) for answers in encoder.encode_documents(variants)]
    weights = [whole - value for value in rest]
    order = sorted(range(len(words)), key=lambda number: -abs(weights[number]))[:most]
    name = encoder.config.labels[label]
    return tuple(
        _reason(sentence, words[number], name, weights[number])
        for number in order
        if abs(weights[number]) >= LEAST_WEIGHT
    )


def _replaced(near: Sequence[Sentence], place: int, text: str) -> list[Sentence]:
    return [replace(one, text=text) if number == place else one for number, one in enumerate(near)]


def _log_odds(answers: np.ndarray, label: int, count: int) -> float:
    scores = answers[:count].astype(np.float64)
    return float(scores[label] - logsumexp(np.delete(scores, label)))


def _reason(sentence: Sentence, span: tuple[int, int], label: str, weight: float) -> Reason:
    start, end = span
    return Reason(sentence.text[start:end], sentence.start + start, sentence.start + end, label, weight)
