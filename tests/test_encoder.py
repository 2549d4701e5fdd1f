import dataclasses
import json

import numpy as np
import pytest

from annotator.encoder import CONFIG, NETWORK, TOKENIZER, Encoder, EncoderConfig, read_config
from annotator.errors import ModelError
from annotator.record import Block, Sentence

READING = EncoderConfig(("a", "b"), ("x", "y"), window_tokens=32, sentence_tokens=12, overlap_tokens=8)
ODD = ["", " ", "\x00", "\ud800 alone", "\u200b", "w" * 10_000, "word " * 10_000, "𝔘𝔫𝔦", "\u202eback", "é" * 300, "?!"]


def sentences(texts):
    block = Block(0, sum(map(len, texts)), "body")
    return [Sentence(number, 0, len(text), text, block) for number, text in enumerate(texts)]


def write_config(folder, **changes):
    (folder / CONFIG).write_text(json.dumps(READING.to_json() | changes), encoding="utf-8")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A tiny random network with the inputs and outputs of a real one."""
    onnx = pytest.importorskip("onnx", reason="a network can only be made with onnx")
    pytest.importorskip("onnxruntime", reason="a network can only be run with onnxruntime")
    tokenizers = pytest.importorskip("tokenizers", reason="needs the package tokenizers")
    place = tmp_path_factory.mktemp("encoder")
    write_config(place)
    vocabulary = {"[PAD]": 0, "[UNK]": 1, "[CLS]": 2, "[SEP]": 3, "word": 4, "other": 5, "more": 6}
    tokenizer = tokenizers.Tokenizer(tokenizers.models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    tokenizer.save(str(place / TOKENIZER))
    onnx.save(tiny_network(onnx, len(vocabulary)), place / NETWORK)
    return place


def tiny_network(onnx, words):
    """Answers of a sentence: the mean of random vectors of its tokens."""
    helper, kind = onnx.helper, onnx.TensorProto
    table = np.random.default_rng(0).normal(size=(words, 4)).astype(np.float32)
    nodes = [
        helper.make_node("Gather", ["table", "ids"], ["states"]),
        helper.make_node("MatMul", ["pooling", "states"], ["answers"]),
    ]
    shapes = {
        "ids": (kind.INT64, ["w", "t"]),
        "mask": (kind.INT64, ["w", "t"]),
        "pooling": (kind.FLOAT, ["w", "s", "t"]),
    }
    inputs = [helper.make_tensor_value_info(name, *shape) for name, shape in shapes.items()]
    output = helper.make_tensor_value_info("answers", kind.FLOAT, ["w", "s", 4])
    graph = helper.make_graph(nodes, "tiny", inputs, [output], [onnx.numpy_helper.from_array(table, "table")])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def test_one_row_a_sentence_and_documents_apart(folder):
    encoder = Encoder.load(folder)
    found = encoder.encode_documents([sentences(["word", "other more"]), sentences([]), sentences(["more"])])
    assert [array.shape for array in found] == [(2, 4), (0, 4), (1, 4)]
    assert encoder.columns == ("a", "b", "citation:x", "citation:y")
    assert encoder.encode_documents([]) == []


def test_an_answer_goes_to_its_own_sentence(folder):
    encoder = Encoder.load(folder)
    texts = ["word", "other other", "more", "word more", "other"] * 30
    alone = {text: encoder.encode_documents([sentences([text])])[0][0] for text in set(texts)}
    together = encoder.encode_documents([sentences(texts), sentences(texts[3:])])
    for text, row in zip(texts + texts[3:], np.concatenate(together), strict=True):
        assert row == pytest.approx(alone[text], abs=1e-5)


def test_a_long_sentence_is_read_up_to_its_limit(folder):
    encoder = Encoder.load(folder)
    short, long, longer = encoder.encode_documents([sentences(["word " * n + "more"]) for n in (10, 11, 5000)])
    assert long == pytest.approx(longer)
    assert short != pytest.approx(long)


def test_odd_text_is_answered(folder):
    found = Encoder.load(folder).encode_documents([sentences(ODD)])[0]
    assert found.shape == (len(ODD), 4)
    assert np.isfinite(found).all()


@pytest.mark.parametrize("name", [CONFIG, NETWORK, TOKENIZER])
@pytest.mark.parametrize("damage", ["missing", "cut", "foreign"])
def test_a_damaged_folder_is_refused(folder, tmp_path, name, damage):
    for file in (CONFIG, NETWORK, TOKENIZER):
        (tmp_path / file).write_bytes((folder / file).read_bytes())
    if damage == "missing":
        (tmp_path / name).unlink()
    else:
        content = (tmp_path / name).read_bytes()
        (tmp_path / name).write_bytes(content[: len(content) // 2] if damage == "cut" else b"[1, 2]")
    with pytest.raises(ModelError) as caught:
        Encoder.load(tmp_path)
    assert "\n" not in str(caught.value)
    assert str(tmp_path) in str(caught.value)


def test_a_network_with_other_answers_is_refused(folder, tmp_path):
    for file in (NETWORK, TOKENIZER):
        (tmp_path / file).write_bytes((folder / file).read_bytes())
    write_config(tmp_path, labels=["a", "b", "c"])
    with pytest.raises(ModelError, match="description"):
        Encoder.load(tmp_path)


def test_another_format_is_refused(tmp_path):
    write_config(tmp_path, format=99)
    with pytest.raises(ModelError, match="format 99"):
        read_config(tmp_path)


def test_config_survives_its_file(tmp_path):
    write_config(tmp_path, more="ignored")
    assert read_config(tmp_path) == READING


class Recorder:
    """Passes windows on to a network and keeps what it was asked."""

    def __init__(self, session):
        self.session, self.asked = session, []

    def run(self, names, arrays):
        self.asked.append(arrays["ids"][0].tolist())
        return self.session.run(names, arrays)


def test_a_document_of_several_windows_is_read_again_cut_elsewhere(folder):
    whole = Encoder.load(folder)
    session = Recorder(whole._session)
    twice = Encoder(dataclasses.replace(READING, readings=2), whole._tokenizer, session)
    short, long = sentences(["word", "other more"]), sentences(["word other", "more", "other other more"] * 9)
    assert twice.encode_documents([short])[0] == pytest.approx(whole.encode_documents([short])[0])
    assert len(session.asked) == 1
    assert twice.encode_documents([long])[0] == pytest.approx(whole.encode_documents([long])[0], abs=1e-5)
    firsts = [ids for ids in session.asked[1:] if ids[:4] == session.asked[1][:4]]
    assert len({len(ids) for ids in firsts}) > 1
    assert twice.encode_documents([[]])[0].shape == (0, 4)
