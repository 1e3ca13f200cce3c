"""Packs what each platform wants uploaded: the lab, the grader, and what of common/ they need.

    python3 -m common.coursework autograder LAB --format gradescope|prairielearn|autolab|github

gradescope    LAB-gradescope.zip: setup.sh and run_autograder at its root
prairielearn  LAB-prairielearn/: questions/LAB/ and serverFilesCourse/, for the course's folder
autolab       LAB-autolab/: autograde-Makefile, autograde.tar, LAB-handout/, LAB-handout.tar
github        LAB-github/: a template repository, with .github/workflows/classroom.yml

The scripts in them are in platforms/. The hidden tests and the solution are in all but github's.
"""

import io
import json
import shutil
import tarfile
import tempfile
import uuid
import zipfile
from pathlib import Path

from .errors import CourseworkError
from .formats import FORMATS
from .formats.shown import printable
from .handout import write_handout
from .lab_cases import cases_of
from .record import broken

_GRADER = Path(__file__).parent
_PLATFORMS = _GRADER / "platforms"
_NOT_PACKED = set(
    """__pycache__ engines platforms README.md STUDENTS.md __main__.py autograder.py class_page.css
    class_page.py class_table.py grade_all.py grade_one.py hand_ins.py handout.py verdict.py
    """.split()
)
_SANDBOX_PACKAGES = ("bubblewrap", "util-linux")
_IMAGE = "two-cakes-grader"
_GRADING_SECONDS = 600  # PrairieLearn allows no more
_ID = uuid.UUID("f0a8f2a0-3f9c-5b7e-9a53-6b2d0c3a7c11")  # the same lab has the same uuid, always


def write_autograder(lab, platform, to, unsandboxed=False):
    """Write what `platform` wants for `lab` into the folder `to`; return its path.

    `unsandboxed`: grade there even without a sandbox, and say so in every result. Raises
    CourseworkError for a platform that has no autograder, and for points it can't count.
    """
    if platform not in _WRITERS:
        raise CourseworkError(f"'{platform}' has no autograder to upload: {', '.join(_WRITERS)}")
    to = Path(to)
    to.mkdir(parents=True, exist_ok=True)
    return _WRITERS[platform](lab, to, " --unsandboxed" if unsandboxed else "")


def _gradescope(lab, to, flag):
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        _script(folder / "setup.sh", "setup.sh", PACKAGES=" ".join(lab.packages))
        _script(
            folder / "run_autograder",
            text="#!/bin/sh\nexec sh /autograder/source/two_cakes/run.sh gradescope"
            f" lab/{lab.name}{flag}\n",
        )
        _write_grader(folder / "two_cakes", "gradescope", lab)
        _write_lab(lab, folder / "two_cakes")
        return _zip(folder, to / f"{lab.name}-gradescope.zip")


def _prairielearn(lab, to, flag):
    top = _emptied(to / f"{lab.name}-prairielearn")
    question = top / "questions" / lab.name
    _write_grader(top / "serverFilesCourse" / "two_cakes", "prairielearn", lab)
    _write_lab(lab, question / "tests")
    run = (
        f"/grade/serverFilesCourse/two_cakes/run.sh prairielearn /grade/tests/lab/{lab.name}{flag}"
    )
    grading = {
        "enabled": True,
        "image": _IMAGE,
        "entrypoint": run,
        "serverFilesCourse": ["two_cakes/"],
        "timeout": _GRADING_SECONDS,
        "enableNetworking": False,
    }
    info = {
        "uuid": str(uuid.uuid5(_ID, lab.name)),
        "title": lab.title,
        "topic": f"Section {lab.section}",
        "type": "v3",
        "gradingMethod": "External",
        "singleVariant": True,
        "externalGradingOptions": grading,
    }
    (question / "info.json").write_text(json.dumps(info, indent=2) + "\n", encoding="utf-8")
    page = _filled("question.html", TITLE=lab.title, LAB=lab.name, FILES=",".join(lab.yours))
    (question / "question.html").write_text(page, encoding="utf-8")
    packages = " ".join(("g++", "python3", *_SANDBOX_PACKAGES, *lab.packages))
    (top / "Dockerfile").write_text(
        _filled("Dockerfile", IMAGE=_IMAGE, PACKAGES=packages), encoding="utf-8"
    )
    with tempfile.TemporaryDirectory() as place:
        folder, tar = write_handout(lab, Path(place))
        files = question / "clientFilesQuestion"
        files.mkdir()
        for file in (tar, folder / "README.html"):
            shutil.copy(file, files / file.name)
    return top


