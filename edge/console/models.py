"""Commands about models that come over the air: whom to believe, what runs, a package by hand."""

from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from edge.console.options import Json, State, state_folder
from edge.console.speech import answer

model_app = typer.Typer(help="下发的模型 · models over the air", no_args_is_help=True)


@model_app.command("trust")
def model_trust(
    keys: Annotated[
        list[Path], typer.Argument(help="公钥文件（xunhuan-models keygen 的 .pub）· public keys")
    ],
    state: State = None,
    as_json: Json = False,
) -> None:
    """只信任这些公钥签名的模型包 · Believe packages that these keys signed, and no others."""
    from detect.statement import key_id
    from edge.updates.choice import MODELS_FOLDER
    from edge.updates.keys import read_key
    from edge.updates.slots import Slots

    trusted = [read_key(path) for path in keys]
    slots = Slots(state_folder(state) / MODELS_FOLDER)
    slots.keys.trust(trusted)
    slots.close()
    named = [key_id(key) for key in trusted]
    text = ", ".join(named)
    answer({"trusted": named}, as_json=as_json, text=f"信任 {text} · trusting {text}")


@model_app.command("install")
def model_install(
    package: Annotated[Path, typer.Argument(help="签名模型包 .xhm · signed package")],
    state: State = None,
    as_json: Json = False,
) -> None:
    """不经网络装一个签名模型包，下次巡查前试用 · Take a package by hand; it is tried next pass."""
    from edge.config import Config, SourceConfig, SourceKind
    from edge.failpoints import UNARMED
    from edge.updates.choice import MODELS_FOLDER
    from edge.updates.opening import admission_of
    from edge.updates.slots import Slots

    folder = state_folder(state)
    slots = Slots(folder / MODELS_FOLDER)
    config = Config(state=folder, source=SourceConfig(kind=SourceKind.INBOX))
    admission = admission_of(config, slots, now=lambda: datetime.now(UTC), failpoints=UNARMED)
    try:
        statement = admission.admit(package)
    finally:
        slots.close()
    named = f"{statement.name} {statement.version}"
    answer(
        {
            "name": statement.name,
            "version": statement.version,
            "sequence": statement.sequence,
            "role": statement.role.value,
        },
        as_json=as_json,
        text=f"{named} 已就绪，下次巡查前开始试用 · {named} is ready, tried from the next pass on",
    )


@model_app.command("status")
def model_status(state: State = None, as_json: Json = False) -> None:
    """显示信任的公钥和各模型到了哪一步 · Show trusted keys, and how far each model has got."""
    from detect.statement import Role, key_id
    from edge.updates.choice import MODELS_FOLDER
    from edge.updates.slots import Slots

    slots = Slots(state_folder(state) / MODELS_FOLDER)
    named = [key_id(key) for key in slots.keys.all()]
    slot, kept = slots.slot(Role.PATROL), slots.kept(Role.PATROL)
    slots.close()
    lines = [
        f"信任 trusted: {', '.join(named) or '无 none'}",
        f"程序 program {version('xunhuan')}，最高序号 highest sequence {slot.floor}",
        *(
            f"{'*' if each.sequence == slot.active else ' '} {each.sequence}  {each.name} "
            f"{each.version}  {each.stage.value}  {each.expires:%Y-%m-%d}  {each.zh} {each.en}"
            for each in kept
        ),
        *([] if slot.active is not None else ["* 随程序安装的模型 the installed model"]),
    ]
    models = [
        {
            "sequence": each.sequence,
            "name": each.name,
            "version": each.version,
            "stage": each.stage.value,
            "expires": each.expires.isoformat(),
            "active": each.sequence == slot.active,
        }
        for each in kept
    ]
    answer(
        {"trusted": named, "highest_sequence": slot.floor, "models": models},
        as_json=as_json,
        text="\n".join(lines),
    )
