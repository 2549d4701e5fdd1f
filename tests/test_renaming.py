import random

from annotator.renaming import names, rename

TEXTS = ["Yesterday the mayor praised Ada Quill.", "Quill smiled, said Boris, and left.", "No name here."]


def test_names_are_capitals_inside_a_sentence():
    assert names(TEXTS) == ["Ada", "Boris", "Quill"]


def test_names_seen_often():
    assert names([*TEXTS, "So Boris went."], least=2) == ["Boris"]


def test_a_name_is_exchanged_throughout_its_document():
    first, second, third = rename(TEXTS, ["Zed"], random.Random(0), 1.0)
    assert (first, second, third) == (
        "Yesterday the mayor praised Zed Zed.", "Zed smiled, said Zed, and left.", "No name here.",
    )  # fmt: skip


def test_nothing_changes_without_names_or_chance():
    assert rename(TEXTS, [], random.Random(0), 1.0) == TEXTS
    assert rename(TEXTS, ["Zed"], random.Random(0), 0.0) == TEXTS


def test_the_same_seed_gives_the_same_names():
    pool = [f"Name{letter}" for letter in "abcdefgh"]
    assert rename(TEXTS, pool, random.Random(3), 0.5) == rename(TEXTS, pool, random.Random(3), 0.5)
