"""Read the areas and hours that a city approved, and say every fault with file and line."""

from collections.abc import Collection, Iterator
from datetime import date
from fnmatch import fnmatchcase
from typing import Final

from dispatch.city.policies import ZonePolicy
from dispatch.city.suppression import Suppression, Suppressions
from dispatch.city_files.profile_settings import LabelGlob, Name, ZoneGround
from dispatch.files.datafile import DataFolder
from dispatch.files.feature_file import read_features

SUPPRESSIONS: Final = "suppressions.geojson"
SETTINGS: Final = "profile.toml"


class SuppressionProperties(ZoneGround):
    """The properties of a feature of `suppressions.geojson`: an approval, its ground and hours."""

    label: LabelGlob
    valid_until: date
    reason_zh: Name
    reason_en: Name
    approval: Name
    hazards: bool = False


def read_suppressions(
    data: DataFolder, labels: Collection[str], *, policy: ZonePolicy | None
) -> Suppressions | None:
    """Read the approvals; what is wrong with them is noted as faults.

    Args:
        labels: all that the city's classes and zone rules name.

    Returns:
        None where the folder has none, or nothing says how sure a place has to be.
    """
    if not data.has(SUPPRESSIONS):
        return None
    rows = list(_rows(data, labels))
    if policy is None:
        if SETTINGS not in data.incomplete:
            zh = "缺少 [zones]，请写明判定位置在区域内的把握"
            en = "[zones] is missing: say how sure a place has to be in an area"
            data.fault(SETTINGS, 1, zh, en, column="zones")
        return None
    return Suppressions(rows, inside=policy.inside, ask_inside=policy.ask_inside)


def _rows(data: DataFolder, labels: Collection[str]) -> Iterator[Suppression]:
    seen: set[str] = set()
    for feature in read_features(data, SUPPRESSIONS, SuppressionProperties):
        said = feature.said
        if said.id in seen:
            zh, en = f"核准区域 {said.id} 重复", f"approved area {said.id} is listed twice"
            data.fault(SUPPRESSIONS, feature.line, f"{zh}，请改编号", f"{en}: rename it")
        if not any(fnmatchcase(label, said.label) for label in labels):
            zh, en = f"没有类别符合 {said.label}", f"no class fits {said.label}"
            data.fault(SUPPRESSIONS, feature.line, f"{zh}，请改正", f"{en}: correct it")
        seen.add(said.id)
        yield Suppression(
            zone=said.zone(said.label, feature.polygon),
            reason_zh=said.reason_zh,
            reason_en=said.reason_en,
            approval=said.approval,
            hazards=said.hazards,
        )
