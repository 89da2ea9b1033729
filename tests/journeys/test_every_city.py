"""The same journey in every city that ships: what differs between them is read from their data."""

import json
import re
import zipfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from api.reports.audit import export_bundle, verify_centre
from api.reports.bulletin import bulletin
from api.reports.tongue import Language, Tongue
from api.reports.writing import Order, counted_for, report_file, write_report
from api.words.public_words import LANGUAGES, stands, words_in
from dispatch.case.transition import Action, Status
from dispatch.city_words import CityWords
from dispatch.proof.recount import Tally
from dispatch.proof.recount_patrols import Patrols
from dispatch.proof.verify import found
from dispatch.proof.verify_kept import Kept
from dispatch.term import TERMS, Terms, capital
from tests.api import pictures
from tests.api.open_centre import Building, OpenCentre, furnish
from tests.api.test_bulletin import words as text_of
from tests.api.test_words_of_pages import LISTS
from tests.dispatch.city import CITIES, City, city_of
from tests.journeys.window import DESK, PHONE, Window

pytestmark = pytest.mark.xdist_group("every_city")


@pytest.fixture(scope="module", params=CITIES)
def building(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Building]:
    """A centre of each city, with people and one device."""
    folder = tmp_path_factory.mktemp(request.param)
    with furnish(folder / "centre", city=city_of(request.param)) as furnished:
        yield furnished


@pytest.fixture
def city(building: Building) -> City:
    """The city of the centre."""
    return building.city


def closed_case(opened: OpenCentre) -> str:
    case = opened.handled()
    opened.watch.later(hours=3)
    opened.drive()
    assert opened.decide("supervisor", case, "approve").status_code == 200
    return case


def told_apart(words: CityWords) -> tuple[set[str], set[str]]:
    """Give by what a city is known: all its Chinese words, and its English ones for nouns."""
    nouns = {
        rf"\b{word}\b"
        for kind in (Terms.THINGS, Terms.ROLES)
        for key, term in TERMS[kind].items()
        for form in term.en
        for word in (words.word_en(kind, key, form), capital(words.word_en(kind, key, form)))
    }
    return set(words.zh_by_mark.values()), nouns


def said_in(value: Any) -> Iterator[str]:
    """Give the sentences of an answer: not its codes, nor what the record holds as it is."""
    if isinstance(value, list):
        for each in value:
            yield from said_in(each)
    if isinstance(value, dict):
        for key, each in value.items():
            if isinstance(each, str) and key in {"zh", "en", "title", "title_en", "note"}:
                yield each
            elif key != "grounds":
                yield from said_in(each)


def told_by_routes(opened: OpenCentre, case: str) -> Iterator[str]:
    """Read every list and a case as everybody, and do what may not be done."""
    paths = [
        path
        for path, does in opened.server.app.openapi()["paths"].items()  # type: ignore[attr-defined]
        if "get" in does and "{" not in path and "/device" not in path
    ]
    groups = [f"/api/v1/indicators/by/{by}" for by in ("post", "department")]
    for path in [*paths, *groups, f"/api/v1/cases/{case}"]:
        for name in ("collector", "handler", "supervisor", "evaluator"):
            answer = opened.phone(name).get(path)
            if "json" in answer.headers["content-type"]:
                yield from said_in(answer.json())
    for action in ("confirm", "accept", "file", "reply", "uphold", "appeal", "reopen"):
        for name in ("supervisor", "department", "evaluator"):
            yield from said_in(opened.decide(name, case, action, note="x").json())


def told_by_pages(opened: OpenCentre, case: str) -> Iterator[str]:
    """Read the words that scripts show, and the pages for citizens."""
    words = opened.centre.profile.words
    for file in LISTS:
        text = file.read_text(encoding="utf-8")
        for zh, en in re.findall(r'^  "[a-z0-9_.]+": \["(.*)", "(.*)"\],$', text, re.MULTILINE):
            yield words.zh(zh)
            yield words.en(re.sub(r"\{\w+\}", "", en))
    with opened.centre.read() as uow:
        reported = uow.cases.get(case)
    for language in LANGUAGES:
        yield from (*words_in(language, words).values(), stands(reported, language, words))
        for page in ("/worker", "/centre", "/report", "/report/lost"):
            answer = opened.stranger().get(f"{page}?lang={language}")
            yield from re.split(r"[<>]", answer.text)


def told_by_reports(opened: OpenCentre) -> Iterator[str]:
    """Read the month as a bulletin and as tables."""
    order, words = Order(period="2026-11"), opened.centre.profile.words
    counted = counted_for(order, centre=opened.centre)
    for language in Language:
        tongue = Tongue(language=language, city=words)
        yield from text_of(bulletin(counted, opened.centre.profile, tongue)).split("\n")
    for suffix in (".xlsx", ".zip"):
        content, _ = report_file(order, suffix, centre=opened.centre)
        with content, zipfile.ZipFile(content) as files:
            for name in files.namelist():
                yield from re.split(r"[<>\n]", files.read(name).decode())


