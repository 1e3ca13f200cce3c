"""What can be handed in, and each hostile archive, which is refused in one line."""

import gzip
import io
import os
import tarfile
import tempfile
import unittest
import zipfile
from pathlib import Path

from common.coursework.submission import BadSubmission, open_submission

YOURS = ("loop.cpp", "task.hpp")
FILES = {"loop.cpp": b"int a;\n", "task.hpp": b"int b;\n"}


FIRST = tarfile.TarInfo("d/000000").tobuf()


def header(number):
    """A tar's header of an empty file with this number for its name: tarfile takes long for 10^5."""
    digits = b"%06d" % number
    total = int(FIRST[148:154], 8) + sum(digits) - 6 * ord("0")
    return b"d/" + digits + FIRST[8:148] + b"%06o\0 " % total + FIRST[156:]


class SubmissionTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.top = Path(folder.name)

    def folder(self, files, name="mine"):
        for path, content in files.items():
            (self.top / name / path).parent.mkdir(parents=True, exist_ok=True)
            (self.top / name / path).write_bytes(content)
        return self.top / name

    def tar(self, *entries, mode="w", name="mine.tar"):
        """`entries`: (name, content) or a TarInfo."""
        with tarfile.open(self.top / name, mode) as archive:
            for entry in entries:
                if isinstance(entry, tarfile.TarInfo):
                    archive.addfile(entry)
                    continue
                info = tarfile.TarInfo(entry[0])
                info.size = len(entry[1])
                archive.addfile(info, io.BytesIO(entry[1]))
        return self.top / name

    def zip(self, *entries, name="mine.zip"):
        with zipfile.ZipFile(self.top / name, "w", zipfile.ZIP_DEFLATED) as archive:
            for path, content in entries:
                archive.writestr(path, content)
        return self.top / name

    def assert_refused(self, path, words, yours=YOURS):
        before = sorted(self.top.rglob("*"))
        with self.assertRaises(BadSubmission) as caught:
            open_submission(path, yours)
        said = str(caught.exception)
        self.assertRegex(said, words)
        self.assertEqual(len(said.splitlines()), 1, said)
        self.assertLess(len(said), 300)
        self.assertTrue(said.isprintable())
        self.assertEqual(sorted(self.top.rglob("*")), before)


class GoodOnes(SubmissionTest):
    def test_a_folder_tar_or_zip_gives_the_labs_files(self):
        pairs = list(FILES.items())
        for path in (self.folder(FILES), self.tar(*pairs), self.tar(*pairs, mode="w:gz", name="a.tgz"),
                     self.tar(*pairs, mode="w:bz2", name="b"), self.tar(*pairs, mode="w:xz", name="c.tar.xz"),
                     self.zip(*pairs)):
            with self.subTest(path=path.name):
                self.assertEqual(open_submission(path, YOURS), FILES)

    def test_they_may_be_in_a_folder_of_their_own(self):
        inside = [(f"anna/lab/{name}", content) for name, content in FILES.items()]
        for path in (self.folder(dict(inside)), self.tar(*inside), self.zip(*inside)):
            self.assertEqual(open_submission(path, YOURS), FILES)

    def test_a_lab_may_have_files_in_folders(self):
        taken = open_submission(self.tar(("x/src/a.cpp", b"1"), ("x/b.cpp", b"2")), ("src/a.cpp", "b.cpp"))
        self.assertEqual(taken, {"src/a.cpp": b"1", "b.cpp": b"2"})

    def test_the_rest_is_ignored_and_said(self):
        extra = {"CMakeLists.txt": b"evil", "notes/why.txt": b"x", "__MACOSX/loop.cpp": b"z", "._loop.cpp": b"\0"}
        for path in (self.folder(FILES | extra), self.tar(*(FILES | extra).items()), self.zip(*(FILES | extra).items())):
            taken = open_submission(path, YOURS)
            self.assertEqual(taken, FILES)
            self.assertIn("CMakeLists.txt", taken.ignored)
            self.assertIn("notes/why.txt", taken.ignored)

    def test_in_a_folder_other_links_and_big_files_do_not_matter(self):
        folder = self.folder(FILES | {"core": b"\0" * (20 << 20)})
        (folder / "docs").symlink_to("/usr")
        self.assertEqual(open_submission(folder, YOURS), FILES)


