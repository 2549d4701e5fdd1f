"""The review as a widget of the notebook: the same front end and log as the page, in the cell below.

It needs the optional group ``notebook`` (``pip install 'annotator[notebook]'``) and works wherever anywidget does:
JupyterLab, Notebook, VS Code, Colab.
"""

from __future__ import annotations

import getpass
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from annotator.errors import AnnotatorError
from annotator.review import Review
from annotator.review_desk import FRONTEND, GUIDELINES, Desk, guideline_version
from annotator.review_queue import Order


@cache
def _widget_class() -> Any:
    try:
        import anywidget
        import traitlets
    except ImportError as error:
        detail = "the review widget needs anywidget: pip install 'annotator[notebook]'"
        raise AnnotatorError("no-anywidget", detail) from error

    class ReviewWidget(anywidget.AnyWidget):  # type: ignore[misc, unused-ignore]
        """A desk in a cell; ``review`` is the review it works on."""

        _esm = FRONTEND / "review.js"
        _css = FRONTEND / "review.css"
        theme = traitlets.Unicode("").tag(sync=True)

        def __init__(self, desk: Desk, theme: str = "") -> None:
            super().__init__(theme=theme)
            self.desk, self.review = desk, desk.review
            self.on_msg(self._hear)

        def _hear(self, _: Any, content: Any, buffers: Any) -> None:
            request = content.get("request") if isinstance(content, dict) else None
            if isinstance(request, dict):
                self.send({"number": content.get("number"), "answer": self.desk.handle(request)})

        def close(self) -> None:
            """Take the widget off the page and give the log back."""
            self.review.close()
            super().close()

    return ReviewWidget


def review_widget(
    output: Path | str,
    reviewer: str | None = None,
    *,
    log: Path | str | None = None,
    texts: Mapping[str, str] | None = None,
    guidelines: Path | str | None = None,
    orders: Mapping[str, Order] | None = None,
    theme: str = "",
) -> Any:
    """Review an output in the notebook.

    Parameters
    ----------
    output : Path or str
        What ``annotator tag`` wrote; it is never changed.
    reviewer : str, optional
        Who decides; by default the name of the account.
    log : Path or str, optional
        The log; by default beside the output.
    texts : mapping, optional
        Original texts by document id, for the white space between sentences.
    guidelines : Path or str, optional
        Guidelines of the house, in Markdown, with a line ``Version ...``; by default those that ship with the program.
    orders : mapping, optional
        Further orders of the queue, by name.
    theme : {"", "light", "dark"}
        Colours; by default those of the notebook.

    Returns
    -------
    anywidget.AnyWidget
        To be shown as the value of a cell; its ``review`` is the `Review`.

    Raises
    ------
    AnnotatorError
        If anywidget isn't installed, the output can't be read, or the log can't be written.
    """
    make = _widget_class()
    text = Path(guidelines or GUIDELINES).read_text(encoding="utf-8")
    review = Review(output, reviewer or getpass.getuser(), log=log, texts=texts, guideline=guideline_version(text))
    return make(Desk(review, text, orders), theme)
