"""The command `xunhuan`: serve the centre, look after it, and show the whole loop."""

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, Final

import typer

from api.garbage import look_seldom
from api.reports.tables import USUAL, TableBy
from api.reports.tongue import Language
from api.subcommands.catalog import catalog_app
from api.subcommands.console import Config, Json, settings_of, told
from api.subcommands.keeping import audit_app, backup, erase, rebuild_facts, restore, retention
from api.subcommands.model import model_app
from api.subcommands.profile import profile_app
from api.subcommands.registry import registry_app
from dispatch.devices.device import DeviceKind

app = typer.Typer(
    help="巡环中心：受理、派遣、核查、评价 · The Xunhuan centre: cases from report to evaluation.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
)
account_app = typer.Typer(help="账号 · accounts of people", no_args_is_help=True)
device_app = typer.Typer(help="设备 · patrol devices", no_args_is_help=True)
app.add_typer(account_app, name="account")
app.add_typer(device_app, name="device")
app.add_typer(audit_app, name="audit")
app.add_typer(model_app, name="model")
app.add_typer(catalog_app, name="catalog")
app.add_typer(profile_app, name="profile")
app.add_typer(registry_app, name="registry")
app.command()(backup)
app.command()(restore)
app.command()(retention)
app.command()(erase)
app.command("rebuild-facts")(rebuild_facts)

EXIT_TROUBLE: Final = 1


@app.command()
@told
def serve(
    host: Annotated[str | None, typer.Option(help="监听地址 · address")] = None,
    port: Annotated[int | None, typer.Option(help="端口 · port")] = None,
    config: Config = None,
) -> None:
    """启动中心 · Serve the centre until it is stopped."""
    import os

    import uvicorn

    from api.app import create_app
    from api.centre.wiring import open_centre
    from dispatch.city.calendar_gap import gap_warnings

    settings = settings_of(config)
    centre = open_centre(settings, failpoint=os.environ.get("XUNHUAN_FAILPOINT"))
    for warning in (*centre.profile.warnings, *gap_warnings(centre.profile, now=centre.now())):
        typer.echo(f"注意 warning: {warning}", err=True)
    application = create_app(centre)
    look_seldom()
    uvicorn.run(
        application,
        host=host or settings.host,
        port=settings.port if port is None else port,
        log_level="warning",
        timeout_graceful_shutdown=8,
    )


@app.command()
@told
def migrate(config: Config = None) -> None:
    """升级数据库到本版本 · Bring the database to the tables of this version."""
    from api.centre.wiring import migrate_database

    settings = settings_of(config)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    migrate_database(settings)
    typer.echo("数据库已是最新 · the database is up to date")


@app.command()
@told
def demo(
    city: Annotated[
        str, typer.Option(help="城市配置名称或文件夹 · city profile, name or folder")
    ] = "demo",
    seed: Annotated[int, typer.Option(min=0, help="街道的随机种子 · the street's seed")] = 3,
    once: Annotated[
        bool, typer.Option("--once", help="做完就结束，不留页面 · end when done, serve no pages")
    ] = False,
    as_json: Annotated[
        Path | None, typer.Option("--json", help="把结果写入文件 · write the outcome to a file")
    ] = None,
    folder: Annotated[
        Path | None, typer.Option("--dir", help="工作文件夹 · folder to work in")
    ] = None,
    english: Annotated[bool, typer.Option("--english", help="英文显示 · speak English")] = False,
) -> None:
    """从渲染画面到指标，完整走一遍 · The whole loop, from rendered footage to indicators."""
    from api.demo.run import DemoOrder, run_demo

    order = DemoOrder(
        city=city, seed=seed, once=once, outcome_file=as_json, folder=folder, english=english
    )
    run_demo(order)


@app.command()
@told
def report(
    period: Annotated[
        str,
        typer.Option(
            help="统计期：2026-11、2026-Q4、2026、2026-W47、2026-11-21、2026-11-01..2026-11-15、"
            "last-month 等 · period: month, quarter, year, week, day, days, or last-month and so on"
        ),
    ],
    out: Annotated[Path, typer.Option(help="输出 .pdf、.xlsx、.csv 或 .json · output")],
    area: Annotated[str, typer.Option(help="网格号前缀 · leading digits of grid ids")] = "",
    by: Annotated[
        list[TableBy] | None,
        typer.Option(
            help="分表，可多次写；默认 street、department、class · tables, may be repeated"
        ),
    ] = None,
    as_of: Annotated[
        datetime | None,
        typer.Option(help="数据截止时间，默认现在 · what came later is left out; now by default"),
    ] = None,
    lang: Annotated[Language, typer.Option(help="PDF 的语言 · language of the PDF")] = Language.ZH,
    config: Config = None,
) -> None:
    """一条命令出报表：日、周、月、季、年 · Write the report of a period."""
    from api.centre.wiring import open_centre
    from api.reports.writing import Order, write_report

    centre = open_centre(settings_of(config))
    moment = as_of.replace(tzinfo=centre.profile.zone) if as_of else None
    tables = tuple(by) if by else USUAL
    order = Order(period=period, area=area, tables=tables, as_of=moment, language=lang)
    counted = write_report(order, out, centre=centre)
    if not counted.is_over:
        typer.echo(
            "注意：本期尚未结束，数字还会变化 · "
            "warning: the period is not over, its figures will change",
            err=True,
        )
    typer.echo(f"已写入 {out} · wrote {out}")


