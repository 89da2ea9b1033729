"""What a machine can run: read from what it says of itself."""

import pytest

from detect.provider import (
    RUNTIME_NAMES,
    Provider,
    names_integer_dot_products,
    providers_to_try,
)

CPU_NAME, CUDA_NAME, TENSORRT_NAME = (
    RUNTIME_NAMES[p] for p in (Provider.CPU, Provider.CUDA, Provider.TENSORRT)
)

SERVER = "processor\t: 0\nflags\t\t: fpu avx512f avx512_vnni\n\nprocessor\t: 1\nflags\t\t: fpu {}\n"


@pytest.mark.parametrize(
    ("cpuinfo", "named"),
    [
        ("", False),
        ("flags\t\t: fpu vme avx2\n", False),
        ("flags\t\t: fpu avx2 avx_vnni\n", True),
        ("flags\t\t: fpu amx_tile amx_int8\n", True),
        ("Features\t: fp asimd asimddp\n", True),
        ("Features\t: fp asimd\n", False),
        ("flags\t\t: fpu avx512_vnni_of_a_kind\n", False),
        (SERVER.format("avx512f avx512_vnni"), True),
        (SERVER.format("avx2"), False),
    ],
)
def test_a_processor_has_integer_dot_products_if_every_core_names_them(cpuinfo, named) -> None:
    assert names_integer_dot_products(cpuinfo) is named


@pytest.mark.parametrize(
    ("asked", "listed", "tried"),
    [
        (None, {CPU_NAME}, ["cpu"]),
        (None, {CPU_NAME, CUDA_NAME}, ["cuda", "cpu"]),
        (None, {CPU_NAME, CUDA_NAME, TENSORRT_NAME}, ["tensorrt", "cuda", "cpu"]),
        (Provider.CPU, {CPU_NAME, CUDA_NAME}, ["cpu"]),
        (Provider.CUDA, {CPU_NAME}, ["cuda", "cpu"]),
    ],
)
def test_the_quickest_that_is_there_comes_first_and_the_processor_last(
    asked, listed, tried
) -> None:
    assert [provider.value for provider in providers_to_try(asked, listed)] == tried
