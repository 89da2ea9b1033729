"""The files of a rendered street: the plan with its truth, one file a pass, the workers' photos."""

from pathlib import Path

from edge.sources.street.passes import StreetPass, plan_passes
from edge.sources.street.plan import plan_street

PLAN_FILE = "street.json"


def pass_file(number: int) -> str:
    """Give the name of a pass's file."""
    return f"pass-{number}.street.json"


def write_street(seed: int, out: Path) -> list[Path]:
    """Write a street into a folder and give its files, in order."""
    out.mkdir(parents=True, exist_ok=True)
    plan = plan_street(seed)
    files = [out / PLAN_FILE]
    files[0].write_text(plan.model_dump_json(indent=1), encoding="utf-8")
    for patrol in plan_passes(plan):
        path = out / pass_file(patrol.number)
        said = StreetPass(plan=plan, patrol=patrol).model_dump_json(indent=1)
        path.write_text(said, encoding="utf-8")
        files.append(path)
    return files
