"""Write docs/reference/states.md from the transition table: python -m tests.dispatch.states."""

from pathlib import Path

from dispatch.case.transition import TRANSITIONS, Action, Status

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "states.md"


def states_page() -> str:
    """Give the page: a diagram of what changes a status, and the whole table."""
    return "\n".join([*_head(), *_diagram(), "", *_table(), ""])


def _head() -> list[str]:
    return [
        "# States of a case 案卷状态",
        "",
        "Generated from `dispatch/case/transition.py`; a test holds it up to date.",
        "由 `dispatch/case/transition.py` 生成，测试保证一致。",
        "",
    ]


def _name(status: Status | None) -> str:
    return "[*]" if status is None else status.value


def _diagram() -> list[str]:
    names = [f"    {status.value}: {status.zh} {status.value}" for status in Status]
    arrows = [
        f"    {_name(before)} --> {_name(transition.after)}: {action.zh} {action.value}"
        for (before, action), transition in TRANSITIONS.items()
        if before is not transition.after
    ]
    return ["```mermaid", "stateDiagram-v2", *names, *arrows, "```"]


def _table() -> list[str]:
    rows = [
        "| before 之前 | action 操作 | after 之后 | by 岗位 | reason 须写原因 |",
        "|---|---|---|---|---|",
    ]
    for (before, action), transition in TRANSITIONS.items():
        who = "、".join(f"{role.zh} {role.value}" for role in sorted(transition.roles))
        rows.append(
            f"| {_status(before)} | {_action(action)} | {_status(transition.after)} "
            f"| {who} | {'是 yes' if transition.reason else ''} |"
        )
    return rows


def _status(status: Status | None) -> str:
    return "" if status is None else f"{status.zh} {status.value}"


def _action(action: Action) -> str:
    return f"{action.zh} {action.value}"


if __name__ == "__main__":
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(states_page(), encoding="utf-8")
