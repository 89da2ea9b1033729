"""The models whose cards the centre knows: those that ship, and those registered as packages."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from models.registry.registry import Listed, VerifiedModel, list_models


class KnownModels(Mapping[str, VerifiedModel]):
    """Models by the hash of any of their files, as findings and sweeps name the one that saw.

    Packages that another process registers are found as soon as somebody asks for them.
    """

    def __init__(self, registered: Path) -> None:
        """Read what ships and what is registered.

        Args:
            registered: the folder of models that came as packages.
        """
        self._folder = registered
        self._known = dict(_shipped())
        self._seen: frozenset[str] = frozenset()
        self._look()

    def __getitem__(self, sha256: str) -> VerifiedModel:
        """Give a model.

        Raises:
            KeyError: it is not known.
        """
        if sha256 not in self._known:
            self._look()
        return self._known[sha256]

    def __iter__(self) -> Iterator[str]:
        """Go through the hashes."""
        return iter(self._known)

    def __len__(self) -> int:
        """Give how many hashes are known."""
        return len(self._known)

    def _look(self) -> None:
        here = self._folder.iterdir() if self._folder.is_dir() else ()
        names = frozenset(path.name for path in here if not path.name.startswith("."))
        if names != self._seen:
            self._seen = names
            self._known |= _by_hash(list_models(self._folder))


@cache
def _shipped() -> Mapping[str, VerifiedModel]:
    # Read and hashed once: what ships stays as it is while a process lives.
    return _by_hash(list_models())


def _by_hash(listed: Sequence[Listed]) -> dict[str, VerifiedModel]:
    return {
        sha256: each.model for each in listed if each.model for sha256 in each.model.manifest.hashes
    }
