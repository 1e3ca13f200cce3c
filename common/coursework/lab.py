"""A lab: its folder and what its lab.toml says."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from .errors import CourseworkError

_NEEDED = ("title", "section", "minutes", "learns", "yours")
_ALLOWED = (*_NEEDED, "kind", "given", "common", "wrapped", "may", "limits", "points", "packages")
_LIMITS = ("wall_s", "cpu_s", "memory_mib", "processes", "descriptors", "output_kib", "disk_mib")


@dataclass(frozen=True)
class Lab:
    """What lab.toml says. `common` is the folder that the files of `needs` are in (common/ of the house, or of a handout)."""

    name: str
    folder: Path
    title: str
    section: str
    minutes: int
    learns: tuple[str, ...]
    yours: tuple[str, ...]  # the student's files, marked
    given: tuple[str, ...] = ()  # handed out as they are; a submission's copies are ignored
    needs: tuple[str, ...] = ()  # files of common/
    wrapped: tuple[str, ...] = ()  # calls of the student's that faults can reach
    may: tuple[str, ...] = ()  # names that screening would refuse otherwise
    kind: str = "code"  # or "written": answers, no program
    limits: dict[str, float] | None = None
    points: dict[str, float] | None = None  # an instructor's own weights, by case
    packages: tuple[str, ...] = ()  # of Debian's, beyond a compiler
    common: Path | None = None

    def text(self, file: str) -> str:
        """The text of one of the lab's own files."""
        return (self.folder / file).read_text(encoding="utf-8")

    @property
    def has_hidden_tests(self) -> bool:
        """Whether this is the instructor's tree: a handout has no hidden tests and no solution."""
        return "BEGIN HIDDEN TESTS" in self.text("cases.py")


def labs_of(house: Path) -> dict[str, Path]:
    """All labs of the house, by name."""
    return {path.parent.name: path.parent for path in sorted(house.glob("experiments/*/lab/*/lab.toml"))}


def find_lab(name: str, house: Path) -> Lab:
    """The lab called `name`, or in the folder `name`. Raises CourseworkError that lists the labs there are."""
    folder = Path(name)
    if not (folder / "lab.toml").is_file():
        labs = labs_of(house)
        if name not in labs:
            raise CourseworkError(f"no lab '{name}': there are {', '.join(labs) or 'none'}")
        folder = labs[name]
    return read_lab(folder.resolve())


def read_lab(folder: Path) -> Lab:
    """The lab in `folder`. Raises CourseworkError that names the file and the field."""
    path = folder / "lab.toml"
    try:
        fields = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CourseworkError(f"{path}: {error}") from None
    if missing := [field for field in _NEEDED if field not in fields]:
        raise CourseworkError(f"{path}: '{missing[0]}' is missing")
    if unknown := [field for field in fields if field not in _ALLOWED]:
        raise CourseworkError(f"{path}: '{unknown[0]}' is no field of a lab ({', '.join(_ALLOWED)})")
    if unknown := [field for field in fields.get("limits", {}) if field not in _LIMITS]:
        raise CourseworkError(f"{path}: '{unknown[0]}' is no limit ({', '.join(_LIMITS)})")
    needs = tuple(fields.pop("common", ()))
    lists = {name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()}
    lab = Lab(name=folder.name, folder=folder, needs=needs, common=_common_folder(folder, needs), **lists)
    for file in (*lab.yours, *lab.given, "cases.py"):
        if not (folder / file).is_file():
            raise CourseworkError(f"{path}: {file} is not there")
    return lab


def _common_folder(folder: Path, needs: tuple[str, ...]) -> Path | None:
    for parent in (folder, *folder.parents):
        if needs and all((parent / "common" / file).is_file() for file in needs):
            return parent / "common"
    if needs:
        raise CourseworkError(f"{folder}/lab.toml: no folder common/ around it has {needs[0]}")
    return None
