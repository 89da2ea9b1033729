"""The tables of `profile.toml` that rules read as they stand: what a city decides."""

import re
from enum import StrEnum
from typing import Annotated, Final, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from dispatch.files.fault_words import Misstated
from dispatch.ground.datum import Datum
from dispatch.indicators.formula import Grouping
from dispatch.indicators.indicator import Key, Unit
from dispatch.indicators.table import INDICATORS

Share = Annotated[float, Field(gt=0.0, lt=1.0)]


Weight = Annotated[float, Field(gt=0.0, le=1e6)]


class Policy(BaseModel):
    """A table of `profile.toml` that rules read as it stands."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class VerificationPolicy(Policy):
    """`[verification]`: when a repair counts as verified; chances, 0 to 1.

    `prior_bad` and `prior_good` are the Beta of a "done" report being untrue before any verdict,
    `false_alarm` the chance that a pass raises a false find inside a problem's gate. Classes
    that return by themselves vanish and come back at the rates per day; those bound to a time of
    day count looks within `hours` of it. `photo_wrong_if_present` is the chance that an
    after-photo shows nothing although the problem is there, `photo_wrong_if_absent` the reverse.
    Where closing by itself is wanted, `blind_share` of the verdicts that suggest it are checked
    by people who are not told.
    """

    close_at: Share
    open_at: Share
    prior_bad: Weight
    prior_good: Weight
    false_alarm: Share
    min_power: Share
    hours: Weight
    vanish_per_day: Share
    return_per_day: Share
    photo_wrong_if_present: Share
    photo_wrong_if_absent: Share
    blind_share: Annotated[float, Field(ge=0.0, le=1.0)]
    false_closure_limit: Share
    false_closure_alpha: Share


class TriagePolicy(Policy):
    """`[triage]`: when a find is filed by itself, asked about, or held.

    `target` is the precision that must be reached (`targets` by label go before it), `ask` the
    chance below which a find is held, `prior_true` and `prior_false` the Beta of a find being
    true before any verdict.
    """

    target: Share
    ask: Share
    prior_true: Weight
    prior_false: Weight
    targets: dict[str, Share] = {}

    def target_for(self, label: str) -> float:
        """Give the precision that a class must reach."""
        return self.targets.get(label, self.target)


class ZonePolicy(Policy):
    """`[zones]`: how sure a zone rule has to be; chances, 0 to 1.

    A thing is inside from `inside`, and two sights of a vehicle are of the same one from `same`;
    from `ask_inside` and `ask_same` a person decides; below, the rule is not met. `prior_same` is
    the chance of the same vehicle standing there before its place and look are compared; what
    moved more than `still_m` while it was seen did not stand.
    """

    inside: Share
    ask_inside: Share
    same: Share
    ask_same: Share
    prior_same: Share
    still_m: Weight

    @model_validator(mode="after")
    def _asks_below_what_it_takes(self) -> Self:
        if self.ask_inside > self.inside or self.ask_same > self.same:
            raise Misstated(
                "ask_inside、ask_same 不得大于 inside、same",
                "ask_inside and ask_same lie at or below inside and same",
            )
        return self


class Automation(Policy):
    """`[automation]`: what the machine decides without a person."""

    file: bool
    dispatch: bool
    close: bool


class RegistryPolicy(Policy):
    """`[registry]`: the city has a registry of components; what its censuses' positions refer to.

    Without the table nobody asks which component a find is of.
    """

    datum: Datum = Datum.WGS84


class PrecedentPolicy(Policy):
    """`[precedents]`: what follows from whom people named where no rule was sure.

    So many precedents of one department alone dispatch the next case like them (0: never), and so
    many of others make a rule's department doubtful that kept none (0: never).
    """

    apply_from: Annotated[int, Field(ge=0, le=1000)] = 0
    doubt_from: Annotated[int, Field(ge=0, le=1000)] = 2


class CaseworkPolicy(Policy):
    """`[casework]`: how often a limit is extended, how long a case rests, when appeals are heard.

    The values without a word of the city's own are the custom of most: two extensions, a year.
    """

    extensions: Annotated[int, Field(ge=0, le=10)] = 2
    suspension_days: Annotated[int, Field(ge=1, le=3660)] = 365
    appeal_days: Annotated[int, Field(ge=1, le=366)] = 15


class PublicPolicy(Policy):
    """`[public]`: whether citizens may report on a page without an account, and how many may come.

    The counts are for one process of the centre and an hour; an address of IPv6 counts by its
    first 64 bits.
    """

    reports: bool = False
    most_an_hour: Annotated[int, Field(ge=1, le=100_000)] = 200
    most_of_an_address: Annotated[int, Field(ge=1, le=1_000)] = 6
    reopen_days: Annotated[int, Field(ge=1, le=366)] = 30
    """How long after its closure whoever reported may say that it was not repaired."""


Weights = Annotated[dict[Key, Share], Field(min_length=1)]


class Band(Policy):
    """A count from `least` on is worth `score`, 0 to 1, in the index."""

    least: Annotated[int, Field(ge=0)]
    score: Annotated[float, Field(ge=0.0, le=1.0)]


class IndicatorPolicy(Policy):
    """`[indicators]`: weights in the index, and each grade's lowest mark, 0 to 100.

    Args:
        weights_by: weights of what figures are told apart by, where they are others.
        weights_of: of one of its groups, e.g. of a post, where it has its own.
        bands: what a count is worth, so that it may have a weight.
        denominators: of the rates that leave a city the choice, the name of the one taken.
        missed_within_days: how long before a find a pass must have looked at the spot in vain for
            the find to count as missed.
    """

    weights: Weights
    weights_by: dict[Grouping, Weights] = {}
    weights_of: dict[Grouping, dict[str, Weights]] = {}
    bands: dict[Key, tuple[Band, ...]] = {}
    missed_within_days: Annotated[float, Field(gt=0.0, le=366.0)] = 3.0
    grades: dict[str, Annotated[float, Field(ge=0.0, le=100.0)]]
    denominators: dict[Key, str] = {}

    def weights_for(self, by: Grouping, group: str) -> Weights:
        """Give the weights by which a group is judged: its own, those of its kind, or all's."""
        return self.weights_of.get(by, {}).get(group) or self.weights_by.get(by, self.weights)

    @model_validator(mode="after")
    def _weighs_what_can_be_judged(self) -> Self:
        fit = {each.key for each in INDICATORS if each.is_rate and each.sampled}
        of_groups = [weights for each in self.weights_of.values() for weights in each.values()]
        for weights in (self.weights, *self.weights_by.values(), *of_groups):
            unfit = sorted(set(weights) - fit - set(self.bands))
            if unfit:
                named = ", ".join(unfit)
                zh = f"只有案卷的比率和有分档的计数可以有权重，{named} 不是"
                en = f"only rates of cases and counts with bands have weights: not {named}"
                raise Misstated(zh, en)
        return self

    @model_validator(mode="after")
    def _grades_every_mark(self) -> Self:
        if 0.0 not in self.grades.values():
            raise Misstated(
                "grades 中要有一个等级从 0 开始，例如 E = 0",
                "one of the grades begins at 0, for example E = 0",
            )
        return self

    @model_validator(mode="after")
    def _bands_are_of_counts(self) -> Self:
        counts = {each.key for each in INDICATORS if each.unit is Unit.COUNT}
        # Nobody is ranked by how much a detector reported.
        unfit = sorted(set(self.bands) - counts | set(self.bands) & {Key.REPORTED, Key.PASSES})
        if unfit:
            named = ", ".join(unfit)
            zh = f"只有案卷工作的计数可以分档，{named} 不是"
            raise Misstated(zh, f"only counts of work on cases have bands: not {named}")
        return self

    @model_validator(mode="after")
    def _chooses_denominators_that_are_offered(self) -> Self:
        offered = {each.key: tuple(each.of) for each in INDICATORS}
        for key, chosen in self.denominators.items():
            if chosen not in offered[key]:
                known = ", ".join(offered[key]) or "none, it is a count"
                raise Misstated(
                    f"{key} 没有分母 {chosen}；可选：{known}",
                    f"{key} has no denominator {chosen}; those it has: {known}",
                )
        return self