def test_a_find_becomes_a_closed_case_by_the_citys_own_rules(
    opened: OpenCentre, city: City
) -> None:
    case = closed_case(opened)

    story = opened.get("supervisor", f"/cases/{case}")
    said = json.dumps(story, ensure_ascii=False)

    category = city.profile.classes["road.pothole"]
    assert story["line"]["status"] == "closed"
    assert story["line"]["category"]["code"] == category.key.code
    assert story["line"]["grid"].startswith(city.profile.county)
    with opened.centre.read() as uow:
        dispatched = uow.cases.get(case).last(Action.DISPATCH)
    assert dispatched is not None
    assert dispatched.grounds["rule"] == city.rule.rule
    for words in (category.name_zh, category.filing_zh, category.closing_zh):
        assert words in said


def test_each_person_of_the_city_reads_every_list(opened: OpenCentre) -> None:
    closed_case(opened)
    paths = [
        path.removeprefix("/api/v1")
        for path, does in opened.server.app.openapi()["paths"].items()  # type: ignore[attr-defined]
        if "get" in does and "{" not in path and "/device" not in path
    ]

    answers = {
        (name, path): opened.phone(name).get(f"/api/v1{path}").status_code
        for path in paths
        for name in ("supervisor", "evaluator", "administrator")
    }

    assert len(paths) > 10
    assert {code for code in answers.values() if code >= 500} == set()


def test_the_month_and_the_record_of_a_city_add_up(
    opened: OpenCentre, city: City, tmp_path: Path
) -> None:
    case = closed_case(opened)
    opened.told()
    with opened.centre.read() as uow:
        number = uow.cases.get(case).number

    written = tmp_path / "month.xlsx"
    write_report(Order(period="2026-11"), written, centre=opened.centre)
    export_bundle(tmp_path / "record.zip", "2026-11", frozenset(), centre=opened.centre)

    with zipfile.ZipFile(written) as book:
        text = "".join(book.read(name).decode() for name in book.namelist())
    assert number in text
    assert city.profile.departments[city.department].name_zh in text
    assert not verify_centre(None, centre=opened.centre).troubles
    with zipfile.ZipFile(tmp_path / "record.zip") as record:
        assert record.read("patrols.jsonl")
    assert not list(found(tmp_path / "record.zip", partial(Tally, patrols=Patrols), Kept))


def test_what_people_read_is_in_the_words_of_their_city_alone(
    opened: OpenCentre, city: City
) -> None:
    own = city.profile.words
    others = [told_apart(city_of(name).profile.words) for name in CITIES]
    zh, en = (
        re.compile("|".join(set().union(*theirs) - ours))
        for theirs, ours in zip(zip(*others, strict=True), told_apart(own), strict=True)
    )
    case = opened.handled()
    opened.watch.later(hours=3)
    opened.drive()

    read = [*told_by_routes(opened, case), *told_by_pages(opened, case), *told_by_reports(opened)]

    for text in read:
        assert not zh.search(text), text
        assert re.search("[一-鿿]", text) or not en.search(text), text
    for status in Status:
        assert own.word_zh(Terms.STATUSES, status) in read
    assert own.zh("[核实]：是否属实") in read
    assert own.zh("全部[案卷]") in read


@pytest.mark.browser
def test_people_work_on_the_pages_in_the_citys_own_words(
    window: Window, opened: OpenCentre, city: City, tmp_path: Path
) -> None:
    category = city.profile.classes["road.pothole"]
    case = opened.dispatched()
    opened.watch.later(minutes=5)
    camera = tmp_path / "after.jpg"
    camera.write_bytes(pictures.road(pothole=False, mark="camera"))

    phone = window.sign_in(window.open("/worker", size=PHONE), "handler")
    phone.click(".card")
    expect(phone.locator("body")).to_contain_text(category.name_zh)
    expect(phone.locator("#accept")).to_have_text(city.profile.words.zh("[接单]"))
    phone.click("#accept")
    phone.click("#done")
    phone.set_input_files("#camera", camera)
    phone.click("#send")
    expect(phone.locator(".sent")).to_contain_text("已提交")

    desk = window.sign_in(window.open("/centre", size=DESK), "supervisor")
    desk.click(f'.line[data-case="{case}"]')
    expect(desk.locator('[data-step="file"]')).to_contain_text(category.filing_zh)
    expect(desk.locator('[data-step="dispatch"]')).to_contain_text(city.rule.rule)
    department = city.profile.departments[city.department]
    expect(desk.locator("article")).to_contain_text(department.name_zh)
    expect(desk.locator("body")).to_contain_text(city.profile.words.zh("全部[案卷]"))
    # Whatever the page says, it names no other city's ground.
    others = {city_of(name).profile.county for name in CITIES} - {city.profile.county}
    grids = set(re.findall(r"\b\d{15}\b", desk.locator("body").inner_text()))
    assert all(not grid.startswith(tuple(others)) for grid in grids)
