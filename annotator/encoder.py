"""The encoder of the `accurate` tier at run time: windows of whole sentences through an ONNX network.

The network gets three arrays a batch: token numbers, which of them are real, and a matrix that averages the tokens of
each sentence. It answers with log-odds of the labels and of the citation values for every sentence.
Needs onnxruntime and tokenizers; nothing of what trained it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from annotator.errors import ModelError
from annotator.record import Sentence
from annotator.sentence_tokens import SentenceTokenizer
from annotator.windows import Batch, cut_windows, pack

NETWORK, TOKENIZER, CONFIG = "encoder.onnx", "tokenizer.json", "encoder.json"
FILES = (NETWORK, TOKENIZER, CONFIG)
FORMAT = 1


@dataclass(frozen=True, slots=True)
class EncoderConfig:
    """How an encoder reads: its answers in order, and its limits in tokens.

    Attributes
    ----------
    labels, citations : tuple of str
        Columns of the answers, labels first; `citations` may be empty.
    flags : tuple of str
        More columns of the answers: log-odds of yes to a question about the sentence; see `lessons.FLAGS`.
    marks : tuple of str
        Columns of the marks: log-odds that a token belongs to a span of that kind; see `lessons.MARKS`.
    window_tokens : int
        Longest window, counting the opening mark and one closing mark a sentence.
    sentence_tokens : int
        A longer sentence is read up to here.
    overlap_tokens : int
        How much of a window the next one reads again, as context for its first sentences.
    readings : int
        Times a document that needs several windows is read, cut elsewhere each time; the answers are averaged.
    """

    labels: tuple[str, ...]
    citations: tuple[str, ...] = ()
    window_tokens: int = 256
    sentence_tokens: int = 128
    overlap_tokens: int = 0
    flags: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    readings: int = 1

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns of an answer."""
        return (*self.labels, *(f"citation:{value}" for value in self.citations), *self.flags)

    def to_json(self) -> dict[str, Any]:
        """Fields as they stand in ``encoder.json``."""
        return {"format": FORMAT, **asdict(self)}

    @classmethod
    def from_json(cls, fields: dict[str, Any]) -> EncoderConfig:
        """Config of the fields of ``encoder.json``, others ignored."""
        return cls(
            tuple(fields["labels"]),
            tuple(fields["citations"]),
            int(fields["window_tokens"]),
            int(fields["sentence_tokens"]),
            int(fields["overlap_tokens"]),
            tuple(fields.get("flags", ())),
            tuple(fields.get("marks", ())),
            int(fields.get("readings", 1)),
        )


class Reading(NamedTuple):
    """What an encoder makes of one document.

    ``answers`` (sentences, columns) are log-odds; ``marks`` has, for each sentence, log-odds (tokens, marks), and
    ``places`` where these tokens stand in its text. Both are empty where the encoder has no marks.
    """

    answers: np.ndarray
    marks: list[np.ndarray]
    places: list[list[tuple[int, int]]]


