"""Packs what a student gets: a folder and a tar that build alone, without a line of the solution or of a hidden test."""

import shutil
import tarfile
from pathlib import Path

from .build import PROBE_FOLDER, WARNINGS
from .errors import CourseworkError
from .lab import Lab
from .lab_cases import cases_of
from .markers import secret_lines, starter

_GRADER = Path(__file__).parent
_NOT_HANDED_OUT = {"autograder.py", "class_page.css", "class_page.py", "class_table.py", "grade_all.py", "grade_one.py", "hand_ins.py", "handout.py",
                   "on_platform.py", "record.py", "__pycache__", "engines", "platforms", "README.md", "STUDENTS.md"}


def write_handout(lab: Lab, to: Path) -> tuple[Path, Path]:
    """Writes `to`/<lab>-handout/ and `to`/<lab>-handout.tar; returns both. Raises CourseworkError where a secret is left."""
    folder = to / f"{lab.name}-handout"
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    _write_sources(lab, folder)
    _write_grader(folder)
    (folder / "CMakeLists.txt").write_text(_cmake(lab), encoding="utf-8")
    (folder / "Makefile").write_text(_MAKEFILE.replace("LAB", lab.name), encoding="utf-8")
    (folder / "README.html").write_text(_page(lab), encoding="utf-8")
    check_handout(lab, folder)
    tar = to / f"{lab.name}-handout.tar"
    with tarfile.open(tar, "w") as archive:
        archive.add(folder, arcname=folder.name, filter=_plain)
    return folder, tar


def check_handout(lab: Lab, folder: Path) -> None:
    """Raises CourseworkError if a file of `folder` holds a marker, or a line of a solution or hidden test."""
    secrets = _secrets(lab)
    own = {*lab.yours, *lab.given, "probes.cpp", "cases.py", "README.md", "lab.toml"}
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or (folder / "grader") in path.parents:
            continue
        lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
        for number, line in enumerate(lines, 1):
            if path.name in own and line in secrets:
                raise CourseworkError(f"{path.name}:{number}: a line of {secrets[line]}'s marked regions would be handed out")
            if "BEGIN SOLUTION" in line or "BEGIN HIDDEN" in line or line.startswith(("// STUB:", "# STUB:")):
                raise CourseworkError(f"{path.name}:{number}: a marker would be handed out")


def _secrets(lab: Lab) -> dict[str, str]:
    """The lines of marked regions that nothing outside them says as well, with their file."""
    texts = {file: lab.text(file) for file in _marked(lab)}
    open_texts = [starter(text, file) for file, text in texts.items()] + [lab.text(file) for file in lab.given]
    in_the_open = {line.strip() for text in open_texts for line in text.splitlines()}
    return {line: file for file, text in texts.items() for line in secret_lines(text, file) if line not in in_the_open}


def _marked(lab: Lab) -> list[str]:
    return [file for file in (*lab.yours, "probes.cpp", "cases.py") if (lab.folder / file).is_file()]


def _write_sources(lab: Lab, folder: Path) -> None:
    for file in _marked(lab):
        _write(folder / file, starter(lab.text(file), file))
    for file in (*lab.given, "README.md"):
        _write(folder / file, lab.text(file))
    _write(folder / "lab.toml", _without_hidden_points(lab))
    if (lab.folder / "measure.cpp").is_file():
        _write(folder / "measure.cpp", lab.text("measure.cpp"))
    for file in lab.needs:
        _write(folder / "common" / file, (lab.common / file).read_text(encoding="utf-8"))


def _without_hidden_points(lab: Lab) -> str:
    """lab.toml without the [points] of hidden cases: not even their names are handed out."""
    hidden = {each.name for each in cases_of(lab, hidden=True) if each.hidden}
    lines = lab.text("lab.toml").splitlines(keepends=True)
    start = next((number for number, line in enumerate(lines) if line.strip() == "[points]"), len(lines))
    return "".join(lines[:start] + [line for line in lines[start:] if line.partition("=")[0].strip(' "') not in hidden])


def _write_grader(folder: Path) -> None:
    shutil.copytree(_GRADER, folder / "grader" / "coursework", ignore=lambda _, names: _NOT_HANDED_OUT & set(names))


def _cmake(lab: Lab) -> str:
    if lab.kind == "written":
        sources = "measure.cpp"
        return _CMAKE.format(lab=lab.name, program="measure", sources=sources, folders="", warnings=" ".join(WARNINGS), wraps="")
    own = [file for file in (*lab.yours, *lab.given) if file.endswith(".cpp")]
    common = [f"common/{file}" for file in lab.needs if file.endswith(".cpp")]
    probe = [f"grader/coursework/probe/{file.name}" for file in sorted(PROBE_FOLDER.glob("*.cpp"))]
    wraps = "".join(f"\n  target_compile_definitions(probes PRIVATE WRAP_{call})\n  target_link_options(probes PRIVATE -Wl,--wrap={call})"
                    for call in lab.wrapped)
    return _CMAKE.format(lab=lab.name, program="probes", sources=" ".join([*own, "probes.cpp", *common, *probe]),
                         folders="\n  target_include_directories(probes PRIVATE . common grader/coursework/probe)",
                         warnings=" ".join(WARNINGS), wraps=wraps).replace("\n  target", "\ntarget")


_CMAKE = """# For your editor and debugger: `make` builds with this. The grader has a build of its own.
cmake_minimum_required(VERSION 3.22)
project({lab} LANGUAGES CXX)
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
find_package(Threads REQUIRED)
add_executable({program} {sources}){folders}
target_compile_options({program} PRIVATE {warnings} -g)
target_link_libraries({program} PRIVATE Threads::Threads ${{CMAKE_DL_LIBS}}){wraps}
"""

_MAKEFILE = """# make          build, with the compiler's warnings
# make grade    build and run the public tests; CASE=name for one of them
# make clean
.PHONY: all build grade test clean
all: build

build:
	@cmake -S . -B build -DCMAKE_BUILD_TYPE=Debug >/dev/null && cmake --build build --parallel

# Your own code on your own machine: without bubblewrap it runs unguarded, and the output says so.
grade test:
	@PYTHONPATH=grader python3 -B -m coursework grade . --submission . --public --unsandboxed $(if $(CASE),--case "$(CASE)")

clean:
	@rm -rf build
"""


def _page(lab: Lab) -> str:
    """README.md as a page that opens from disk."""
    import markdown  # Debian's python3-markdown; only who hands out needs it

    body = markdown.markdown(lab.text("README.md"), extensions=["fenced_code", "tables"])
    return _PAGE.format(title=lab.title, body=body)


_PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
  body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; color-scheme: light dark }}
  pre, code {{ font: 14px/1.4 ui-monospace, monospace; background: color-mix(in srgb, currentColor 8%, transparent) }}
  pre {{ padding: .8rem; overflow-x: auto }}  pre code {{ background: none }}
  table {{ border-collapse: collapse }}  th, td {{ border: 1px solid; padding: .2rem .6rem; text-align: left }}
</style>
{body}
</html>
"""


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _plain(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    """Whoever packs it: the same bytes."""
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = "root"
    entry.mtime = 0
    return entry
