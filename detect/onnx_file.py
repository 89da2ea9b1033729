"""What an ONNX file asks for besides itself, read from its bytes without running or loading it.

A model that comes from elsewhere must stand alone: weights in other files could name any path, and
operators of other makers need libraries that would run as code. The file is a protocol buffer
(https://protobuf.dev/programming-guides/encoding/) whose numbers `onnx.proto` states; only the
fields that may lead out of the file are followed.
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Final

from detect.errors import DetectError

KNOWN_DOMAINS: Final = frozenset({"", "ai.onnx"})
"""Of the standard operators; other makers' may load libraries, or read files that they name."""
MOST_DEPTH: Final = 16
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5


class _Kind(StrEnum):
    """The messages that are followed."""

    MODEL = "model"
    OPSET = "opset"
    FUNCTION = "function"
    GRAPH = "graph"
    NODE = "node"
    ATTRIBUTE = "attribute"
    TENSOR = "tensor"
    SPARSE = "sparse"


_INSIDE: Final[Mapping[_Kind, Mapping[int, _Kind]]] = {
    _Kind.MODEL: {7: _Kind.GRAPH, 8: _Kind.OPSET, 25: _Kind.FUNCTION},
    _Kind.OPSET: {},
    _Kind.FUNCTION: {7: _Kind.NODE, 9: _Kind.OPSET, 11: _Kind.ATTRIBUTE},
    _Kind.GRAPH: {1: _Kind.NODE, 5: _Kind.TENSOR, 15: _Kind.SPARSE},
    _Kind.NODE: {5: _Kind.ATTRIBUTE},
    _Kind.ATTRIBUTE: {
        5: _Kind.TENSOR,
        6: _Kind.GRAPH,
        10: _Kind.TENSOR,
        11: _Kind.GRAPH,
        22: _Kind.SPARSE,
        23: _Kind.SPARSE,
    },
    _Kind.TENSOR: {},
    _Kind.SPARSE: {1: _Kind.TENSOR, 2: _Kind.TENSOR},
}
_DOMAIN: Final[Mapping[_Kind, int]] = {_Kind.OPSET: 1, _Kind.NODE: 7, _Kind.FUNCTION: 10}
_EXTERNAL_DATA: Final = 13
_DATA_LOCATION: Final = 14


class NotAlone(DetectError):
    """A model file is damaged, or asks for files or code that do not come with it."""

    def __init__(self, name: str, zh: str, en: str) -> None:
        super().__init__(f"模型文件 {name} 不能用：{zh}", f"model file {name} is refused: {en}")
        self.name = name


def check_alone(name: str, content: bytes) -> None:
    """Refuse a model file that does not stand alone.

    Raises:
        NotAlone: it is no ONNX file, keeps weights elsewhere, or uses operators of other makers.
    """
    try:
        _follow(name, memoryview(content), _Kind.MODEL, depth=0)
    except (ValueError, IndexError) as error:
        raise NotAlone(
            name,
            "不是完整的 ONNX 文件；请重新取得模型包",
            "it is no whole ONNX file; fetch the package again",
        ) from error


def _follow(name: str, part: memoryview, kind: _Kind, *, depth: int) -> None:
    if depth > MOST_DEPTH:
        raise ValueError("nested too deeply")
    for number, value in _fields(part):
        if kind is _Kind.TENSOR:
            _check_tensor(name, number, value)
        if number == _DOMAIN.get(kind) and isinstance(value, memoryview):
            _check_domain(name, bytes(value).decode())
        inside = _INSIDE[kind].get(number)
        if inside is not None:
            if not isinstance(value, memoryview):
                raise ValueError("a message is a number")
            _follow(name, value, inside, depth=depth + 1)


def _check_tensor(name: str, number: int, value: int | memoryview) -> None:
    if number == _EXTERNAL_DATA or (number == _DATA_LOCATION and value != 0):
        raise NotAlone(
            name,
            "权重放在别的文件里；请把权重并入 ONNX 文件后重新打包",
            "it keeps weights in other files; put them into the ONNX file and package it again",
        )


def _check_domain(name: str, domain: str) -> None:
    if domain not in KNOWN_DOMAINS:
        raise NotAlone(
            name,
            f"用了 {domain!r} 的自定义算子，需要外部代码库；请改用标准算子",
            f"it uses operators of {domain!r}, which need a library; use standard operators",
        )


def _fields(part: memoryview) -> Iterator[tuple[int, int | memoryview]]:
    """Give the fields of one message: number, and its value or its bytes."""
    at = 0
    while at < len(part):
        tag, at = _varint(part, at)
        number, wire = tag >> 3, tag & 7
        if wire == _VARINT:
            value, at = _varint(part, at)
            yield number, value
            continue
        if wire == _BYTES:
            size, at = _varint(part, at)
        elif wire in {_FIXED64, _FIXED32}:
            size = 8 if wire == _FIXED64 else 4
        else:
            raise ValueError(f"wire type {wire}")
        if number == 0 or at + size > len(part):
            raise ValueError("a field is cut off")
        yield number, part[at : at + size]
        at += size


def _varint(part: memoryview, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        byte = part[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
    raise ValueError("a number is too long")
