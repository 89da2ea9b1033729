"""A device that works for twenty minutes while something fails all the while does not grow."""

import os

import pytest

from tests.benchmarks.soak import MOST_GROWTH_MIB, soak

pytestmark = [
    pytest.mark.faults,
    pytest.mark.xdist_group("soak"),
    pytest.mark.skipif(
        os.environ.get("XUNHUAN_TEST_FAULTS") != "long", reason="XUNHUAN_TEST_FAULTS is not long"
    ),
]


def test_a_device_at_full_speed_among_faults_neither_grows_nor_leaks_nor_dies() -> None:
    soaked, _ = soak(20.0)

    assert soaked.ended == 0
    assert soaked.passes > 10
    assert soaked.findings > 50
    assert soaked.late_descriptors <= soaked.early_descriptors
    assert soaked.growth_mib <= MOST_GROWTH_MIB
