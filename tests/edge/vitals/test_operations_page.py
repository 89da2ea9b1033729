"""The page on operating a device names every complaint, metric and limit there is, and no other."""

import re
import tomllib
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from edge.config import HealthConfig
from edge.deploy.install import sample_config
from edge.vitals.complaints import CODES
from edge.vitals.metrics import PREFIX, metrics_text
from tests.edge.vitals.signs import Stopwatch, signs_of, vitals_of

PAGE = (Path(__file__).parents[3] / "docs/reference/operations.md").read_text(encoding="utf-8")


def test_every_complaint_is_explained_and_no_other() -> None:
    explained = re.findall(r"^\| `(\w+)` \| (?:fail|warn)", PAGE, re.MULTILINE)

    assert sorted(explained) == sorted(CODES)


def test_every_metric_is_explained_and_no_other() -> None:
    vitals = vitals_of(Stopwatch())
    vitals.take(signs_of())
    text = metrics_text(vitals.report).decode()
    given = {
        sample.name.removeprefix(f"{PREFIX}_")
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    table = PAGE.partition("### 指标")[2].partition("## 7")[0]
    explained = set(re.findall(r"`([a-z_]+)(?:\{[a-z0-9,]+\})?`", table)) - {f"{PREFIX}_"}

    assert given == explained


def test_limits_that_the_page_names_are_settings() -> None:
    named = set(re.findall(r"`((?:max|min)_\w+|stalled_after_s)`", PAGE))

    assert named <= set(HealthConfig.model_fields)
    assert len(named) >= 6


def test_the_page_and_the_sample_agree_on_where_to_ask() -> None:
    listen = tomllib.loads(sample_config())["health"]["listen"]

    assert f"`{listen}`" in PAGE
