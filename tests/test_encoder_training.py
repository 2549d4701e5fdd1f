import json
import random
from dataclasses import replace

import numpy as np
import pytest

from annotator import encoder, encoder_network, encoder_trainer, warm_start
from annotator.encoder import Encoder, EncoderConfig
from annotator.encoder_trainer import TrainingConfig
from annotator.encoder_training import out_of_fold, train_encoder
from annotator.errors import ModelError
from annotator.gold import LabelledSentence, rebuild
from annotator.marked import FLAGS, MARKS, Marked
from annotator.marking import marked_spans
from annotator.record import Span

torch = pytest.importorskip("torch", reason="training the encoder needs torch")
transformers = pytest.importorskip("transformers", reason="training the encoder needs transformers")
tokenizers = pytest.importorskip("tokenizers", reason="training the encoder needs tokenizers")
pytest.importorskip("onnx", reason="writing the encoder needs onnx")
pytest.importorskip("onnxruntime", reason="writing the encoder needs onnxruntime")
pytestmark = pytest.mark.filterwarnings("ignore")

TEXTS = ["green said it was red", "it was blue", "red said it was green"]
WORDS = ["red", "green", "blue", "said", "it", "was"]


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    """A tiny untrained transformer."""
    place = tmp_path_factory.mktemp("base")
    torch.manual_seed(0)
    vocabulary = {word: number for number, word in enumerate(["[PAD]", "[UNK]", "[CLS]", "[SEP]", *WORDS])}
    tokenizer = tokenizers.Tokenizer(tokenizers.models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    tokenizer.save(str(place / encoder.TOKENIZER))
    shape = {"hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 32}
    transformers.BertModel(transformers.BertConfig(vocab_size=len(vocabulary), **shape)).save_pretrained(place)
    return place


def labelled(documents, soft=False):
    """The label is the colour, and `said` makes a citation."""
    chance, found = random.Random(1), []
    for document in range(documents):
        for index in range(12):
            colour, cited = chance.choice(["red", "green"]), chance.random() < 0.5
            text = f"it was {colour} {'said it' if cited else 'it was'}"
            shares = {"red": 0.9, "green": 0.1} if colour == "red" else {"red": 0.1, "green": 0.9}
            found.append(
                LabelledSentence(
                    f"{document}.{index}", f"d{document}", text, colour, "explicit" if cited else "none",
                    probabilities=shares if soft else None,
                )
            )  # fmt: skip
    return found


def gold_documents(number):
    sentences = labelled(number)
    return [rebuild(sentences[begin : begin + 12]) for begin in range(0, len(sentences), 12)]


def config(base, **changes):
    settings = {"soft_epochs": 1, "epochs": 8, "rate": 5e-3, "soft_rate": 5e-3, "head_rate": 1e-2, "threads": 1}
    return TrainingConfig(base, window_tokens=48, batch=4, **(settings | changes))


def test_learns_and_exports(base, tmp_path):
    documents = gold_documents(20)
    train_encoder(documents, labelled(6, soft=True), config(base), tmp_path, lambda line: None)
    reader = Encoder.load(tmp_path)
    answers = np.concatenate(reader.encode_documents([document.sentences for document in documents]))
    truth = [sentence for document in documents for sentence in document.labelled]
    columns = reader.config.labels
    assert np.mean([columns[row[:2].argmax()] == one.label for row, one in zip(answers, truth, strict=True)]) > 0.95
    described = json.loads((tmp_path / encoder.CONFIG).read_text())
    assert described["data"] == {
        "gold_sentences": 240, "gold_documents": 20, "soft_sentences": 72, "soft_documents": 6, "marked_sentences": 0,
    }  # fmt: skip


class StoppedError(Exception):
    """Stands in for a power cut."""


def test_a_stopped_run_goes_on_to_the_same_weights(base, tmp_path, monkeypatch):
    settings = config(base, epochs=3, checkpoint_seconds=0.0)
    train_encoder(gold_documents(8), [], settings, tmp_path / "whole", lambda line: None)
    steps = iter(range(10))

    def step(self, windows, optimizer):
        if next(steps) == 7:
            raise StoppedError
        return original(self, windows, optimizer)

    original = encoder_trainer.Trainer._step
    with monkeypatch.context() as patched:
        patched.setattr(encoder_trainer.Trainer, "_step", step)
        with pytest.raises(StoppedError):
            train_encoder(gold_documents(8), [], settings, tmp_path / "cut", lambda line: None)
    said = []
    train_encoder(gold_documents(8), [], settings, tmp_path / "cut", said.append)
    assert said[0] == "goes on at step 7"
    whole, cut = (torch.load(tmp_path / name / "work" / "gold.pt") for name in ("whole", "cut"))
    assert all(torch.equal(whole[name], cut[name]) for name in whole)


def test_out_of_fold_answers_every_sentence(base, tmp_path):
    documents = gold_documents(6)
    found = out_of_fold(documents, [], config(base, epochs=1), tmp_path, 3, lambda line: None)
    assert [array.shape for array in found] == [(12, 6)] * 6  # two labels, four citation values
    assert sorted(path.name for path in tmp_path.glob("fold*")) == ["fold0", "fold1", "fold2"]


def marked_documents(number):
    """Who says it stands before `said`."""
    rows = zip(TEXTS, ["green", None, "red"], strict=True)
    document = [
        Marked(
            text,
            {"attribution": name is not None, "attributed": name is not None},
            {
                "source": (Span(0, len(name)),) if name else (),
                "cue": (Span(len(name) + 1, len(name) + 5),) if name else (),
            },
        )
        for text, name in rows
    ]
    return [document] * number


def test_learns_to_mark_sources_and_cues(base, tmp_path):
    settings = config(base, epochs=12, replay=2.0, renamed=0.0)
    train_encoder(
        gold_documents(8), labelled(2, soft=True), settings, tmp_path, lambda line: None, marked_documents(30)
    )
    reader = Encoder.load(tmp_path)
    assert (reader.config.flags, reader.config.marks) == (FLAGS, MARKS)
    document = rebuild([replace(one, text=text) for one, text in zip(labelled(1), TEXTS, strict=False)]).sentences
    reading = reader.read(document)
    first, second, _ = marked_spans(reading, document, reader.config.marks)
    assert [span.start for span in first["source"] if span.chance > 0.5] == [0]
    assert [span.start for span in first["cue"] if span.chance > 0.5] == [6]
    assert [span for span in second["cue"] if span.chance > 0.5] == []
    flag = reader.columns.index("attribution")
    assert reading.answers[0, flag] > 0 > reading.answers[1, flag]


def test_training_goes_on_from_a_finished_encoder(base, tmp_path):
    documents = gold_documents(20)
    train_encoder(documents, [], config(base), tmp_path / "one", lambda line: None)
    finished = Encoder.load(tmp_path / "one")
    network = encoder_network.build_network(base, finished.config, plain=True)
    warm_start.start_from(network, tmp_path / "one" / encoder.NETWORK)
    trained = torch.load(tmp_path / "one" / "work" / "gold.pt")
    for name, values in network.state_dict().items():
        if not name.startswith("heads"):
            assert torch.allclose(values, trained[name], atol=0.02), name


def test_an_encoder_with_marks_is_a_start_for_one_without(base, tmp_path):
    train_encoder(gold_documents(8), [], config(base, epochs=1), tmp_path / "one", print, marked_documents(3))
    network = encoder_network.build_network(base, EncoderConfig(("a", "b")), plain=True)
    warm_start.start_from(network, tmp_path / "one" / encoder.NETWORK)
    trained = torch.load(tmp_path / "one" / "work" / "gold.pt")
    assert torch.allclose(network.state_dict()["hidden.weight"], trained["hidden.weight"], atol=0.02)


def test_an_encoder_of_another_shape_is_no_start(base, tmp_path):
    train_encoder(gold_documents(8), [], config(base, epochs=1), tmp_path / "one", lambda line: None)
    other = tmp_path / "other"
    other.mkdir()
    shape = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 32}
    transformers.BertModel(transformers.BertConfig(vocab_size=10, **shape)).save_pretrained(other)
    network = encoder_network.build_network(other, Encoder.load(tmp_path / "one").config)
    with pytest.raises(ModelError, match="another shape"):
        warm_start.start_from(network, tmp_path / "one" / encoder.NETWORK)


def test_stages_are_averaged_with_the_start(base, tmp_path):
    documents = gold_documents(8)
    soft = [replace(one, probabilities={"a": 0.9, "b": 0.1}) for one in labelled(12)]
    train_encoder(documents, soft, config(base, soft_epochs=1, epochs=1), tmp_path / "one", lambda line: None)
    again = config(base, soft_epochs=1, epochs=1, joint_epochs=1, start=tmp_path / "one" / encoder.NETWORK)
    train_encoder(documents, soft, again, tmp_path / "two", lambda line: None)
    weights = {path.stem: torch.load(path) for path in (tmp_path / "two" / "work").glob("*.pt")}
    assert set(weights) == {"start", "soft", "gold", "joint"}
    trained = torch.load(tmp_path / "one" / "work" / "gold.pt")
    assert torch.allclose(weights["start"]["heads.weight"], trained["heads.weight"], atol=0.02)
    mean = sum(one["hidden.weight"] for one in weights.values()) / 4
    network = encoder_network.build_network(base, Encoder.load(tmp_path / "two").config, plain=True)
    warm_start.start_from(network, tmp_path / "two" / encoder.NETWORK)
    assert torch.allclose(network.state_dict()["hidden.weight"], mean, atol=0.02)
    assert not torch.allclose(weights["gold"]["hidden.weight"], weights["joint"]["hidden.weight"], atol=1e-4)


def test_a_grown_encoder_begins_with_the_same_answers_and_learns_on(base, tmp_path):
    documents = gold_documents(8)
    train_encoder(documents, [], config(base, epochs=2), tmp_path / "one", lambda line: None)
    start = tmp_path / "one" / encoder.NETWORK
    settings = config(base, epochs=2, start=start, layers=2)
    trainer = encoder_trainer.Trainer(settings, Encoder.load(tmp_path / "one").config, tmp_path / "work", print)
    small = encoder_network.build_network(base, trainer.reading)
    warm_start.start_from(small, start, heads=True)
    batch = [torch.tensor([[2, 4, 5, 3]]), torch.ones(1, 4, dtype=torch.long), torch.full((1, 1, 4), 0.25)]
    with torch.no_grad():
        assert torch.allclose(trainer.network.eval()(*batch), small.eval()(*batch), atol=1e-5)
    train_encoder(documents, [], settings, tmp_path / "two", lambda line: None)
    assert warm_start.layers_of(tmp_path / "two" / encoder.NETWORK) == 2
    new = torch.load(tmp_path / "two" / "work" / "gold.pt")["body.encoder.layer.1.output.dense.weight"]
    assert new.abs().max() > 1e-4
    train_encoder(documents, [], replace(settings, start=tmp_path / "two" / encoder.NETWORK), tmp_path / "three", print)
    assert warm_start.layers_of(tmp_path / "three" / encoder.NETWORK) == 2


def test_a_body_cannot_be_grown_to_more_than_twice_its_layers(base):
    with pytest.raises(ModelError, match="can't be grown"):
        encoder_network.build_network(base, EncoderConfig(("a", "b")), layers=3)


def test_a_stage_ends_with_the_running_mean_of_its_weights(base, tmp_path):
    documents = gold_documents(8)
    last = {}
    for name, mean in (("last", 0.0), ("mean", 0.9)):
        train_encoder(documents, [], config(base, epochs=2, running_mean=mean), tmp_path / name, lambda line: None)
        last[name] = torch.load(tmp_path / name / "work" / "gold.pt")["hidden.weight"]
    assert not torch.allclose(last["last"], last["mean"], atol=1e-4)


def test_a_stopped_run_with_a_running_mean_goes_on_alike(base, tmp_path, monkeypatch):
    settings = config(base, epochs=2, running_mean=0.9, checkpoint_seconds=0.0, renamed=0.0)
    train_encoder(gold_documents(8), [], settings, tmp_path / "whole", lambda line: None)
    steps, step = iter(range(100)), encoder_trainer.Trainer._step

    def stopped(trainer, windows, optimizer):
        if next(steps) == 5:
            raise KeyboardInterrupt
        return step(trainer, windows, optimizer)

    monkeypatch.setattr(encoder_trainer.Trainer, "_step", stopped)
    with pytest.raises(KeyboardInterrupt):
        train_encoder(gold_documents(8), [], settings, tmp_path / "stopped", lambda line: None)
    monkeypatch.undo()
    train_encoder(gold_documents(8), [], settings, tmp_path / "stopped", lambda line: None)
    whole, resumed = (torch.load(tmp_path / name / "work" / "gold.pt") for name in ("whole", "stopped"))
    assert all(torch.allclose(whole[name], resumed[name], atol=1e-5) for name in whole)


def test_runs_of_the_second_stage_are_averaged(base, tmp_path):
    train_encoder(gold_documents(8), [], config(base, epochs=2, runs=3), tmp_path, lambda line: None)
    runs = [torch.load(tmp_path / "work" / f"{name}.pt")["hidden.weight"] for name in ("gold", "gold2", "gold3")]
    assert not torch.allclose(runs[0], runs[1], atol=1e-4)
    network = encoder_network.build_network(base, Encoder.load(tmp_path).config, plain=True)
    warm_start.start_from(network, tmp_path / encoder.NETWORK)
    assert torch.allclose(network.state_dict()["hidden.weight"], sum(runs) / 3, atol=0.02)


def test_a_teacher_alone_is_enough(base, tmp_path):
    settings = config(base, soft_epochs=1, epochs=0)
    train_encoder(gold_documents(2), labelled(6, soft=True), settings, tmp_path, lambda line: None)
    assert Encoder.load(tmp_path).config.labels == ("green", "red")


def test_a_start_with_more_layers_than_asked_is_refused(base, tmp_path):
    train_encoder(gold_documents(8), [], config(base, epochs=1, layers=2), tmp_path / "one", lambda line: None)
    settings = config(base, start=tmp_path / "one" / encoder.NETWORK, layers=1)
    with pytest.raises(ModelError, match="can't be cut to 1"):
        train_encoder(gold_documents(8), [], settings, tmp_path / "two", lambda line: None)
