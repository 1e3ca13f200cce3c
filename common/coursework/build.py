"""Builds a submission's probes. The student's files are compiled apart, in the sandbox, where the tests aren't; so are the
instructor's probes, once for all submissions where no header is the student's; then all is linked. The compiler itself is
held to limits: code can be a bomb."""

import re
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from .lab import Lab
from .markers import solution, without_hidden_tests
from .objects import STAND_IN, Objects, digest_of
from .sandbox import Limits, Sandbox
from .screen import Refused, screen_object, screen_source

PROBE_FOLDER = Path(__file__).parent / "probe"
COMPILER = "g++"
WARNINGS = ("-Wall", "-Wextra")
FLAGS = {
    "release": ("-O2",),
    "asan": ("-O1", "-g1", "-fno-omit-frame-pointer", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"),
    "tsan": ("-O1", "-g1", "-fno-omit-frame-pointer", "-fsanitize=thread"),
}
# CPU time stops a bomb. The clock mustn't be what fails a submission on a machine that is busy with a whole class.
_LIMITS = Limits(wall_s=600, cpu_s=30, memory_mib=3072, processes=64, descriptors=256, output_kib=256, disk_mib=256)


class BuildFailed(Exception):
    """The submission can't be built; str() begins with why: "does not compile: ..." or "refused: ..."."""


@dataclass(frozen=True)
class Sources:
    """What is built: the student's files by name, and whether the hidden probes are in."""

    lab: Lab
    files: dict[str, bytes]
    hidden: bool


def solution_sources(lab: Lab, hidden: bool = True) -> Sources:
    """The lab's own solution, built as a submission is."""
    return Sources(lab, {name: solution(lab.text(name), name).encode() for name in lab.yours}, hidden)


class Builder:
    """Builds in `place`, a folder that the sandbox's user may enter; `key` names its namespace."""

    def __init__(self, sources: Sources, place: Path, key: str, sandbox: Sandbox, objects: Objects | None = None):
        self._sources, self._place, self._key, self._sandbox = sources, place, key, sandbox
        self._lab, self._objects = sources.lab, objects or Objects()
        self._own_headers = any(not name.endswith(".cpp") for name in self._lab.yours)
        # Without a sandbox a student's program might reach what is kept.
        self._anew = self._own_headers or sandbox.label == "UNSANDBOXED"

    def prepare(self) -> None:
        """Lays out the sources: `student` for the student's compilation, `given` and `tests` for the instructor's."""
        student, given, tests = (self._place / name for name in ("student", "given", "tests"))
        for folder in (student, given, tests):
            folder.mkdir(parents=True)
        for name in self._lab.given:
            for folder in (student, given):
                _write(folder / name, (self._lab.folder / name).read_bytes())
        for name, content in self._sources.files.items():
            _write(student / name, content)
        for name in self._lab.needs:
            _write(self._place / "common" / name, (self._lab.common / name).read_bytes())
        (self._place / "common").mkdir(exist_ok=True)
        text = self._lab.text("probes.cpp")
        _write(tests / "probes.cpp", (text if self._sources.hidden else without_hidden_tests(text, "probes.cpp")).encode())
        for file in PROBE_FOLDER.glob("*.[ch]pp"):
            _write(tests / file.name, file.read_bytes())

    def remove_sources(self) -> None:
        """No test's source is left when the student's program runs."""
        for folder in ("tests", "given", "student", "common"):
            shutil.rmtree(self._place / folder, ignore_errors=True)

    def build(self, flavour: str) -> Path:
        """The program of one flavour. Raises BuildFailed."""
        out = self._place / f"out_{flavour}"
        out.mkdir(mode=0o777)
        out.chmod(0o777)
        self._screen(out, flavour)
        own = [name for name in self._lab.yours if name.endswith(".cpp")]
        given = [name for name in self._lab.given if name.endswith(".cpp")]
        jobs = [("student", name) for name in own] + [("given", name) for name in given]
        jobs += [("common", name) for name in self._lab.needs if name.endswith(".cpp")]
        jobs += [("tests", name) for name in ("probes.cpp", "probe.cpp", "key.cpp", "faults.cpp")]
        with ThreadPoolExecutor(2) as pool:
            objects = list(pool.map(lambda job: self._object(out, flavour, *job), jobs))
        for name, built in zip(own, objects, strict=False):
            self._refuse(lambda name=name, built=built: screen_object(built, name, self._lab.may))
        # Of a function that several objects hold (a template's) the linker takes the first: ours.
        return self._link(out, flavour, objects[::-1])

    def _screen(self, out: Path, flavour: str) -> None:
        """Refuses what the tests couldn't watch: in each flavour, for code can tell them apart."""
        for name in self._lab.yours:
            if name.endswith((".cpp", ".hpp")):
                self._refuse(lambda name=name: screen_source(
                    self._place / "student", name, self._lab.may,
                    lambda each: self._preprocess(out, flavour, each), self._lab.given))

    def _refuse(self, check) -> None:
        try:
            check()
        except Refused as why:
            raise BuildFailed(f"refused: {why}") from None

    def _preprocess(self, out: Path, flavour: str, name: str) -> str:
        command = [COMPILER, "-std=c++20", *FLAGS[flavour], "-pthread", "-I", "/sources", "-I", "/common",
                   "-fdiagnostics-color=never", "-E", "-x", "c++", f"/sources/{name}", "-o", "/build/preprocessed.ii"]
        self._run(command, self._binds("student"), out, name)
        text = (out / "preprocessed.ii").read_text(encoding="utf-8", errors="surrogateescape")
        (out / "preprocessed.ii").unlink()
        return text

    def _object(self, out: Path, flavour: str, folder: str, name: str) -> Path:
        """One object in `out`. A header of the student's would be in the instructor's objects, too, and see their names:
        then all is compiled anew, with names of this grading's own."""
        built = out / f"{folder}_{Path(name).name}.o"
        namespace = f"probe_{self._key}"
        if folder == "student" or self._anew:
            self._compile(out, flavour, folder, name, built.name, namespace)
            return built
        apart = self._place / f"ours_{flavour}_{built.stem}"  # where the student's compilation can't write
        apart.mkdir(mode=0o777)
        apart.chmod(0o777)

        def compile_it() -> bytes:
            self._compile(apart, flavour, folder, name, built.name, STAND_IN)
            return (apart / built.name).read_bytes()

        digest = digest_of(self._command(flavour, folder, name, built.name, STAND_IN),
                           [self._place / each for each in ("given", "common", "tests")])
        built.write_bytes(self._objects.get(digest, compile_it).replace(STAND_IN.encode(), namespace.encode()))
        shutil.rmtree(apart)
        return built

    def _compile(self, out: Path, flavour: str, folder: str, name: str, built: str, namespace: str) -> None:
        headers = "student" if folder == "student" or self._own_headers else "given"
        binds = self._binds(headers) + ([(str(self._place / "tests"), "/tests")] if folder == "tests" else [])
        self._run(self._command(flavour, folder, name, built, namespace), binds, out, name)

    def _binds(self, headers: str) -> list[tuple[str, str]]:
        return [(str(self._place / headers), "/sources"), (str(self._place / "common"), "/common")]

    def _command(self, flavour: str, folder: str, name: str, built: str, namespace: str) -> list[str]:
        where = {"student": "sources", "given": "sources", "common": "common", "tests": "tests"}[folder]
        command = [COMPILER, "-std=c++20", *WARNINGS, *FLAGS[flavour], "-pthread", "-I", "/sources", "-I", "/common",
                   "-fdiagnostics-color=never", "-c", f"/{where}/{name}", "-o", f"/build/{built}"]
        if folder == "tests":
            command += ["-fno-diagnostics-show-caret",  # a template's error would quote a hidden test
                        "-I", "/tests", f"-DPROBE_NAMESPACE={namespace}",
                        *(f"-DWRAP_{call}" for call in self._lab.wrapped)]
        return command

    def _link(self, out: Path, flavour: str, objects: list[Path]) -> Path:
        names = ["-s"] if flavour == "release" else []  # a sanitizer's report needs them
        command = [COMPILER, *FLAGS[flavour], *names, "-pthread", *(f"/build/{each.name}" for each in objects),
                   *(f"-Wl,--wrap={call}" for call in self._lab.wrapped), "-ldl", "-o", "/build/probe"]
        self._run(command, [], out, "linking")
        (out / "probe").chmod(0o755)
        for built in objects:
            built.unlink()
        return out / "probe"

    def _run(self, command: list[str], read: list[tuple[str, str]], out: Path | None, what: str) -> str:
        running = self._sandbox.start(command, read=read, write=str(out) if out else None, limits=_LIMITS)
        ending = running.wait()
        if ending.verdict != "ended":
            raise BuildFailed(f"does not compile: the compiler was stopped at {what}: {ending.words}")
        if ending.exit_code:
            raise BuildFailed(f"does not compile: {_first_errors(ending.output) or what}")
        return ending.output


def build_program(source: Path, to: Path) -> None:
    """Compiles a given program of the lab's own, such as a written lab's measuring program."""
    command = [COMPILER, "-std=c++20", "-O2", "-pthread", str(source), "-o", str(to)]
    subprocess.run(command, check=True, capture_output=True, text=True)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _first_errors(output: str, most: int = 12) -> str:
    """The compiler's first complaint with its context, in the student's own paths."""
    lines = re.sub(r"/(sources|tests|common|build)/", "", output).splitlines()
    start = next((i for i, line in enumerate(lines) if "error" in line or "undefined reference" in line), 0)
    return "\n".join(lines[start:start + most])
