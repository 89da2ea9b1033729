"""A fault in the configuration is found by its line and put right by what the message says."""

import re
import tomllib
from pathlib import Path

import pytest

from edge.config import Config, UnusableConfig
from edge.config_file import line_of, read_with_origins
from edge.console.config_text import effective_text
from edge.deploy.install import ConfigExists, sample_config, write_sample

PLAIN = 'state = "/s"\n[source]\nkind = "inbox"\n'
CAMERAS = (
    '[[camera]]\nname = "front"\naddress = "v4l2:///dev/video0"\nfile = "/f"\n'
    '[[camera]]\nname = "rear"\naddress = "v4l2:///dev/video1"\nfiel = "/f"\n'
)


def faults_of(tmp_path: Path, text: str, **environment: str) -> str:
    path = tmp_path / "edge.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UnusableConfig) as refused:
        read_with_origins(path, environment)
    return "\n".join(refused.value.faults)


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        (PLAIN + "[modle]\n", "第 4 行", "did you mean model"),
        (PLAIN + "[model]\ntreads = 4\n", "是不是 threads", "line 5"),
        (PLAIN + "[model]\nthreads = 0\n", "应不小于 1", "at least 1"),
        (PLAIN + '[model]\nthreads = "many"\n', "应为整数", "whole number"),
        (PLAIN + "[health]\nlisten = 9470\n", "带引号", "text in quotes"),
        (PLAIN + '[health]\nlisten = "9470"\n', "写法不对", "written like"),
        (PLAIN + "[uplink]\nevery_s = nan\n", "有限", "finite"),
        ('state = "/s"\n[source]\nkind = "cinema"\n', "之一", "one of"),
        ('[source]\nkind = "inbox"\n', "缺少", "missing"),
        (PLAIN + CAMERAS, "第 11 行", "did you mean file"),
        ('state = "/s"\n[source]\nkind = "watch"\n', "需要写明 folder", "needs folder"),
        ('state = "/s\n', "第 1 行", "no TOML"),
    ],
)
def test_a_fault_is_named_in_both_languages_with_what_is_expected(
    tmp_path: Path, text: str, zh: str, en: str
) -> None:
    faults = faults_of(tmp_path, text)

    assert zh in faults
    assert en in faults


def test_all_faults_are_named_at_once(tmp_path: Path) -> None:
    faults = faults_of(tmp_path, PLAIN + "[model]\nthreads = 0\n[disk]\nevidence_mib = 1\n")

    assert "line 5" in faults
    assert "line 7" in faults


def test_the_environment_goes_before_the_file_and_is_named_as_the_origin(tmp_path: Path) -> None:
    path = tmp_path / "edge.toml"
    path.write_text(PLAIN + "[model]\nthreads = 2\n", encoding="utf-8")

    read = read_with_origins(
        path,
        {
            "XUNHUAN_EDGE_MODEL_THREADS": "4",
            "XUNHUAN_EDGE_HEALTH_LISTEN": "127.0.0.1:9999",
            "XUNHUAN_EDGE_STATE": "/data",
            "PATH": "/bin",
        },
    )

    assert (read.config.model.threads, read.config.state) == (4, Path("/data"))
    assert read.config.health.listen == "127.0.0.1:9999"
    assert read.origin(("model", "threads")) == "XUNHUAN_EDGE_MODEL_THREADS"
    assert read.origin(("source", "kind")) == "file"
    assert read.origin(("uplink", "attempts")) == "default"


def live_sample() -> str:
    """Give the sample as one who drives would fill it in: every setting of it stated."""
    stated = re.sub(r"(?m)^# (\[|\w+ = )", r"\1", sample_config())
    return stated.replace('kind = "watch"', 'kind = "live"')


@pytest.mark.parametrize(
    "text",
    [
        sample_config(),
        live_sample(),
        PLAIN,
        PLAIN.replace("/s", '/设备 \\"一\\" \\u007f\\t😀') + "[uplink]\nevery_s = 9e1\n",
    ],
    ids=["the sample", "the sample in full", "plain", "odd text"],
)
def test_the_settings_in_effect_are_shown_as_a_file_that_means_the_same(
    tmp_path: Path, text: str
) -> None:
    path = tmp_path / "edge.toml"
    path.write_text(text, encoding="utf-8")
    environment = {"XUNHUAN_EDGE_MODEL_THREADS": "3"}
    read = read_with_origins(path, environment)

    path.write_text(effective_text(read), encoding="utf-8")

    again = read_with_origins(path, {})
    assert again.config == read.config
    assert again.config.model.threads == 3
    assert "threads = 3  # XUNHUAN_EDGE_MODEL_THREADS" in effective_text(read)
    assert effective_text(again).count("# default") == 0


def test_a_fault_in_the_environment_is_named_by_its_variable(tmp_path: Path) -> None:
    wrong = faults_of(tmp_path, PLAIN, XUNHUAN_EDGE_MODEL_THREADS="many")
    unknown = faults_of(tmp_path, PLAIN, XUNHUAN_EDGE_MODEL_TREADS="4")

    assert "XUNHUAN_EDGE_MODEL_THREADS" in wrong
    assert "did you mean XUNHUAN_EDGE_MODEL_THREADS" in unknown


def test_a_sample_takes_the_place_of_no_file(tmp_path: Path) -> None:
    path = tmp_path / "edge.toml"
    write_sample(path)
    written = path.read_text(encoding="utf-8")

    with pytest.raises(ConfigExists, match="is kept"):
        write_sample(path)
    assert written == path.read_text(encoding="utf-8") == sample_config()


def test_the_sample_names_every_setting_that_there_is() -> None:
    sample = sample_config()
    words = sample.replace("#", " ")
    tables = {
        name: stated for name, stated in tomllib.loads(sample).items() if isinstance(stated, dict)
    }
    config = Config.model_validate(tomllib.loads(sample))

    for name, value in config.model_dump().items():
        for key in value if isinstance(value, dict) else (name,):
            assert f"{key} =" in words or f"[[{key}]]" in words, (name, key)
    assert {"source", "health", "log"} <= set(tables)


@pytest.mark.parametrize(
    ("keys", "line"), [(("camera", 0, "name"), 2), (("camera", 1, "name"), 6), (("camera", 1), 5)]
)
def test_tables_of_one_name_are_told_apart(keys: tuple[str | int, ...], line: int) -> None:
    assert line_of(CAMERAS, keys) == line
