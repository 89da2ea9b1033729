"""The pages for citizens, made from their templates; what they show is escaped."""

from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Annotated, Final

from fastapi import Form
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from api.centre.wiring import Centre
from api.words.public_words import because, stands, words_in
from dispatch.case.case import Case
from dispatch.city.profile import Profile
from dispatch.city_words import CityWords
from dispatch.ground.area import Level
from dispatch.intake.tips import may_reopen

_TEMPLATES: Final = Path(__file__).parent / "web" / "public"
_PAGES: Final = Environment(
    loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined
)


class Said:
    """What a citizen wrote into the form."""

    def __init__(
        self,
        *,
        label: Annotated[str, Form(max_length=64)] = "",
        area: Annotated[str, Form(max_length=15)] = "",
        latitude: Annotated[str, Form(max_length=32)] = "",
        longitude: Annotated[str, Form(max_length=32)] = "",
        accuracy_m: Annotated[str, Form(max_length=32)] = "",
        note: Annotated[str, Form(max_length=500)] = "",
        contact: Annotated[str, Form(max_length=120)] = "",
        website: Annotated[str, Form(max_length=200)] = "",
    ) -> None:
        """Keep what was written; `website` is a field that people do not see."""
        self.label, self.area, self.note, self.contact = label, area, note, contact
        self.latitude, self.longitude, self.accuracy_m = latitude, longitude, accuracy_m
        self.website = website


def form_page(
    centre: Centre,
    language: str,
    *,
    key: str,
    said: Said | None = None,
    fault: str = "",
    status: int = 200,
) -> HTMLResponse:
    """Show the form, empty or as it was filled in, with what was wrong."""
    profile = centre.profile
    return _page(
        "report.html",
        (language, profile.words),
        status=status,
        fault=fault,
        key=key,
        said=said or Said(),
        groups=_groups(profile, language),
        areas=_areas(profile, language, at=centre.now()),
        contact_days=profile.retention.contact_days,
    )


def state_page(
    case: Case,
    centre: Centre,
    language: str,
    *,
    reported: Case,
    key: str,
    fault: str = "",
    status: int = 200,
) -> HTMLResponse:
    """Show how a report stands; nothing of the case but this.

    Args:
        reported: the case as which it was taken in, whose number its reporter knows.
    """
    profile = centre.profile
    responsible = profile.departments.get(case.department) if case.department else None
    name = None if responsible is None else getattr(responsible, f"name_{language}")
    return _page(
        "state.html",
        (language, profile.words),
        status=status,
        fault=fault,
        key=key,
        number=reported.number,
        into=case.number if case.id != reported.id else None,
        standing=case.status.value,
        stands=stands(case, language, profile.words),
        because=because(case, language),
        since=_moment(_since(case), profile),
        reported=_moment(reported.reported_at, profile),
        department=name,
        name=getattr(case.category, f"name_{language}"),
        may_reopen=may_reopen(case, at=centre.now(), profile=profile),
        reopen_days=profile.public.reopen_days,
    )


def shut_page(centre: Centre, language: str, *, fault: str = "") -> HTMLResponse:
    """Say that there is nothing here: the city takes no reports, or the link leads nowhere."""
    return _page("shut.html", (language, centre.profile.words), status=404, fault=fault)


def _page(
    template: str, speech: tuple[str, CityWords], *, status: int, **facts: object
) -> HTMLResponse:
    language, city = speech
    text = _PAGES.get_template(template).render(
        language=language, words=words_in(language, city), **facts
    )
    return HTMLResponse(text, status_code=status)


def _groups(profile: Profile, language: str) -> list[tuple[str, list[dict[str, str]]]]:
    """Give the classes in their groups, as the catalogue or the label names these."""

    def group(label: str) -> str:
        of_label = label.partition(".")[0].replace("_", " ").capitalize()
        return profile.classes[label].major_zh if language == "zh" else of_label

    labels = sorted(profile.classes, key=lambda label: (group(label), label))
    return [
        (major, [_class(profile, label, language) for label in found])
        for major, found in groupby(labels, key=group)
    ]


def _class(profile: Profile, label: str, language: str) -> dict[str, str]:
    return {"label": label, "name": getattr(profile.classes[label], f"name_{language}")}


def _areas(profile: Profile, language: str, *, at: datetime) -> list[tuple[str, str]]:
    """Give the streets and communities of today by name; where none is known, the whole city."""
    today = at.astimezone(profile.zone).date()
    named = [
        (area.id, getattr(area, f"name_{language}"))
        for area in profile.areas.areas
        if area.level > Level.DISTRICT and area.valid_on(today)
    ]
    return named or [(profile.county, getattr(profile, f"name_{language}"))]


def _since(case: Case) -> datetime:
    """Give when the case came to stand as it does."""
    moves = [step for step in case.history if step.before is not step.after]
    return moves[-1].at


def _moment(at: datetime, profile: Profile) -> str:
    return f"{at.astimezone(profile.zone):%Y-%m-%d %H:%M}"
