"""Tell, sentence by sentence, what is documented fact, interpretation or unsupported assertion, and on whose word.

Names are imported when first used, so that ``import annotator`` and ``annotator --help`` stay fast.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from annotator.annotate import Annotator, load
    from annotator.attributing import attributions
    from annotator.errors import AnnotatorError
    from annotator.frames import claims_frame, documents_frame, sentences_frame, sources_frame
    from annotator.record import AnnotatedDocument, Document
    from annotator.splitting import split

_HOMES = {
    "AnnotatedDocument": "record",
    "Annotator": "annotate",
    "AnnotatorError": "errors",
    "Document": "record",
    "attributions": "attributing",
    "claims_frame": "frames",
    "documents_frame": "frames",
    "load": "annotate",
    "sentences_frame": "frames",
    "sources_frame": "frames",
    "split": "splitting",
}

__all__ = [
    "AnnotatedDocument",
    "Annotator",
    "AnnotatorError",
    "Document",
    "__version__",
    "attributions",
    "claims_frame",
    "documents_frame",
    "load",
    "sentences_frame",
    "sources_frame",
    "split",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"annotator.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
