import numpy as np
import pytest

from annotator import quantization

onnx = pytest.importorskip("onnx", reason="making a network smaller needs onnx")
onnxruntime = pytest.importorskip("onnxruntime", reason="making a network smaller needs onnxruntime")

WIDTH = 64


def product(path, name):
    weights = np.random.default_rng(0).normal(size=(WIDTH, 8)).astype(np.float32)
    inputs = [onnx.helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, [None, WIDTH])]
    outputs = [onnx.helper.make_tensor_value_info("y", onnx.TensorProto.FLOAT, [None, 8])]
    node = onnx.helper.make_node("MatMul", ["x", "w"], ["y"], name=name)
    graph = onnx.helper.make_graph([node], "g", inputs, outputs, [onnx.numpy_helper.from_array(weights, "w")])
    onnx.save(onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 17)], ir_version=8), str(path))


def typical():
    """A few channels that are far larger than the others on some rows."""
    x = np.random.default_rng(1).normal(size=(40, WIDTH)).astype(np.float32)
    x[::10, [3, 17]] *= 200
    return {"x": x}


def error(path, full):
    (right,), (found,) = (
        onnxruntime.InferenceSession(str(one), providers=["CPUExecutionProvider"]).run(None, typical())
        for one in (full, path)
    )
    plain = np.ones(40, dtype=bool)
    plain[::10] = False
    return np.abs(right - found)[plain].mean()


@pytest.mark.filterwarnings("ignore")
def test_large_channels_don_t_spoil_the_others(tmp_path):
    errors = []
    for number, name in enumerate(["/body/layer.0/output/dense/MatMul", "/elsewhere/MatMul"]):
        full, small = tmp_path / f"{number}.onnx", tmp_path / f"{number}.small.onnx"
        product(full, name)
        quantization.quantize(full, small, [typical()])
        errors.append(error(small, full))
    assert errors[0] < errors[1] / 10
    assert sorted(path.name for path in tmp_path.iterdir()) == ["0.onnx", "0.small.onnx", "1.onnx", "1.small.onnx"]
