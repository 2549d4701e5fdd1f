"""Near-duplicates: the same matter in other words is one group, another matter in the same words is not."""

import pytest

from annotator import likeness
from annotator.likeness import groups


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The north mill burnt down in 1931.", "the “north” mill burnt down, in 1931"),
        ("The north mill burnt down in May 1931.", "In May 1931 the mill in the north burnt down."),
        ("In 1925, after a long quarrel, he lost the post of mayor.", "In 1925 Moll lost the post of mayor."),
        ("Moll had to pay a fine of 40 crowns.", "And so Moll was to pay the fine of 40 crowns (if at all)."),
    ],
)
def test_told_twice(one, other):
    assert groups([one, "Roy bought a boat in Split.", other]) == [0, 1, 0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The bridge in Ruda was opened in May.", "The bridge in Lipa was opened in May."),
        ("The old bridge was opened in 1921.", "The old bridge was opened in 1934."),
        ("The share of the state was 7 percent.", "The share of the state was 93 percent."),
        ("The mill was sold to Roy in May.", "The mill was not sold to Roy in May."),
        ("The three men will stand in court on Monday.", "The three men will stand in court on Friday."),
        ("What is wrong with the music is Moll.", "What is wrong with the music isn't Moll."),
        ("Moll was born in Brno.", "Moll was born in Prague."),
        ("They protest against the sale.", "There is no one to protest to."),
    ],
)
def test_two_matters(one, other):
    assert groups([one, other]) == [0, 1]


def test_order_changes_no_group():
    texts = [
        "The mill burnt down in May.",
        "Roy left for Vienna.",
        "In May the mill burnt.",
        "A mill burnt down in May.",
    ]
    assert groups(texts) == [0, 1, 0, 0]
    assert groups(texts[::-1]) == [0, 0, 1, 0]


def test_small_steps_do_not_join_what_is_far_apart():
    words = ["mill", "bridge", "tower", "school", "church", "market", "river", "garden", "station", "harbour", "castle"]
    chain = [" ".join(words[at : at + 6]) for at in range(6)]
    found = groups(chain)
    assert found[0] != found[-1]


def test_nothing_and_no_words():
    assert groups([]) == []
    assert groups(["", "…", "the and of"]) == [0, 0, 1]


def test_words_that_many_texts_share_bring_no_two_together(monkeypatch):
    def lines(count):
        letters = "abcdefghklmnprstvz"
        names = [f"{a}o{b}i{c}u" for a in letters for b in letters for c in letters[:13]][:count]
        return [f"The council sold the {name} to {name}{name} in {at}." for at, name in enumerate(names)]

    compared = []
    near = likeness._near
    monkeypatch.setattr(likeness, "_near", lambda told: (compared.append(len(pair[0])) or pair for pair in near(told)))
    assert len(set(groups(lines(2_000)))) == 2_000
    assert sum(compared) < 2_000
    assert groups([*lines(2), *lines(2)]) == [0, 1, 0, 1]
