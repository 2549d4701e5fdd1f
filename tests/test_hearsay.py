"""Vague authority apart from named sources and from hedges."""

import pytest

from annotator.sourcing import source_sentences
from annotator.splitting import sentences

VAGUE = """
Experts say the bridge is unsafe.
It is well known that the mill was bankrupt.
He drank, as they used to say in the port, like a sailor.
Sources close to the mayor expect a resignation.
A number of researchers date the wall to the ninth century.
It has long been claimed that the well is poisoned.
It is now generally accepted that the tower leans.
It's said the well is poisoned.
The ship, it is thought, was sold.
By most accounts the harvest was poor.
There is a rumour that the ship sank.
Those in the know expect a resignation.
Many consider the tower ugly.
Some see the tower as a warning.
The tower is considered by many to be ugly.
Legend holds that the tower was built by giants.
There are indications that the ship was sold.
There is growing evidence that the ship was sold.
I am told the ship was sold.
As has often been pointed out, the ship was old.
A survey found that coffee helps.
"""
HEDGED = """
One might conclude that the ship was sold.
It could be said that the ship was a symbol.
The ship was perhaps sold.
It seems that the ship was sold.
It was established in 1905.
It is known as the Old Mill.
Some ships were sold, others were burned.
The Board considers the tower ugly.
"""
NAMED = """
A survey by the Harbour Board found that coffee helps.
A report published in the Fenland Gazette says the bridge is unsafe.
He estimated that most of the ships were sold.
It was reported by the Fenland Gazette that the ship was sold.
It is estimated by the Harbour Board that a hundred ships were sold.
"""


def citation(text):
    return source_sentences(text, sentences(text))[0].citation


@pytest.mark.parametrize("text", VAGUE.strip().splitlines())
def test_gestures_at_a_source_that_nobody_could_find(text):
    assert citation(text) == "vague"


@pytest.mark.parametrize("text", HEDGED.strip().splitlines())
def test_a_hedge_hands_the_matter_to_nobody(text):
    assert citation(text) == "none"


@pytest.mark.parametrize("text", NAMED.strip().splitlines())
def test_a_named_source_is_explicit(text):
    assert citation(text) == "explicit"