class RefusedOnes(SubmissionTest):
    def test_what_is_missing_is_named(self):
        self.assert_refused(self.tar(("loop.cpp", b"")), "task.hpp is missing")
        self.assert_refused(self.folder({"a.txt": b""}), "loop.cpp, task.hpp is missing")
        self.assert_refused(self.top / "nothing", "no such folder")
        self.assert_refused(self.tar(("a/loop.cpp", b""), ("b/task.hpp", b"")), "is missing")

    def test_two_of_them_are_one_too_many(self):
        twice = [(f"{top}/{name}", content) for top in ("a", "b") for name, content in FILES.items()]
        self.assert_refused(self.tar(*twice), "more than once, in a/ and b/")

    def test_names_that_lead_elsewhere(self):
        for name, words in (("../loop.cpp", "leads out"), ("a/../../loop.cpp", "leads out"), ("/etc/passwd", "absolute"),
                            ("C:\\loop.cpp", "absolute"), ("..\\loop.cpp", "leads out"), ("a\nb", "control characters"),
                            ("x" * 3000, "too long"), ("a\x1b[2Jb", "control characters")):
            with self.subTest(name=name[:20]):
                self.assert_refused(self.tar((name, b""), *FILES.items()), words)
                if "\\" not in name and len(name) < 1000:
                    self.assert_refused(self.zip((name, b""), *FILES.items()), words)

    def test_names_that_are_no_utf_8(self):
        self.assert_refused(self.tar(("\udcff.txt", b""), *FILES.items()), "no UTF-8")
        folder = self.folder(FILES)
        Path(os.fsdecode(os.fsencode(folder) + b"/\xff")).write_bytes(b"")
        self.assert_refused(folder, "no UTF-8")

    def test_links_and_devices_in_an_archive(self):
        for kind, words in ((tarfile.SYMTYPE, "link"), (tarfile.LNKTYPE, "link"), (tarfile.CHRTYPE, "no plain file"),
                            (tarfile.FIFOTYPE, "no plain file")):
            info = tarfile.TarInfo("loop.cpp")
            info.type, info.linkname = kind, "/etc/shadow"
            self.assert_refused(self.tar(info), words)
        link = zipfile.ZipInfo("loop.cpp")
        link.external_attr = 0o120777 << 16
        self.assert_refused(self.zip((link, b"/etc/shadow"), ("task.hpp", b"")), "link")

    def test_links_and_devices_in_a_folder(self):
        folder = self.folder({"task.hpp": b""})
        secret = self.top / "solution.cpp"
        secret.write_bytes(b"the solution")
        (folder / "loop.cpp").symlink_to(secret)
        self.assert_refused(folder, "loop.cpp is a link")
        (folder / "loop.cpp").unlink()
        os.link(secret, folder / "loop.cpp")
        self.assert_refused(folder, "loop.cpp is a hard link")
        (folder / "loop.cpp").unlink()
        os.mkfifo(folder / "loop.cpp")
        self.assert_refused(folder, "loop.cpp is no plain file")

    def test_the_same_name_twice(self):
        self.assert_refused(self.tar(*FILES.items(), ("loop.cpp", b"other")), "twice")
        self.assert_refused(self.tar(*FILES.items(), ("./loop.cpp", b"other")), "twice")

    def test_a_hundred_thousand_files(self):
        (self.top / "many.tar.gz").write_bytes(gzip.compress(b"".join(map(header, range(100_000))), 1))
        self.assert_refused(self.top / "many.tar.gz", "more than 1000 files")
        with zipfile.ZipFile(self.top / "many.zip", "w") as archive:
            for i in range(5_000):
                archive.writestr(f"{i}", b"")
        self.assert_refused(self.top / "many.zip", "more than 1000 files")
        folder = self.folder({})
        for i in range(1_100):
            (folder / "d").mkdir(parents=True, exist_ok=True)
            (folder / "d" / str(i)).touch()
        self.assert_refused(folder, "more than 1000 files")

    def test_bombs(self):
        zeros = b"\0" * (20 << 20)
        for mode in ("w:gz", "w:bz2", "w:xz"):
            self.assert_refused(self.tar(*FILES.items(), ("big", zeros), mode=mode), "when unpacked|times its size")
        self.assert_refused(self.zip(*FILES.items(), ("big", zeros)), "when unpacked|times its size")
        self.assert_refused(self.zip(*FILES.items(), ("big", zeros[: 8 << 20])), "times its size")

    def test_a_bomb_in_a_tars_own_headers(self):
        info = tarfile.TarInfo("loop.cpp")
        info.pax_headers = {"comment": "x" * (20 << 20)}
        with tarfile.open(self.top / "pax.tar.xz", "w:xz", format=tarfile.PAX_FORMAT, preset=0) as archive:
            archive.addfile(info)
        self.assert_refused(self.top / "pax.tar.xz", "when unpacked")

    def test_a_zip_that_lies_about_sizes(self):
        path = self.zip(("loop.cpp", b"a" * (2 << 20)), ("task.hpp", b""))
        raw = path.read_bytes().replace((2 << 20).to_bytes(4, "little"), (10).to_bytes(4, "little"))
        path.write_bytes(raw)
        self.assert_refused(path, "damaged|can't be read|larger")

    def test_files_too_large_or_no_text(self):
        self.assert_refused(self.tar(("loop.cpp", b"//" * (1 << 20)), ("task.hpp", b"")), "larger than 1 MiB")
        self.assert_refused(self.tar(("loop.cpp", b"a\0b"), ("task.hpp", b"")), "no text")

    def test_broken_archives(self):
        good = self.tar(*FILES.items(), mode="w:gz").read_bytes()
        for name, content in (("empty", b""), ("noise", os.urandom(4096)), ("cut.tgz", good[: len(good) // 2]),
                              ("zip", b"PK\x03\x04" + b"\0" * 50), ("text", b"int main() {}\n" * 100)):
            (self.top / name).write_bytes(content)
            self.assert_refused(self.top / name, "can't be read|damaged|is missing")

    def test_an_encrypted_zip(self):
        path = self.zip(*FILES.items())
        raw = bytearray(path.read_bytes())
        at = raw.find(b"PK\x01\x02")
        raw[at + 8] |= 1
        path.write_bytes(bytes(raw))
        self.assert_refused(path, "encrypted")


if __name__ == "__main__":
    unittest.main()
