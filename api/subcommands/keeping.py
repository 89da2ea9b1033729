"""The commands that keep the record: prove it, hand out its proof, back it up, put it back."""

import os
from datetime import datetime
from pathlib import Path
from typing import Annotated, Final

import typer

from api.subcommands.console import Config, settings_of, told

EXIT_TROUBLE: Final = 1

audit_app = typer.Typer(help="审计：历史自证 · audit: a history that proves itself")


@audit_app.command("verify")
@told
def audit_verify(
    head: Annotated[
        str | None, typer.Option(help="另处抄存的总账尾值 · a head of the ledger noted elsewhere")
    ] = None,
    config: Config = None,
) -> None:
    """核验历史、总账、图片和指标 · Check every history, the ledger, pictures and figures."""
    from api.centre.wiring import open_centre
    from api.reports.audit import verify_centre

    found = verify_centre(head, centre=open_centre(settings_of(config)))
    for where, zh, en in found.troubles:
        typer.echo(f"✗ [{where}] {zh} / {en}")
    typer.echo(f"总账 ledger: {found.entries} {found.head}")
    if found.troubles:
        number = len(found.troubles)
        typer.echo(f"✗ {number} 处不符 / {number} found wrong")
        raise typer.Exit(EXIT_TROUBLE)
    typer.echo("✓ 全部相符；请把尾值抄存到别处 / all is as written; note the head somewhere else")


@audit_app.command("export")
@told
def audit_export(
    out: Annotated[Path, typer.Option(help="审计包 .zip · the bundle, .zip")],
    period: Annotated[
        str | None,
        typer.Option(help="指标的月份，不写为全部 · month of the figures; all by default"),
    ] = None,
    with_evidence: Annotated[
        bool, typer.Option("--with-evidence", help="附上图片 · put the pictures in")
    ] = False,
    with_names: Annotated[
        bool, typer.Option("--with-names", help="附上姓名 · put the people's names in")
    ] = False,
    config: Config = None,
) -> None:
    """写出审计包，不用本系统也能核验 · Write a bundle that is checked without this system."""
    from api.centre.wiring import open_centre
    from api.reports.audit import Extra, export_bundle

    extras = {Extra.PICTURES: with_evidence, Extra.NAMES: with_names}
    wanted = frozenset(extra for extra, asked in extras.items() if asked)
    written = export_bundle(out, period, wanted, centre=open_centre(settings_of(config)))
    typer.echo(f"已写入 {out} · wrote {out}")
    typer.echo(f"文件 SHA-256 of the file: {written.sha256}")
    typer.echo(f"总账 ledger: {written.entries} {written.head}")


@told
def backup(
    out: Annotated[Path, typer.Option(help="备份文件夹，可反复使用 · folder, the same every time")],
    keep: Annotated[
        int | None,
        typer.Option(min=1, help="只留最新几个备份，不写为全留 · how many to keep; all by default"),
    ] = None,
    config: Config = None,
) -> None:
    """备份全部数据，中心照常工作 · Back everything up while the centre works."""
    from api.centre.wiring import open_centre
    from api.keeping.backup import write_backup

    step = os.environ.get("XUNHUAN_FAILPOINT")
    centre = open_centre(settings_of(config), failpoint=step)
    kept = write_backup(out, centre=centre, keep=keep)
    typer.echo(f"已备份到 {kept.folder} · backed up to {kept.folder}")
    typer.echo(f"行 rows {kept.rows}，图片 pictures {kept.pictures}（新 new {kept.new}）")
    typer.echo(f"总账 ledger: {kept.head}")
    for sha256 in kept.missing:
        typer.echo(f"✗ 图片缺失或损坏 / picture lost or damaged: {sha256}", err=True)
    if kept.missing:
        raise typer.Exit(EXIT_TROUBLE)


@told
def restore(
    folder: Annotated[Path, typer.Argument(help="一个备份，或全部备份的文件夹 · one, or all")],
    config: Config = None,
) -> None:
    """把备份恢复到空的数据文件夹和空库，并核验 · Put a backup into an empty place and check it."""
    from api.keeping.backup import restore_backup

    settings = settings_of(config)
    chosen = restore_backup(folder, settings)
    typer.echo(f"已恢复 {chosen} · restored {chosen}")
    audit_verify(head=None, config=config)


