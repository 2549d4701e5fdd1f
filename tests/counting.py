"""Counts work without a clock: function calls, which are the same on every machine."""

import sys
from collections.abc import Callable
from typing import Any


def counted_calls(function: Callable[..., Any], *arguments: Any) -> int:
    """Function calls, of Python and of C, that one call costs."""
    count = 0

    def counted(frame: Any, event: str, argument: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        function(*arguments)
    finally:
        sys.setprofile(before)
    return count
