"""Folding: a model that takes decoded frames answers as it did before."""

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper

from models.export.fold import CannotFold, fold_pixels

RNG = np.random.default_rng(4)


def network(*, halved: bool = False, heads: int = 1, groups: int = 1) -> onnx.ModelProto:
    """Give convolutions that read the input side by side."""
    weights = [RNG.normal(0, 0.1, (4, 3 // groups, 3, 3)).astype(np.float32) for _ in range(heads)]
    if groups > 1:
        weights = [w.repeat(3, 0)[:6] for w in weights]
    nodes, tensors = [], []
    for i, values in enumerate(weights):
        name = f"w{i}"
        if halved:
            tensors.append(numpy_helper.from_array(values.astype(np.float16), f"{name}_half"))
            nodes.append(helper.make_node("Cast", [f"{name}_half"], [name], to=TensorProto.FLOAT))
        else:
            tensors.append(numpy_helper.from_array(values, name))
        nodes.append(
            helper.make_node("Conv", ["images", name], [f"out{i}"], pads=[1, 1, 1, 1], group=groups)
        )
    outs = [
        helper.make_tensor_value_info(f"out{i}", TensorProto.FLOAT, [None] * 4)
        for i in range(heads)
    ]
    given = helper.make_tensor_value_info("images", TensorProto.FLOAT, ["n", 3, "h", "w"])
    graph = helper.make_graph(nodes, "first", [given], outs, tensors)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)


def answers(model: onnx.ModelProto, values: np.ndarray) -> list[np.ndarray]:
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    return session.run(None, {"images": values})


@pytest.mark.parametrize("halved", [False, True])
@pytest.mark.parametrize("heads", [1, 2])
def test_a_folded_model_sees_in_decoded_bytes_what_it_saw_before(halved, heads) -> None:
    model = network(halved=halved, heads=heads)
    bgr = RNG.integers(0, 256, (1, 3, 16, 24)).astype(np.float32)
    before = answers(model, bgr[:, ::-1] / np.float32(255))

    fold_pixels(model)

    onnx.checker.check_model(model)
    for after, expected in zip(answers(model, bgr), before, strict=True):
        np.testing.assert_allclose(after, expected, atol=1e-5)


def test_folding_leaves_no_weights_behind_that_nothing_reads() -> None:
    model = network(halved=True)

    fold_pixels(model)

    read = {name for node in model.graph.node for name in node.input}
    assert {tensor.name for tensor in model.graph.initializer} <= read
    assert [node.op_type for node in model.graph.node] == ["Conv"]


def test_weights_that_another_step_reads_too_are_left_to_it() -> None:
    model = network()
    model.graph.node.append(helper.make_node("Neg", ["w0"], ["negative"]))
    model.graph.output.append(
        helper.make_tensor_value_info("negative", TensorProto.FLOAT, [None] * 4)
    )
    pixels = np.ones((1, 3, 8, 8), np.float32)
    before = answers(model, pixels)[1]

    fold_pixels(model)

    np.testing.assert_array_equal(answers(model, pixels)[1], before)


def test_an_input_that_no_convolution_takes_cannot_be_folded() -> None:
    model = network()
    model.graph.node.insert(0, helper.make_node("Relu", ["images"], ["bright"]))

    with pytest.raises(CannotFold, match="Relu"):
        fold_pixels(model)


def test_a_convolution_that_keeps_channels_apart_cannot_be_folded() -> None:
    with pytest.raises(CannotFold, match="Conv"):
        fold_pixels(network(groups=3))


def test_a_model_that_is_not_changed_by_a_refusal_still_runs_as_before() -> None:
    model = network(groups=3)
    before = model.SerializeToString()

    with pytest.raises(CannotFold):
        fold_pixels(model)

    assert model.SerializeToString() == before