@audit_app.command("freeze")
@told
def audit_freeze(
    period: Annotated[
        str, typer.Argument(help="已结束的月份，例如 2026-11 · a month that is over")
    ],
    config: Config = None,
) -> None:
    """冻结一个月的指标；再次运行即重新统计并核对 · Keep a month's figures, or count them again."""
    from api.centre.wiring import open_centre
    from api.reports.frozen import freeze

    kept = freeze(period, centre=open_centre(settings_of(config)))
    typer.echo(f"✓ 与冻结值一致：{kept} / kept, and the figures are these: {kept}")


@told
def retention(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="只说明将删除什么 · only say what would go")
    ] = False,
    as_of: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="按这一天预计，须与 --dry-run 同用 · as of a day"),
    ] = None,
    config: Config = None,
) -> None:
    """删除已过留存期的图片和个人信息，历史不动 · Erase what is over; histories stay."""
    from api.centre.wiring import open_centre
    from api.keeping.retention import drop_logs, erase_over, forecast

    centre = open_centre(settings_of(config), failpoint=os.environ.get("XUNHUAN_FAILPOINT"))
    if as_of is not None and not dry_run:
        raise typer.BadParameter("--as-of 只能与 --dry-run 同用 · goes with --dry-run only")
    at = as_of.replace(tzinfo=centre.profile.zone) if as_of else centre.now()
    for line in forecast(at, centre=centre):
        typer.echo(
            f"{line.rule.zh} {line.rule.en}: {line.things}，图片 pictures {line.pictures}，"
            f"{line.size} B"
        )
    if dry_run:
        typer.echo("仅预计，未删除 / nothing was erased")
        return
    number = drop_logs(centre=centre)
    while erased := erase_over(centre=centre):
        number += len(erased)
    typer.echo(f"已删除 {number} 项，已记入总账 / erased {number}; the ledger says so")


@told
def erase(
    case: Annotated[str, typer.Argument(help="案卷编号 · id of the case")],
    reason: Annotated[str, typer.Option(help="理由，记入历史 · why; the history keeps it")],
    photo: Annotated[str | None, typer.Option(help="照片编号 · id of a photo")] = None,
    contacts: Annotated[
        bool, typer.Option("--contacts", help="上报人的联系方式 · contacts of its reporters")
    ] = False,
    config: Config = None,
) -> None:
    """应本人请求删除一张照片或联系方式 · Erase a photo or contacts on the person's request."""
    from api.centre.wiring import open_centre
    from api.keeping.retention import erase_for_person
    from dispatch.case.step import Decision
    from dispatch.ids import CaseId
    from dispatch.people.people import MACHINE

    centre = open_centre(settings_of(config))
    decision = Decision(by=MACHINE, at=centre.now(), note=reason)
    erase_for_person(CaseId(case), decision, photo=photo, contacts=contacts, centre=centre)
    typer.echo("已删除，并记入历史 / erased; the history says so")


@told
def rebuild_facts(
    check: Annotated[
        bool, typer.Option("--check", help="只比较，不改写 · only compare, change nothing")
    ] = False,
    config: Config = None,
) -> None:
    """由案卷历史和巡查记录重建统计事实 · Tell the facts behind the figures anew, and compare."""
    from api.centre.wiring import open_centre
    from api.keeping.facts_anew import retell

    found = retell(centre=open_centre(settings_of(config)), write=not check)
    for name in found.cases:
        typer.echo(f"案卷 case {name}")
    for name in found.sweeps:
        typer.echo(f"巡段 stretch {name}")
    for name in found.ground:
        typer.echo(f"覆盖地面 covered ground {name}")
    number = len(found.cases) + len(found.sweeps) + len(found.ground)
    if not number:
        typer.echo("✓ 统计事实与历史一致 / the facts are what the histories say")
        return
    done = "仅比较，未改写 / compared only" if check else "已按历史改写 / now as the histories say"
    typer.echo(f"✗ {number} 处不一致，{done} ({number} differed)")
    raise typer.Exit(EXIT_TROUBLE if check else 0)
