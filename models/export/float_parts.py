"""Which parts of a network lose most in 8 bits and so keep computing in single precision."""

from typing import Final

import onnx

from models.errors import ModelsError

FIRST_CONVOLUTIONS: Final = 6
"""Counted from the input: the two that shrink the frame and the first block. Their few channels
span wide ranges: on street-n, keeping them takes the mean error of log odds from 0.35 to 0.20
and costs 6 % of the time (the first two alone: 0.24 at no cost; one more convolution at the end:
nothing gained at 13 %)."""

LAST_CONVOLUTIONS: Final = 1
"""Counted from the output. They and the decoding put boxes of 0 to 640 beside scores of 0 to 1,
which one scale of 256 steps cannot hold."""


class NothingToQuantise(ModelsError):
    """A network has no convolutions between its first and its last ones."""

    def __init__(self) -> None:
        super().__init__(
            "网络首尾之间没有卷积，量化没有意义；请只用 fp32",
            "there are no convolutions between the first and the last; use fp32 alone",
        )


def float_parts(graph: onnx.GraphProto) -> list[str]:
    """Name the nodes that stay in single precision.

    These are everything from the input up to and with the activation of its first convolutions,
    and everything from the last convolutions that learnt something to the output. Decoding
    counts for nothing: a convolution without bias there only sums a fixed distribution.

    Raises:
        NothingToQuantise: that is the whole network.
    """
    kept = _first(graph) | _last(graph)
    if all(node.name in kept for node in graph.node if node.op_type == "Conv"):
        raise NothingToQuantise
    return [node.name for node in graph.node if node.name in kept]


def _first(graph: onnx.GraphProto) -> set[str]:
    """Walk forward; nodes stand in the order in which they run."""
    depth = {part.name: 0 for part in graph.input}
    found: set[str] = set()
    for node in graph.node:
        before = max((depth[name] for name in node.input if name in depth), default=None)
        if before is None:
            continue
        after = before + _learns(node)
        if after <= FIRST_CONVOLUTIONS:
            found.add(node.name)
        depth.update(dict.fromkeys(node.output, after))
    return found


def _last(graph: onnx.GraphProto) -> set[str]:
    """Walk backward; the shape of a tensor says nothing of its values and is not followed."""
    makers = {name: node for node in graph.node for name in node.output}
    found: set[str] = set()
    ways = [(part.name, LAST_CONVOLUTIONS) for part in graph.output]
    while ways:
        name, left = ways.pop()
        node = makers.get(name)
        if node is None or left == 0 or node.op_type == "Shape":
            continue
        seen = node.name in found
        found.add(node.name)
        if not seen:
            ways += [(given, left - _learns(node)) for given in node.input]
    return found


def _learns(node: onnx.NodeProto) -> bool:
    return node.op_type == "Conv" and len(node.input) > 2


def name_nodes(graph: onnx.GraphProto) -> None:
    """Give every node without a name one of its own."""
    for index, node in enumerate(graph.node):
        node.name = node.name or f"{node.op_type}_{index}"
