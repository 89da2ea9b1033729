"""Who is off duty, or would look at their own work, is shown no task that others can do."""

from dataclasses import replace
from datetime import date, time

from api.background.ticker import tick
from api.doors.accounts import NewAccount, add_account
from dispatch.city.roster import Roster, Shift
from dispatch.clocks.window import Window
from dispatch.ids import PersonId
from tests.api.open_centre import PASSWORD, OpenCentre

COLLEAGUE = NewAccount(
    name="colleague",
    password=PASSWORD,
    person="采集员小吴",
    roles=("collector",),
    department=None,
    area="",
)


def test_a_confirmation_is_shown_to_the_collector_on_shift_alone(opened: OpenCentre) -> None:
    add_account(COLLEAGUE, centre=opened.centre)
    opened.reported()
    profile, early = opened.centre.profile, ((time(6), time(14)),)
    late = Window(valid_from=date(2026, 1, 1), hours=((time(14), time(22)),))
    shifts = [
        Shift(person=PersonId("collector"), window=late),
        Shift(person=PersonId(COLLEAGUE.name), window=replace(late, hours=early)),
    ]
    object.__setattr__(opened.centre, "profile", replace(profile, roster=Roster(shifts)))

    def waits() -> list[str]:
        return [each["task"]["kind"] for each in opened.get("collector", "/tasks/mine")["tasks"]]

    in_the_morning = waits()
    opened.watch.later(hours=6)
    in_the_afternoon = waits()

    assert in_the_morning == []
    assert in_the_afternoon == ["confirm"]


def test_nobody_is_sent_to_check_what_they_put_right_themselves(opened: OpenCentre) -> None:
    add_account(COLLEAGUE, centre=opened.centre)
    case = opened.reported()
    opened.look_at(opened.hand_in(case, name="collector"))
    assert opened.decide("collector", case, "self-handle").status_code == 200
    opened.watch.later(days=30)
    tick(opened.centre)

    def waits(name: str) -> list[str]:
        return [each["task"]["kind"] for each in opened.get(name, "/tasks/mine")["tasks"]]

    assert waits("collector") == []
    assert waits(COLLEAGUE.name) == ["check"]
