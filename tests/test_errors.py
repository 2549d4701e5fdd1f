import inspect

import pytest

from annotator import errors


def test_every_error_has_the_one_base():
    kinds = [value for _, value in inspect.getmembers(errors, inspect.isclass) if value.__module__ == errors.__name__]
    assert len(kinds) > 4
    assert all(issubclass(kind, errors.AnnotatorError) for kind in kinds)


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ({}, "it broke"),
        ({"path": "a.txt"}, "a.txt: it broke"),
        ({"path": "a.txt", "line": 3}, "a.txt: line 3: it broke"),
    ],
)
def test_message_names_the_place(place, message):
    error = errors.ReadError("broken", "it broke", **place)
    assert str(error) == message
    assert (error.reason, error.detail, error.line) == ("broken", "it broke", place.get("line"))