@account_app.command("add")
@told
def account_add(
    name: Annotated[str, typer.Argument(help="登录名 · sign-in name")],
    roles: Annotated[str, typer.Option(help="岗位，逗号分隔 · roles, e.g. collector,supervisor")],
    person: Annotated[str, typer.Option(help="姓名 · the person's name")],
    department: Annotated[str | None, typer.Option(help="部门 · department")] = None,
    area: Annotated[str, typer.Option(help="网格号前缀 · leading digits of grid ids")] = "",
    config: Config = None,
) -> None:
    """新建账号；密码从标准输入读取 · Add an account; the password is read from standard input."""
    from api.centre.wiring import open_centre
    from api.doors.accounts import NewAccount, add_account

    order = NewAccount(
        name=name,
        password=_read_password(),
        person=person,
        roles=tuple(role.strip() for role in roles.split(",")),
        department=department,
        area=area,
    )
    add_account(order, centre=open_centre(settings_of(config)))
    typer.echo(f"已建账号 {name} · added account {name}")


@account_app.command("list")
@told
def account_list(config: Config = None, as_json: Json = False) -> None:
    """列出人员和岗位 · List people and their roles."""
    from api.centre.wiring import open_centre
    from api.doors.accounts import list_people

    people = list_people(centre=open_centre(settings_of(config)))
    if as_json:
        typer.echo(json.dumps(people, ensure_ascii=False, indent=1))
        return
    for row in people:
        typer.echo(f"{row['id']}\t{row['name']}\t{','.join(row['roles'])}\t{row['department']}")


@device_app.command("invite")
@told
def device_invite(
    device: Annotated[str, typer.Argument(help="设备编号 · device id, e.g. car-07")],
    name: Annotated[str, typer.Option(help="设备名称 · what people call it")] = "",
    kind: Annotated[
        DeviceKind, typer.Option(help="用途，决定它能做什么 · what it is for, and no more")
    ] = DeviceKind.VEHICLE,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """给设备一个一次性登记码 · Make a one-time code with which a device enrols."""
    from api.centre.wiring import open_centre
    from api.doors.accounts import invite_device

    centre = open_centre(settings_of(config))
    code, until = invite_device(device, name or device, kind=kind, centre=centre)
    if as_json:
        typer.echo(json.dumps({"device": device, "code": code, "until": _iso(until)}))
    else:
        typer.echo(f"{code}\n{_iso(until)} 前有效，只能用一次 · good once, until {_iso(until)}")


@device_app.command("list")
@told
def device_list(config: Config = None, as_json: Json = False) -> None:
    """列出设备和状态；有设备异常时以 1 结束 · List devices; ends with 1 if any is in trouble."""
    from api.centre.wiring import open_centre
    from api.words.device_words import devices_now

    devices = devices_now(open_centre(settings_of(config)))
    if as_json:
        typer.echo(json.dumps([each.model_dump(mode="json") for each in devices]))
    for device in () if as_json else devices:
        state = device.standing_words
        typer.echo(f"{device.id}\t{device.name}\t{state.zh} {state.en}")
        for complaint in device.complaints:
            typer.echo(f"\t{complaint.words.zh} · {complaint.words.en}")
    if any(device.alarming for device in devices):
        raise typer.Exit(EXIT_TROUBLE)


@device_app.command("revoke")
@told
def device_revoke(
    device: Annotated[str, typer.Argument(help="设备编号 · device id")], config: Config = None
) -> None:
    """停用设备；它以前上报的内容保留 · Shut a device out; what it sent stays."""
    from api.centre.wiring import open_centre
    from api.doors.accounts import revoke_device

    revoke_device(device, centre=open_centre(settings_of(config)))
    typer.echo(f"已停用 {device} · revoked {device}")


def _read_password() -> str:
    if sys.stdin.isatty():
        return str(typer.prompt("密码 · password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\n")


def _iso(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
