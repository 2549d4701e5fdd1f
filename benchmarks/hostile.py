"""CPU time of splitting and sourcing on 100,000 characters of hostile runs, and how it grows.

    python benchmarks/hostile.py [--length 100000] [--over 0.1]

Runs of one piece (brackets, quotation marks, figures, marks of notes, cues): the project's own in `RUNS`, and, where
``../shared/badinputs`` is present, its generated texts, naughty strings and splitter cases, each repeated to the
length. Those that take longer than `--over` seconds are printed, the slowest first, with their growth for four times
the length of a quarter: about 4 is linear, 16 is quadratic.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from pathlib import Path

from annotator.sourcing import source_sentences
from annotator.splitting import sentences

SHARED = Path(__file__).parent.parent.parent / "shared" / "badinputs"
WARM_UP = (
    "According to Nora Klein (2001, p. 4), “it rained” [3]. Experts say so. See RGASPI f. 17, op. 3; Matt. 5:3.\n\n"
)
RUNS = (
    "(", ")", "[", "]", "{", "“", "”", "\"", "'", "«", "»", "’", ".", ". ", "...", "!", "?", ",", ";", ":", "-",
    "— ", "*", "_", "#", "> ", "1", "1 ", "1.", "1. ", "12:34 ", "1999", "1999 ", "(1999)", "[1]", "[1] ", "[1",
    "(1)", "¹", "a¹", "A", "a", "A ", "Aa ", "a ", "A. ", "A.B.", "Aa, ", "aa.Aa", "I ", "é", "王", "😀", "\u200b",
    "\u202e", "\n", "\n\n", "\t", " ", "x\n", "- x\n", "1. x\n", "http://", "http://a.b/ ", "www.", "www.a.b ",
    "](", "[a](", "[a](b)", "mailto:a@b.c ", "et al., ", "ibid. ", "op. cit. ", "p. 1 ", "pp. ", "See ",
    "see also ", "cf. ", "vol. 1 ", "10.1000/", "ISBN 1", "Article ", "Article 1 ", "Art. 1 of the ", "of the ",
    "Act ", " v. ", "Aa v. Bb ", "Matt. 5:3 ", "Pravda, ", "March ", "12 March 1929 ", "RGASPI ", "f. 1, ",
    "op. 1, ", "TNA FO ", "said ", "he said ", "he said, ", "said that ", "says he ", "according to ",
    "experts say ", "it is said that ", "sources close to ", "who said that ", "that ", "the ", "by ", "of ",
    "and ", "I think ", "Smith said ", "Smith, Jones, ", "Smith and ", "(Smith 1999) ", "(Smith 1999; ",
    "Smith (1999) ", "(see ", "“a ", "“a” ", "\"a ", "“Aa.” ", "he said: ", "He said: “", "said. ", "Said. ",
    "He said. ", "Dr. ", "e.g. ", "U.S. ", "3.14 ", "a.b.c.", "no ", "not ", "because ", ", who ", ", which ",
    "some ", "many people ", "a number of ", "was reported by ", "the claim that ", "his memoirs ",
    "in his memoirs ", "A.A.", "Source: ", "Source: a\n", "[^1]: a\n", "[^1]", "1 Smith, A. 1999. ", "& ", "<a>",
    "&amp;", "false ", "Mr. ", "a, b, c, ", "(a ", "(a) ", "“(", "(“", "'s ", "n't ", "\x00", "\ufeff", "´", "`",
    "=", "~", "|", "\\", "/", "%",
)  # fmt: skip


def runs() -> Iterator[tuple[str, str]]:
    """Names and pieces: our own, and those of the shared folder where it is present."""
    yield from ((repr(piece), piece) for piece in RUNS)
    if not SHARED.is_dir():
        return
    for line in (SHARED / "generated" / "texts.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        yield f"texts.jsonl {row['id']}", row["text"]
    for number, text in enumerate(json.loads((SHARED / "blns" / "blns.json").read_text("utf-8"))):
        yield f"blns {number}", text
    for path in sorted((SHARED / "splitter").glob("*.jsonl")):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            yield f"{path.name} {number}", json.loads(line)["text"]


def repeated(piece: str, length: int) -> str:
    """A piece over and over, `length` characters in all."""
    return (piece * (length // max(1, len(piece)) + 1))[:length]


def seconds(text: str) -> float:
    """CPU seconds to split a text and source its sentences."""
    start = time.process_time()
    source_sentences(text, sentences(text))
    return time.process_time() - start


def main() -> None:
    """Print what is slow."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--length", type=int, default=100_000)
    parser.add_argument("--over", type=float, default=0.1)
    options = parser.parse_args()
    seconds(WARM_UP)
    found = [(seconds(repeated(piece, options.length)), name, piece) for name, piece in runs() if piece]
    slow = sorted((one for one in found if one[0] > options.over), reverse=True)
    for taken, name, piece in slow:
        quarter = max(seconds(repeated(piece, options.length // 4)), 1e-6)
        print(f"{taken:8.3f} s  x{taken / quarter:5.1f}  {name[:90]}")
    middle = sorted(found)[len(found) // 2][0]
    print(
        f"{len(slow)} of {len(found)} runs over {options.over} s; median {middle:.3f} s, slowest {max(found)[0]:.3f} s"
    )


if __name__ == "__main__":
    main()
