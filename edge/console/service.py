"""Commands about the running agent: install it as a service, watch what its cameras see."""

import shutil
import sys
from pathlib import Path
from typing import Annotated

import typer

from edge.console.options import Json, State, state_folder
from edge.console.speech import answer
from edge.exits import Exit


def install_service(
    config: Annotated[Path, typer.Option(help="配置文件 · configuration file")] = Path(
        "/etc/xunhuan/edge.toml"
    ),
    program: Annotated[
        Path | None,
        typer.Option(help="xunhuan-edge 的位置，默认为当前这个 · the program, by default this one"),
    ] = None,
    memory: Annotated[
        int, typer.Option(min=256, max=65_536, help="内存上限（MiB）· memory limit, MiB")
    ] = 1024,
    root: Annotated[
        Path, typer.Option(help="写到这个根目录下 · write below this root folder")
    ] = Path("/"),
    shown: Annotated[
        bool, typer.Option("--print", help="只显示，不写文件 · show the unit, write nothing")
    ] = False,
    as_json: Json = False,
) -> None:
    """安装为系统服务（systemd）· Write a systemd unit, and say which commands are left to run."""
    from edge.config_file import read_config
    from edge.deploy.install import install, service_of
    from edge.deploy.unit import unit_text

    service = service_of(
        read_config(config),
        path=config.absolute(),
        program=(program or _this_program()).absolute(),
        memory_mib=memory,
    )
    if shown:
        typer.echo(unit_text(service), nl=False)
        return
    done = install(service, root=root)
    wrote = [f"已写入 {file} · wrote {file}" for file in done.files]
    answer(
        {"files": [str(file) for file in done.files], "commands": list(done.commands)},
        as_json=as_json,
        text="\n".join((*wrote, "接着运行 · now run:", *(f"  {each}" for each in done.commands))),
    )


def preview(state: State = None, as_json: Json = False) -> None:
    """显示实时画面的地址（含口令，只在本机能看）· Say where the live preview is watched.

    The address holds a token that is made anew at every start; people are unrecognisable in it.
    """
    from edge.vitals.watchman import preview_address

    address = preview_address(state_folder(state))
    answer(
        {"address": address},
        as_json=as_json,
        text=address
        or "没有正在运行的程序，或没有设置 [health] listen · no agent runs, or it has no "
        "[health] listen",
    )
    if address is None:
        raise typer.Exit(Exit.NO_INPUT)


def crew(
    state: State = None,
    renew: Annotated[
        bool, typer.Option("--renew", help="换一个号码，重启后生效 · a new number, after a restart")
    ] = False,
    as_json: Json = False,
) -> None:
    """显示车组页面的地址和号码 · Say where the crew's page is, and the number that opens it.

    A browser that was given the number once is let in for 30 days; a new number shuts all out.
    """
    from edge.crew.access import read_keys, renew_keys
    from edge.crew.opening import crew_address

    folder = state_folder(state)
    address = crew_address(folder)
    number = (renew_keys(folder) if renew else read_keys(folder)).number
    lines = [f"号码 number: {number[:4]} {number[4:]}"]
    if address is None:
        lines.append("没有正在运行的程序，或没有设置 [crew] listen")
        lines.append("no agent runs, or it has no [crew] listen")
    else:
        lines = [f"页面 page: {address}", *lines, f"直接打开 or open: {address}/#{number}"]
    answer({"address": address, "number": number}, as_json=as_json, text="\n".join(lines))


def _this_program() -> Path:
    beside = Path(sys.executable).with_name("xunhuan-edge")
    found = str(beside) if beside.exists() else shutil.which("xunhuan-edge")
    if found is None:
        raise typer.BadParameter("找不到 xunhuan-edge，请用 --program · name it by --program")
    return Path(found)
