"""Every word of the pages is there in both languages, and none is left over."""

import re
from typing import Final

from api.app import WEB
from api.periods import Length
from api.schemas.indicators import Standing
from dispatch.case.photo import PhotoPurpose
from dispatch.city_words import STANDARD
from dispatch.clocks.clock import Stage
from dispatch.indicators.formula import Grouping
from dispatch.indicators.indicator import Unit
from dispatch.indicators.table import SECTIONS
from dispatch.term import MARK, STANDARD_ZH
from dispatch.wire import Placing, Platform, Reporter

LISTS: Final = (WEB / "shared" / "words.js", WEB / "centre" / "desk_words.js")
WORDS: Final = "".join(
    file.read_text(encoding="utf-8").partition("\n}")[0] + "\n" for file in LISTS
)
SCRIPTS: Final = {
    file: file.read_text(encoding="utf-8")
    for folder in ("shared", "worker", "centre")
    for file in sorted((WEB / folder).glob("*.js"))
}
MADE: Final = {
    *(f"clock.{stage}" for stage in Stage),
    *(f"platform.{platform}" for platform in Platform),
    *(f"figures.{name}" for name in ("name", "value", "of", "interval", "formula")),
    *(f"figures.{name}" for name in ("group", "grade")),
    *(f"figures.by.{grouping}" for grouping in Grouping),
    *(f"figures.section.{section}" for section in SECTIONS),
    *(f"figures.unit.{unit}" for unit in set(Unit) - {Unit.COUNT, Unit.SHARE}),
    *(f"photo.of.{purpose}" for purpose in PhotoPurpose),
    *(f"period.{length}" for length in Length),
    *(f"period.standing.{standing}" for standing in Standing),
    *(f"figures.report.{kind}" for kind in ("pdf", "xlsx", "zip")),
    *(f"sheet.{kind}" for kind in ("gpx", "kml")),
    *(f"list.by.{order}" for order in ("deadline", "newest")),
    *(f"size.{name}" for name in ("area_m2", "length_m", "width_m")),
    *(f"sight.crew.{said}" for said in ("true", "false")),
    *(f"choice.{name}" for name in ("department", "result", "code")),
    *(f"report.by.{reporter}" for reporter in Reporter),
    *(f"report.placed.{placing}" for placing in Placing),
    *(f"sign.{name}" for name in ("name", "password")),
}
"""Keys that scripts put together from what the centre says."""


def test_every_word_that_a_page_asks_for_is_there_and_no_other() -> None:
    known = set(re.findall(r'^  "([a-z0-9_.]+)": \[', WORDS, re.MULTILINE))
    text = "".join(
        text.partition("\n}")[2] if file in LISTS else text for file, text in SCRIPTS.items()
    )
    asked = {key for key in re.findall(r'"([a-z0-9_]+(?:\.[a-z0-9_]+)+)"', text) if "." in key}
    asked = {key for key in asked if key.split(".")[0] in {name.split(".")[0] for name in known}}
    asked.discard("photo.jpg")
    single = {key for key in known if "." not in key and f'"{key}"' in text}

    assert asked | MADE | single == known


def test_every_word_is_said_in_chinese_and_in_english_with_the_same_values() -> None:
    lines = re.findall(r'^  "([a-z0-9_.]+)": \["(.*)", "(.*)"\],$', WORDS, re.MULTILINE)

    assert len(lines) == len(re.findall(r"^  \".*\],$", WORDS, re.MULTILINE))
    for key, zh, en in lines:
        assert set(re.findall(r"\{\w+\}", zh)) == set(re.findall(r"\{\w+\}", en)), key
        assert not re.search(r"[一-鿿]", en) or key == "lang.other", key


def test_every_term_is_marked_so_that_a_city_may_have_its_own_word_for_it() -> None:
    lines = re.findall(r'^  "([a-z0-9_.]+)": \["(.*)", "(.*)"\],$', WORDS, re.MULTILINE)
    bare = re.compile("|".join(STANDARD_ZH))

    for key, zh, en in lines:
        assert not bare.search(MARK.sub("", zh)), f"{key}: write the term as [term], see {zh}"
        assert set(MARK.findall(zh)) <= STANDARD.zh_by_mark.keys(), key
        assert set(MARK.findall(en)) <= STANDARD.en_by_word.keys(), key


def test_no_script_turns_text_into_markup() -> None:
    for file, text in SCRIPTS.items():
        for way in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
            assert way not in text, (file.name, way)


def test_the_kept_shell_of_the_workers_page_is_whole() -> None:
    shell = SCRIPTS[WEB / "worker" / "shell.js"]
    page = (WEB / "worker" / "index.html").read_text(encoding="utf-8")
    wanted = set(re.findall(r'(?:href|src)="(/web/[^"]+)"', page))
    for file, text in SCRIPTS.items():
        if file.parent.name != "centre":
            for name in re.findall(r'from "(\.?/[^"]+)"', text):
                folder = f"/web/{file.parent.name}"
                wanted.add(name.replace("./", folder + "/") if name[0] == "." else name)

    assert wanted <= set(re.findall(r'"(/[^"]+)"', shell))
