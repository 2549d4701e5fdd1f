"""Sentences a second, end to end, beside plain spaCy and a bare TF-IDF pipeline in the same run.

    python benchmarks/throughput.py [--documents 10000] [--model NAME]

Documents are made of the sentences of ``seeds/``, shuffled, so nothing but the project is needed. Each system reads the
same JSONL file and writes its answers as JSON lines. CPU seconds are counted, not wall clock, because machines are
noisy: read the ratios. For the annotator the memory in use is printed at each tenth of the run.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

SEEDS = Path(__file__).parent.parent / "seeds"
SENTENCES = 25
MEGABYTE = 1 << 20


def write_documents(path: Path, count: int) -> None:
    """Write `count` documents of paragraphs made of seed sentences in random order."""
    with open(SEEDS / "sentences.jsonl", encoding="utf-8") as stream:
        texts = [json.loads(line)["text"] for line in stream]
    random.seed(1921)
    with open(path, "w", encoding="utf-8") as out:
        for number in range(count):
            chosen = random.choices(texts, k=SENTENCES)
            paragraphs = [" ".join(chosen[start : start + 5]) for start in range(0, SENTENCES, 5)]
            out.write(json.dumps({"id": f"d{number}", "text": "\n\n".join(paragraphs)}) + "\n")


def texts(path: Path) -> Iterator[str]:
    """Texts of the documents, one by one."""
    with open(path, encoding="utf-8") as stream:
        for line in stream:
            yield json.loads(line)["text"]


def memory() -> float:
    """Memory in use now, in megabytes."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / MEGABYTE


def annotator(path: Path, out: Path, model: str | None, documents: int) -> int:
    """The product itself: read, split, attribute, classify, write."""
    from annotator.batch import annotate_all, rare_collections
    from annotator.model_store import load_model
    from annotator.reading import find_files, read_documents
    from annotator.writing import lines, open_output

    loaded, sentences, tenth = load_model(model), 0, max(1, documents // 10)
    with rare_collections(), open_output(str(out)) as stream:
        for number, document in enumerate(annotate_all(read_documents(find_files([str(path)])), loaded), 1):
            stream.write(lines(document))
            sentences += len(document.sentences)
            if number % tenth == 0:
                print(f"  {number:>7,} documents {memory():6.0f} MB", flush=True)
    return sentences


def sentencizer(path: Path, out: Path) -> int:
    """Plain spaCy: its rule-based sentence splitter and nothing else."""
    import spacy

    nlp, sentences = spacy.blank("en"), 0
    nlp.add_pipe("sentencizer")
    with open(out, "w", encoding="utf-8") as stream:
        for doc in nlp.pipe(texts(path), batch_size=64):
            for sentence in doc.sents:
                stream.write(json.dumps({"text": sentence.text}) + "\n")
                sentences += 1
    return sentences


def bare_tfidf(path: Path, out: Path) -> int:
    """The sentencizer, TF-IDF of words and logistic regression trained on the seeds: a label and no more."""
    import spacy
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    rows = [json.loads(line) for line in (SEEDS / "sentences.jsonl").read_text(encoding="utf-8").splitlines()]
    model = make_pipeline(TfidfVectorizer(ngram_range=(1, 2)), LogisticRegression(max_iter=1000))
    model.fit([row["text"] for row in rows], [row["label"] for row in rows])
    nlp, sentences = spacy.blank("en"), 0
    nlp.add_pipe("sentencizer")
    with open(out, "w", encoding="utf-8") as stream:
        for doc in nlp.pipe(texts(path), batch_size=64):
            found = [sentence.text for sentence in doc.sents]
            for text, label in zip(found, model.predict(found), strict=True):
                stream.write(json.dumps({"text": text, "label": label}) + "\n")
            sentences += len(found)
    return sentences


def timed(name: str, run: Callable[[], int]) -> float:
    """Run a system and print its speed; returns sentences a CPU second."""
    start = time.process_time()
    sentences = run()
    seconds = time.process_time() - start
    print(
        f"{name:<28} {sentences:>9,} sentences {seconds:8.1f} CPU s {sentences / seconds:>9,.0f} a second", flush=True
    )
    return sentences / seconds


def main() -> None:
    """Measure the three systems on the same documents."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--model")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path, out = Path(folder) / "documents.jsonl", Path(folder) / "out.jsonl"
        write_documents(path, options.documents)
        plain = timed("spaCy sentencizer", lambda: sentencizer(path, out))
        bare = timed("sentencizer + TF-IDF + LR", lambda: bare_tfidf(path, out))
        ours = timed("annotator, end to end", lambda: annotator(path, out, options.model, options.documents))
    print(f"annotator / sentencizer {ours / plain:.2f}   annotator / bare TF-IDF {ours / bare:.2f}")


if __name__ == "__main__":
    main()
