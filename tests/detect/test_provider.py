"""What a machine can run: read from what it says of itself."""

import pytest

from detect.provider import names_integer_dot_products

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