_TELEPHONE: Final = re.compile(r"\+?[0-9](?:[ -]?[0-9]){2,14}(?:,[0-9]{1,6})?")


def _is_telephone(written: str) -> str:
    if not _TELEPHONE.fullmatch(written):
        raise Misstated(
            f"{written} 不是电话号码；写 3 到 15 位数字，可用空格或 - 分开，分机写在逗号后，"
            "例如 0000-0000001,8001",
            f"{written} is no telephone number: 3 to 15 digits, parted by spaces or -, an "
            "extension after a comma, e.g. 0000-0000001,8001",
        )
    return written


Telephone = Annotated[str, AfterValidator(_is_telephone)]


class Telephones(Policy):
    """`[telephones]`: whom a worker's phone calls at one tap; a number left out has no button."""

    centre: Telephone | None = None
    dispatcher: Telephone | None = None


class Navigation(StrEnum):
    """What leads a city's people to a place."""

    PHONE = "phone"
    AMAP = "amap"
    BAIDU = "baidu"
    TENCENT = "tencent"


class BasemapPolicy(Policy):
    """`[basemap]`: the map under everything, and the app that leads people to a place.

    `tiles` is an address with {z}, {x} and {y} of square web-Mercator tiles, `datum` what their
    coordinates refer to; Baidu's own tiles are cut by another grid and cannot be laid. Without an
    address the map is drawn on plain ground, and is not shifted.
    """

    tiles: Annotated[str, Field(pattern=r"^https?://[^\s;,'\"]+$", max_length=500)] | None = None
    attribution: Annotated[str, Field(max_length=200)] | None = None
    datum: Datum = Datum.WGS84
    navigation: Navigation = Navigation.PHONE

    @model_validator(mode="after")
    def _says_which_tile(self) -> Self:
        if self.tiles is not None and not all(part in self.tiles for part in ("{z}", "{x}", "{y}")):
            raise Misstated(
                "瓦片地址里要有 {z}、{x} 和 {y}", "the address of tiles names {z}, {x} and {y}"
            )
        if self.tiles is None and self.datum is not Datum.WGS84:
            raise Misstated("写了 datum 就要写瓦片地址", "a datum belongs to an address of tiles")
        return self