def _autolab(lab, to, flag):
    top = _emptied(to / f"{lab.name}-autolab")
    handin = lab.yours[0] if len(lab.yours) == 1 else "handin.tar"
    _script(
        top / "autograde-Makefile",
        "autograde-Makefile",
        HANDIN=handin,
        LAB=lab.name,
        UNSANDBOXED=flag,
    )
    (top / "autograde-Makefile").chmod(0o644)
    with tempfile.TemporaryDirectory() as place:
        _write_grader(Path(place) / "two_cakes", "autolab", lab)
        _write_lab(lab, Path(place) / "two_cakes")
        with tarfile.open(top / "autograde.tar", "w") as tar:
            for path in _all_of(Path(place)):
                entry = tar.gettarinfo(path, path.relative_to(place))
                entry.uid = entry.gid = entry.mtime = 0
                entry.uname = entry.gname = "root"
                with path.open("rb") as file:
                    tar.addfile(entry, file)
    write_handout(lab, top)
    return top


def _github(lab, to, flag):
    top = _emptied(to / f"{lab.name}-github")
    with tempfile.TemporaryDirectory() as place:
        folder, _ = write_handout(lab, Path(place))
        shutil.copytree(folder, top, dirs_exist_ok=True)
    workflow = top / ".github" / "workflows" / "classroom.yml"
    workflow.parent.mkdir(parents=True)
    packages = " ".join((*_SANDBOX_PACKAGES, *lab.packages))
    text = _filled("classroom.yml", PACKAGES=packages, UNSANDBOXED=flag) + _steps(
        cases_of(lab, hidden=False)
    )
    workflow.write_text(text, encoding="utf-8")
    (top / ".gitignore").write_text("build/\n", encoding="utf-8")
    return top


def _steps(cases):
    """A step for each case, by GitHub Classroom's own actions, and the reporter of them all."""
    out = io.StringIO()
    for case in cases:
        if case.points != int(case.points):
            raise CourseworkError(
                f"GitHub Classroom counts whole points only: {case.name} has {case.points}"
            )
        out.write(
            f"    - name: {json.dumps(printable(case.title))}\n      id: {case.name}\n"
            "      uses: classroom-resources/autograding-command-grader@v1\n      with:\n"
            f"        test-name: {json.dumps(printable(case.title))}\n        setup-command: ''\n"
            "        command: PYTHONPATH=grader python3 -B -m coursework.verdict"
            f" build/grade.json {case.name}\n"
            f"        timeout: 1\n        max-score: {int(case.points)}\n"
        )
    out.write(
        "    - name: Autograding Reporter\n"
        "      uses: classroom-resources/autograding-grading-reporter@v1\n      env:\n"
    )
    for case in cases:
        out.write(
            f'        {case.name.upper()}_RESULTS: "${{{{steps.{case.name}.outputs.result}}}}"\n'
        )
    out.write(f"      with:\n        runners: {','.join(case.name for case in cases)}\n")
    return out.getvalue()


_WRITERS = {
    "gradescope": _gradescope,
    "prairielearn": _prairielearn,
    "autolab": _autolab,
    "github": _github,
}


def _write_grader(folder, platform, lab):
    """The grader, and what to say on `platform` if it can't even start."""
    shutil.copytree(
        _GRADER, folder / "common" / "coursework", ignore=lambda _, names: _NOT_PACKED & set(names)
    )
    (folder / "common" / "__init__.py").touch()
    _script(folder / "run.sh", "run.sh")
    _script(folder / "last_resort.py", "last_resort.py")
    text = FORMATS[platform](broken(lab.name, lab.title, "", "the grader could not start"))
    (folder / f"broken.{platform}").write_text(text, encoding="utf-8")


def _write_lab(lab, folder):
    """The lab as it is, hidden tests and solution too, and beside it what it needs of common/."""
    shutil.copytree(
        lab.folder, folder / "lab" / lab.name, ignore=shutil.ignore_patterns("__pycache__", ".*")
    )
    for file in lab.needs:
        (folder / "common" / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(lab.common / file, folder / "common" / file)


def _filled(name, **values):
    text = (_PLATFORMS / name).read_text(encoding="utf-8")
    for key, value in values.items():
        text = text.replace(f"@{key}@", value)
    return text


def _script(path, name=None, text=None, **values):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text or _filled(name, **values), encoding="utf-8")
    path.chmod(0o755)


def _emptied(folder):
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    return folder


def _all_of(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _zip(folder, to):
    """Pack the files of `folder`, without it in their names; the same files make the same bytes."""
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in _all_of(folder):
            entry = zipfile.ZipInfo(str(path.relative_to(folder)))
            entry.external_attr = (0o100755 if path.stat().st_mode & 0o100 else 0o100644) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, path.read_bytes())
    return to
