from dataclasses import replace

from annotator.profile import profile, sections
from annotator.record import AnnotatedSentence, Block, Claim, Place, Sourcing, Verdict

from .test_writing import ITEM, SOURCE


def item(index, label="documented_fact", citation="none", sources=(), block="body", **rest):
    start = 100 * index
    sentence = replace(ITEM.sentence, index=index, start=start, end=start + 90, block=Block(start, start + 90, block))
    verdict = Verdict(label, {label: 1.0}, index == 0, (), index == 0)
    return AnnotatedSentence(sentence, verdict, Sourcing(citation, "author", sources, **rest))


ITEMS = [
    item(0, citation="explicit", sources=(SOURCE,), claims=(Claim("x", 1, 2, "Sedov"),)),
    item(1, citation="carried", sources=(replace(SOURCE, carried_from=0),), claims=(Claim("x", 1, 2, "Sedov"),)),
    item(2),
    item(3, "no_claim", block="heading"),
    item(4, "unsupported", "vague", vague=(Place("they say", 401, 409),)),
    item(5, citation="explicit", sources=(replace(SOURCE, text="SEDOV"), replace(SOURCE, text="Pravda"))),
    item(6, "unsupported", "vague"),
]


def test_profile_counts():
    found = profile(ITEMS)
    del found["sections"], found["vague_authorities"]
    assert found == {
        "labels": {"documented_fact": 4, "no_claim": 1, "unsupported": 2},
        "citations": {"explicit": 2, "carried": 1, "vague": 2, "none": 2},
        "voices": {"author": 7, "reported": 0, "quoted": 0, "rebutted": 0},
        "claims": 6,
        "claims_with_source": 3,
        "claims_with_source_share": 0.5,
        "needs_review": 1,
        "abstained": 1,
        "longest_unsourced_stretch": 2,
        "longest_unsourced": {"first": 2, "last": 4, "start": 200, "end": 490},
        "single_source_claims": 2,
    }


def test_profile_by_section():
    rows = profile(ITEMS)["sections"]
    assert [(row["heading"], row["start"], row["end"]) for row in rows] == [
        (None, 0, 290),
        (ITEM.sentence.text, 300, 690),
    ]
    assert [(row["sentences"], row["claims"], row["claims_with_source_share"]) for row in rows] == [
        (3, 3, 0.6667),
        (3, 3, 0.3333),
    ]
    assert [row["longest_unsourced_stretch"] for row in rows] == [1, 1]


def test_headings_without_text_between_them_are_one_section():
    two = [item(0, "no_claim", block="heading"), item(1, "no_claim", block="heading"), item(2)]
    ((heading, found),) = sections(two)
    assert (heading, found) == (two[1], [two[2]])
    assert list(sections(two[:1])) == []


def test_vague_authorities_with_their_words_where_the_rules_know_them():
    assert profile(ITEMS)["vague_authorities"] == [
        {"index": 4, "text": "they say", "start": 401, "end": 409},
        {"index": 6, "text": None, "start": 600, "end": 690},
    ]


def test_profile_of_nothing_has_no_share():
    found = profile([])
    assert (found["claims_with_source_share"], found["longest_unsourced"], found["sections"]) == (None, None, [])
