"""A class that is coded anew is so for new cases only: what was recorded and reported stays."""

from dataclasses import replace
from datetime import UTC, datetime

from api.reports.rows import Row, case_row
from api.words.stories import story_of
from dispatch.case import audit
from dispatch.case.case import Case
from dispatch.catalogue.catalog import ClassKey, Counterpart, Kind, Relation
from dispatch.catalogue.codes import GBT_30428_2
from dispatch.city.profile import Profile
from dispatch.ids import CaseId
from tests.dispatch.city import SUPERVISOR, City

OLD = ClassKey(standard=GBT_30428_2.name, kind=Kind.MATTER, code="0113")
EVER = datetime(1970, 1, 1, tzinfo=UTC)
LATER = datetime(2027, 1, 1, tzinfo=UTC)


def recoded(profile: Profile) -> Profile:
    """Code potholes by the older standard, under other names, conditions and levels."""
    was = profile.classes["road.pothole"]
    now = replace(
        was,
        key=OLD,
        name_zh="路面坑槽",
        name_en="Hole in the road",
        major_zh="另一大类",
        filing_zh="另一立案条件",
        closing_zh="另一结案条件",
        severities=(),
        counterparts=(Counterpart(key=was.key, name_zh="道路破损", relation=Relation.NARROWER),),
        evidence=(),
    )
    return replace(profile, classes={**profile.classes, "road.pothole": now})


def page(city: City, id_: CaseId) -> object:
    with city.uow as uow:
        case = uow.cases.get(id_)
        return story_of(
            case, reader=SUPERVISOR, uow=uow, profile=city.profile, now=city.now
        ).model_dump()


def listed(city: City, id_: CaseId) -> Row:
    """Give the row of a case in a report of all time."""
    with city.uow as uow:
        found = uow.case_list.concerning(EVER, LATER, area="")
        (row,) = (case_row(one, city.profile) for one in found if one.id == id_)
    return row


def seals(case: Case) -> list[str]:
    audit.verify_chain((step.record(), step.seal) for step in case.history)
    return [step.seal for step in case.history]


def test_a_catalogue_that_changes_changes_no_history_page_or_report_of_an_old_case() -> None:
    city = City()
    id_ = city.handled()
    case = city.case(id_)
    before = seals(case), page(city, id_), listed(city, id_)

    city.profile = recoded(city.profile)

    again = city.case(id_)
    assert (seals(again), page(city, id_), listed(city, id_)) == before
    assert again.category == case.category


def test_an_old_case_ends_under_the_condition_it_was_filed_with() -> None:
    city = City()
    id_ = city.handled()
    city.profile = recoded(city.profile)

    city.approve(id_)

    closed = city.case(id_).history[-1]
    assert closed.grounds["condition_zh"] == "坑槽已填补，路面平整"


def test_a_new_case_is_of_the_new_code_and_names_the_one_it_had() -> None:
    city = City()
    old = city.handled()
    city.approve(old)
    city.profile = recoded(city.profile)

    city.later(days=1)
    new = city.take_up(city.see("2", problem="problem-1", pass_id="vehicle-07:2"))

    assert new is not None
    assert new.category.key == OLD
    assert [each.key.code for each in new.category.counterparts] == ["06013"]
    row = listed(city, new.id)
    assert (row[2], row[14]) == ("0113", "06013")
    assert city.case(old).category.key.code == "06013"
