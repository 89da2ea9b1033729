"""The commands that make models travel: `keygen`, `sign`, and `verify` of a signed package."""

from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from detect.errors import DetectError
from models.errors import ModelsError
from models.subcommands.console import Folder, refuse

LASTS_DAYS = 365


def keygen_command(
    path: Annotated[
        Path, typer.Argument(help="私钥文件；公钥写在旁边的 .pub / private key; .pub beside it")
    ],
) -> None:
    """生成签名密钥；私钥离线保管 / Make a signing key; keep the private half off line."""
    from detect.statement import key_id
    from models.registry.sealing import make_key

    try:
        public = make_key(path)
    except FileExistsError:
        typer.echo(f"{path} 已存在，不会覆盖 / {path} exists and is never written over", err=True)
        raise typer.Exit(2) from None
    typer.echo(f"{path.with_suffix('.pub')}  {key_id(public)}")


def sign_command(
    folder: Folder,
    key: Annotated[Path, typer.Option("--key", help="签名私钥 / private key to sign with")],
    sequence: Annotated[
        int, typer.Option("--sequence", min=1, help="序号，必须递增 / number that must grow")
    ],
    target: Annotated[Path, typer.Option("--out", help="写入的文件 .xhm / file to write")],
    days: Annotated[
        int, typer.Option("--days", min=1, max=3650, help="有效天数 / good for so many days")
    ] = LASTS_DAYS,
    least_software: Annotated[
        str | None,
        typer.Option("--least-software", help="最低程序版本，默认本版 / least program version"),
    ] = None,
    next_key: Annotated[
        list[Path] | None,
        typer.Option("--next-key", help="换用的公钥，可多次 / public keys to trust from now on"),
    ] = None,
) -> None:
    """试运行后打成一个签名文件，供设备下载。/ Run, pack and sign a model for devices to fetch."""
    from detect.statement import key_id, public_half
    from models.registry.sealing import Order, read_private, read_public, seal

    now = datetime.now(UTC).replace(microsecond=0)
    try:
        signer = read_private(key)
        order = Order(
            sequence=sequence,
            not_before=now - timedelta(minutes=10),
            expires=now + timedelta(days=days),
            least_software=least_software or version("xunhuan"),
            next_keys=[read_public(each) for each in next_key or ()],
        )
        statement = seal(folder, order, signer, to=target)
    except (DetectError, ModelsError) as error:
        refuse(error, as_json=False)
    signed_by = key_id(public_half(signer))
    typer.echo(
        f"{target}：{statement.name} {statement.version}，序号 {sequence}，密钥 {signed_by}，"
        f"{statement.expires:%Y-%m-%d} 前有效 / sequence {sequence}, key {signed_by}, "
        f"good until {statement.expires:%Y-%m-%d}"
    )


def verify_package(path: Path, keys: list[Path], *, as_json: bool) -> None:
    """Say everything about a signed package, or why it is refused."""
    import json

    from detect.package import read_package
    from detect.statement import check_when
    from models.registry.sealing import read_public

    try:
        package = read_package(path, trusted=[read_public(key) for key in keys])
        check_when(package.statement, now=datetime.now(UTC), floor=0, software=version("xunhuan"))
    except (DetectError, ModelsError) as error:
        refuse(error, as_json=as_json)
    said = package.statement
    if as_json:
        answer = {"verified": True, "sha256": package.sha256, **said.model_dump(mode="json")}
        typer.echo(json.dumps(answer, ensure_ascii=False))
        return
    typer.echo(
        f"{said.name} {said.version}（{said.role.value}）签名和内容无误，序号 {said.sequence}，"
        f"{said.not_before:%Y-%m-%d} 至 {said.expires:%Y-%m-%d}，"
        f"程序不低于 {said.least_software} / "
        f"signature and contents are right, sequence {said.sequence}, "
        f"{said.not_before:%Y-%m-%d} to {said.expires:%Y-%m-%d}, program {said.least_software} "
        f"or later\nsha256 {package.sha256}"
    )
    for file in said.files:
        typer.echo(f"  {file.name}  {file.size}  {file.sha256}")
    labels = ", ".join(package.manifest.labels)
    typer.echo(f"类别 / classes: {labels}")
