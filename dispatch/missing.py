"""What a store answers where it has not got what is asked for, or no longer as it was seen."""

from datetime import datetime

from dispatch.errors import DispatchError


class NotFound(DispatchError):
    """No record has this id."""

    def __init__(self, what_zh: str, what_en: str, id_: str) -> None:
        super().__init__(
            f"没有编号为 {id_} 的{what_zh}，请核对编号", f"no {what_en} has the id {id_}: check it"
        )
        self.what, self.id = what_en, id_


class CaseNotFound(NotFound):
    """No case has this id, or none that the person may see."""

    def __init__(self, id_: str) -> None:
        super().__init__("[案卷]", "[case]", id_)


class TaskNotFound(NotFound):
    """No task has this id."""

    def __init__(self, id_: str) -> None:
        super().__init__("[任务]", "[task]", id_)


class PersonNotFound(NotFound):
    """No person has this id."""

    def __init__(self, id_: str) -> None:
        super().__init__("人员", "person", id_)


class PhotoNotFound(NotFound):
    """No photo has this id."""

    def __init__(self, id_: str) -> None:
        super().__init__("照片", "photo", id_)


class ComponentNotFound(NotFound):
    """The registry has never held a component of this id."""

    def __init__(self, id_: str) -> None:
        super().__init__("部件", "component", id_)


class StaleCase(DispatchError):
    """Somebody else changed the record in the meantime.

    Args:
        meanwhile: who did what last, Chinese and English, where that is known.
    """

    def __init__(self, id_: str, *, meanwhile: tuple[str, str] | None = None) -> None:
        zh, en = meanwhile or ("刚被别人改过", "was just changed by somebody else")
        super().__init__(
            f"{id_} {zh}，你的操作没有保存，请刷新、看过现状再决定",
            f"{id_} {en} and your decision was not saved: reload, then decide again",
        )
        self.id = id_


class EvidenceRefused(DispatchError):
    """The bytes are not the picture that they should be."""

    def __init__(self, sha256: str, zh: str, en: str) -> None:
        super().__init__(f"证据 {sha256[:12]} 被拒收:{zh}", f"evidence {sha256[:12]} refused: {en}")
        self.sha256 = sha256


class UploadOutOfStep(DispatchError):
    """A part of a picture does not begin where the last one ended."""

    def __init__(self, sha256: str, *, kept: int) -> None:
        super().__init__(
            f"证据 {sha256[:12]} 已收到 {kept} 字节，请从这里继续上传",
            f"{kept} bytes of evidence {sha256[:12]} are kept: go on from there",
        )
        self.sha256, self.kept = sha256, kept


class PackageMissing(NotFound):
    """The centre holds no such model package."""

    def __init__(self, sha256: str) -> None:
        super().__init__("模型包", "model package", sha256)
        self.sha256 = sha256


class EvidenceErased(DispatchError):
    """The picture's time was over, or a person asked for its end.

    Args:
        why: the rule, Chinese and English.
    """

    def __init__(self, sha256: str, *, why: tuple[str, str], at: datetime) -> None:
        super().__init__(
            f"已按留存期删除（{why[0]}，{at:%Y-%m-%d}）",
            f"erased in its time ({why[1]}, {at:%Y-%m-%d})",
        )
        self.sha256 = sha256


class EvidenceMissing(DispatchError):
    """The folder does not hold the picture."""

    def __init__(self, sha256: str) -> None:
        super().__init__(
            f"没有证据 {sha256[:12]}:可能尚未上传,或已到保存期限",
            f"no evidence {sha256[:12]}: it was not sent yet, or its retention has ended",
        )
        self.sha256 = sha256