class Encoder:
    """Reads documents and gives every sentence log-odds of its label and its citation.

    Parameters
    ----------
    config : EncoderConfig
        What it answers and how much it reads at once.
    tokenizer : SentenceTokenizer
        Must be the one it was trained with.
    session : onnxruntime.InferenceSession
        The network. Windows go through it one at a time: its 8-bit arithmetic scales by the largest number of a batch,
        so answers would depend on the other windows, and on a CPU batches are no faster.
    """

    def __init__(self, config: EncoderConfig, tokenizer: SentenceTokenizer, session: Any) -> None:
        self.config, self._tokenizer, self._session = config, tokenizer, session

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns of an answer."""
        return self.config.columns

    @classmethod
    def load(cls, folder: Path | str, threads: int = 1) -> Encoder:
        """Open the encoder in a folder.

        Raises
        ------
        ModelError
            If a file is missing or broken, of another format, or a package that it needs isn't installed.
        """
        folder = Path(folder)
        config = read_config(folder)
        try:
            tokenizer = SentenceTokenizer(folder / TOKENIZER, config.sentence_tokens)
            session = _open_session(folder / NETWORK, threads)
            _check_shape(session, config, folder / NETWORK)
        except ModelError:
            raise
        except ImportError as error:
            detail = f"this model needs the package {error.name!r}, which isn't installed"
            raise ModelError("missing-package", detail, path=folder) from error
        except Exception as error:  # tokenizers and onnxruntime raise plain Exception, or a type of their own each
            first = (str(error).splitlines() or [""])[0]
            raise ModelError("broken-model", f"the encoder can't be opened: {first}", path=folder) from error
        return cls(config, tokenizer, session)

    def encode_documents(self, documents: Sequence[Sequence[Sentence]]) -> list[np.ndarray]:
        """Log-odds of every sentence, documents apart.

        Parameters
        ----------
        documents : sequence of sequences of Sentence
            Sentences in document order.

        Returns
        -------
        list of array (sentences, columns)
            float32, columns as in `columns`; unnormalised within the labels and within the citations.
        """
        return [self.read(document).answers for document in documents]

    def read(self, document: Sequence[Sentence]) -> Reading:
        """Answers and marks of every sentence of a document."""
        tokens = self._tokenizer.with_places([sentence.text for sentence in document])
        pieces = [sentence.ids for sentence in tokens]
        readings = [self._read(pieces, first) for first in self._first_windows(sum(map(len, pieces)))]
        answers = np.stack([answers for answers, _ in readings]).mean(axis=0)
        marks = [np.mean(same, axis=0) for same in zip(*(marks for _, marks in readings), strict=True)]
        return Reading(answers, marks, [sentence.places for sentence in tokens] if self.config.marks else [])

    def _first_windows(self, tokens: int) -> list[int]:
        """Tokens that the first window of each reading holds; what fits into one window is read once."""
        room = self.config.window_tokens - 1
        readings = self.config.readings if tokens > room else 1
        return [room - room * number // readings for number in range(readings)]

    def _read(self, pieces: Sequence[Sequence[int]], first: int) -> tuple[np.ndarray, list[np.ndarray]]:
        """Answers and, if the network gives them, marks, from one cut into windows."""
        answers = np.zeros((len(pieces), len(self.columns)), dtype=np.float32)
        marks: list[np.ndarray] = []
        room, overlap = self.config.window_tokens - 1, self.config.overlap_tokens
        for window in cut_windows([len(piece) for piece in pieces], room, overlap=overlap, first=first):
            inside = pieces[window.start : window.stop]
            found = self._session.run(None, pack([inside], self._tokenizer.opening)._asdict())
            kept = slice(window.keep_start - window.start, window.keep_stop - window.start)
            answers[window.keep_start : window.keep_stop] = found[0][0, kept]
            if self.config.marks:
                marks += _by_sentence(found[1][0], inside)[kept]
        return answers, marks


def _by_sentence(marks: np.ndarray, pieces: Sequence[Sequence[int]]) -> list[np.ndarray]:
    """Rows of each sentence in the marks of a window, without those of the opening and the closing marks."""
    ends = np.cumsum([len(piece) for piece in pieces]) + 1
    return [marks[end - len(piece) : end - 1] for piece, end in zip(pieces, ends, strict=True)]


def read_config(folder: Path) -> EncoderConfig:
    """Config of the encoder in a folder.

    Raises
    ------
    ModelError
        If it is missing, broken, or written by another version.
    """
    path = folder / CONFIG
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
        if fields["format"] != FORMAT:
            detail = f"this version reads encoders of format {FORMAT}; this one has format {fields['format']!r}"
            raise ModelError("other-version", detail, path=path)
        return EncoderConfig.from_json(fields)
    except OSError as error:
        raise ModelError("missing-file", f"can't be read: {error.strerror}", path=path) from error
    except (ValueError, KeyError, TypeError) as error:
        raise ModelError("broken-model", "is no description of an encoder", path=path) from error


def _open_session(path: Path, threads: int) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    # Waiting threads must sleep: on a busy machine spinning ones cost more than they bring.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def _check_shape(session: Any, config: EncoderConfig, path: Path) -> None:
    inputs, widths = [item.name for item in session.get_inputs()], [item.shape[-1] for item in session.get_outputs()]
    wanted = [len(config.columns), len(config.marks)] if config.marks else [len(config.columns)]
    if inputs != list(Batch._fields) or widths != wanted:
        raise ModelError("broken-model", "is not the network that the description beside it tells of", path=path)
