from dataclasses import replace

from annotator.profile import ledger, profile
from annotator.record import AnnotatedSentence, Source, Sourcing, Verdict

from .test_writing import ITEM, SOURCE


def item(index, label="documented_fact", citation="none", sources=()):
    sentence = replace(ITEM.sentence, index=index)
    return AnnotatedSentence(
        sentence, Verdict(label, {label: 1.0}, index == 0, (), index == 0), Sourcing(citation, "author", sources)
    )


ITEMS = [
    item(0, citation="explicit", sources=(SOURCE,)),
    item(1, citation="carried", sources=(replace(SOURCE, carried_from=0),)),
    item(2),
    item(3, "no_claim"),
    item(4, "unsupported", "vague"),
    item(5, citation="explicit", sources=(replace(SOURCE, text="SEDOV"), replace(SOURCE, text="Pravda"))),
]


def test_profile_counts():
    assert profile(ITEMS) == {
        "labels": {"documented_fact": 4, "no_claim": 1, "unsupported": 1},
        "citations": {"explicit": 2, "carried": 1, "vague": 1, "none": 2},
        "voices": {"author": 6, "reported": 0, "quoted": 0, "rebutted": 0},
        "claims": 5,
        "claims_with_source": 3,
        "claims_with_source_share": 0.6,
        "needs_review": 1,
        "abstained": 1,
        "longest_unsourced_stretch": 2,
    }


def test_profile_of_nothing_has_no_share():
    assert profile([])["claims_with_source_share"] is None


def test_ledger_has_each_source_once():
    rows = ledger(ITEMS)
    assert [(row["text"], row["mentions"], row["sentences"]) for row in rows] == [
        ("Sedov", 2, [0, 1, 5]),
        ("Pravda", 1, [5]),
    ]


def test_ledger_keeps_what_is_known_of_a_source():
    assert isinstance(SOURCE, Source)
    assert (ledger(ITEMS)[0]["kind"], ledger(ITEMS)[0]["traceability"]) == (SOURCE.kind, SOURCE.traceability)
