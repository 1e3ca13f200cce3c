"""The doctor on machines made of files: each doubt is found, named, and has its remedy."""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY))

from common.setup.doubts import doubts_about, doubts_about_results
from common.setup.lacks import lacks_of, needs
from common.setup.readings import take_readings

LIMITS = """Limit                     Soft Limit           Hard Limit           Units
Max processes             {processes}                96365                processes
Max open files            1024                 {open_files}              files
"""
QUIET = {
    "proc/uptime": "1000.00 1990.00",
    "proc/loadavg": "0.05 0.10 0.10 1/90 4000",
    "proc/stat": "cpu  1000 0 500 198000 0 0 0 0 0 0\ncpu0 ...",
    "proc/cpuinfo": "processor\t: 0\nflags\t\t: fpu sse2\n",
    "proc/meminfo": "MemAvailable: 12000000 kB\nSwapTotal: 0 kB\nSwapFree: 0 kB",
    "proc/self/status": "Name:\tpython3\nCpus_allowed_list:\t0-1\n",
    "proc/self/limits": LIMITS.format(processes=96365, open_files=1048576),
    "proc/self/cgroup": "0::/user.slice/a\n",
    "proc/7/stat": "7 (a (b) c) S 1 7 7 0 -1 0 0 0 0 0 100 50 0 0 20 0 1 0",
    "sys/devices/system/cpu/online": "0-1",
    "sys/fs/cgroup/cpu.max": "max 100000",
    "sys/devices/system/cpu/cpu0/cpufreq/scaling_governor": "performance",
    "sys/devices/system/cpu/cpufreq/boost": "0",
}


class Machine:
    """A root folder with /proc and /sys of a quiet machine of 2 cores, but for `changes`."""

    def __init__(self, test, **changes):
        folder = tempfile.TemporaryDirectory()
        test.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        for name, text in {**QUIET, **changes}.items():
            if text is not None:
                path = self.root / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)


class DoubtsTest(unittest.TestCase):
    def findings(self, later=None, **changes):
        root = Machine(self, **changes).root
        second = Machine(self, **{**changes, **later}).root if later else None
        readings = take_readings(root, later=(lambda: second) if later else None)
        return {finding.subject: finding for finding in doubts_about(readings)}

    def doubt(self, subject, words, remedy, later=None, **changes):
        """Check that `changes` make this subject, and no other, doubtful."""
        findings = self.findings(later, **changes)
        doubtful = [name for name, finding in findings.items() if finding.word != "ok"]
        self.assertEqual(doubtful, [subject])
        self.assertIn(words, findings[subject].found)
        self.assertIn(remedy, findings[subject].remedy)

    def test_a_quiet_machine_is_beyond_doubt(self):
        self.assertEqual({finding.word for finding in self.findings().values()}, {"ok"})

    def test_a_machine_that_shows_nothing_is_no_error(self):
        nothing = dict.fromkeys(QUIET)
        self.assertEqual({finding.word for finding in self.findings(**nothing).values()},
                         {"ok", "doubt"})  # fmt: skip

    def test_one_core(self):
        self.doubt("cores", "one core", "2 or more", **{
            "sys/devices/system/cpu/online": "0",
            "proc/self/status": "Cpus_allowed_list:\t0"})  # fmt: skip

    def test_affinity(self):
        self.doubt("affinity", "only 3 of 8", "taskset -c 0-7", **{
            "sys/devices/system/cpu/online": "0-7",
            "proc/self/status": "Cpus_allowed_list:\t0-1,4"})  # fmt: skip

    def test_quota_of_cgroup_v2_our_own_or_an_ancestors(self):
        for group in ("user.slice/a", "user.slice"):
            self.doubt("CPU quota", "1.5 cores", "--cpus",
                       **{f"sys/fs/cgroup/{group}/cpu.max": "150000 100000"})  # fmt: skip

    def test_quota_of_cgroup_v1(self):
        self.doubt("CPU quota", "0.5 cores", "--cpus", **{
            "proc/self/cgroup": "5:cpu,cpuacct:/docker/x\n0::/\n",
            "sys/fs/cgroup/cpu,cpuacct/docker/x/cpu.cfs_quota_us": "50000",
            "sys/fs/cgroup/cpu,cpuacct/docker/x/cpu.cfs_period_us": "100000"})  # fmt: skip

    def test_no_quota_in_cgroup_v1_is_minus_1(self):
        findings = self.findings(**{
            "proc/self/cgroup": "5:cpu:/\n", "sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1",
            "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000"})  # fmt: skip
        self.assertEqual(findings["CPU quota"].word, "ok")

    def test_load_and_who_makes_it(self):
        later = {
            "proc/uptime": "1000.50 1990.50",
            "proc/7/stat": "7 (new (b) name) R 1 7 7 0 -1 0 0 0 0 0 125 70 0 0 20 0 1 0",
        }
        self.doubt("load", "new (b) name (7) 90 %", "stop them", later=later)
        self.doubt("load", "3.10; busy now: nothing", "wait", **{"proc/loadavg": "3.10 1 1 1/9 9"})

    def test_governor(self):
        self.doubt("CPU governor", "powersave", "cpupower", **{
            "sys/devices/system/cpu/cpu1/cpufreq/scaling_governor": "powersave"})  # fmt: skip

    def test_turbo(self):
        self.doubt("turbo", "on", "boost", **{"sys/devices/system/cpu/cpufreq/boost": "1"})
        self.doubt("turbo", "on", "no_turbo", **{
            "sys/devices/system/cpu/intel_pstate/no_turbo": "0"})  # fmt: skip

    def test_virtualization(self):
        self.doubt("virtualization", "virtual machine", "more trials", **{
            "proc/cpuinfo": "processor\t: 0\nflags\t\t: fpu hypervisor sse2\n"})  # fmt: skip

    def test_stolen_time_is_that_of_now_or_else_since_boot(self):
        second = {"proc/stat": "cpu  1090 0 500 198000 0 0 0 10 0 0"}
        self.doubt("stolen time", "10.0 %", "quieter hour", later=second)
        self.doubt("stolen time", "2.0 %", "quieter hour", **{
            "proc/stat": "cpu  1000 0 500 194500 0 0 0 4000 0 0"})  # fmt: skip

    def test_containers(self):
        for mark, text in ((".dockerenv", ""), ("run/.containerenv", ""),
                           ("run/systemd/container", "lxc")):  # fmt: skip
            self.doubt("container", "is not visible", "the host itself", **{mark: text})

    def test_limits(self):
        limits = "proc/self/limits"
        self.doubt("open files", "4096", "ulimit -Hn", **{
            limits: LIMITS.format(processes=96365, open_files=4096)})  # fmt: skip
        self.doubt("processes", "512", "ulimit -u", **{
            limits: LIMITS.format(processes=512, open_files=1048576)})  # fmt: skip
        self.doubt("processes", "100", "pids-limit", **{"sys/fs/cgroup/pids.max": "100"})

    def test_memory_and_swap(self):
        self.doubt("memory", "0.5 GiB free", "close", **{"proc/meminfo": "MemAvailable: 524288 kB"})
        swapping = "MemAvailable: 9000000 kB\nSwapTotal: 2097152 kB\nSwapFree: 1048576 kB"
        self.doubt("swap", "1.0 GiB in use", "swapoff", **{"proc/meminfo": swapping})


class ResultsTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.results = Path(folder.name) / "results"

    def findings(self):
        return {finding.subject: finding for finding in doubts_about_results(self.results)}

    def test_a_folder_that_is_still_to_be_made_is_fine_and_is_not_made(self):
        self.assertEqual(self.findings()["results folder"].word, "ok")
        self.assertFalse(self.results.exists())

    def test_a_file_in_its_place_is_not(self):
        self.results.touch()
        self.assertEqual(self.findings()["results folder"].word, "lacks")
        self.assertIn("RESULTS=", self.findings()["results folder"].remedy)

    def test_the_build_that_was_recorded_last(self):
        for build, word in (("debug", "doubt"), ("release", "ok"), (None, "doubt")):
            machine = self.results / "here" / "machine.json"
            machine.parent.mkdir(parents=True, exist_ok=True)
            machine.write_text(f'{{"build_type": "{build}"}}' if build else "{")
            self.assertEqual(self.findings()["last recorded"].word, word)


class LacksTest(unittest.TestCase):
    ANSWERS = {
        ("c++", "--version"): "c++ (Debian 12.2.0-14) 12.2.0\nCopyright",
        ("c++", "-dumpversion"): "12",
        ("cmake", "--version"): "cmake version 3.25.1",
        "find_python.sh": "/usr/bin/python3",
    }

    def findings(self, installed=None, **answers):
        names = [need[0] for need in needs()] if installed is None else installed
        status = [f"Package: {name}\nStatus: install ok installed\nPriority: x\n" for name in names]
        machine = Machine(self, **{"var/lib/dpkg/status": "\n".join(status)})
        known = {**self.ANSWERS, **answers}
        found = lacks_of(machine.root, lambda *words: known.get(words, known.get(
            Path(words[0]).name)))  # fmt: skip
        return {finding.subject: finding for finding in found}

    def test_a_machine_with_everything(self):
        findings = self.findings()
        lacking = [name for name, finding in findings.items() if finding.word == "lacks"]
        self.assertEqual(lacking, [])
        self.assertEqual(findings["compiler"].found, "g++ 12")

    def test_packages_by_name_and_either_of_two(self):
        names = [need[-1] for need in needs() if need != ["wrk"]]
        finding = self.findings(names)["packages"]
        self.assertEqual((finding.found, finding.remedy), ("wrk", "make setup"))

    def test_a_removed_package_whose_settings_are_left_is_lacking(self):
        status = "Package: wrk\nStatus: deinstall ok config-files\n"
        root = Machine(self, **{"var/lib/dpkg/status": status}).root
        packages = lacks_of(root, lambda *_: None)[0]
        self.assertIn("wrk", packages.found)

    def test_a_compiler_that_is_missing_or_too_old(self):
        finding = self.compiler({("c++", "-dumpversion"): "10"})
        self.assertEqual((finding.word, finding.found), ("lacks", "g++ 10 is too old for C++20"))
        clang = {("c++", "--version"): "Debian clang version 14.0.6",
                 ("c++", "-dumpversion"): "14.0.6"}  # fmt: skip
        self.assertIn("clang 14.0.6 is too old", self.compiler(clang).found)
        self.assertIn("missing", self.compiler({("c++", "--version"): None}).found)

    def compiler(self, answers):
        known = {**self.ANSWERS, **answers}
        found = lacks_of(Machine(self).root, lambda *words: known.get(words))
        return next(finding for finding in found if finding.subject == "compiler")

    def test_python_modules(self):
        finding = self.findings(**{"find_python.sh": None})["Python modules"]
        self.assertEqual(finding.word, "lacks")
        self.assertIn("make setup", finding.remedy)


class DoctorTest(unittest.TestCase):
    def test_on_this_machine_it_runs_and_says_how_much_it_found(self):
        done = subprocess.run([sys.executable, "-m", "common.setup.doctor"], cwd=REPOSITORY,
                              capture_output=True, text=True, timeout=60)  # fmt: skip
        self.assertIn(done.returncode, (0, 1), done.stderr)
        self.assertRegex(done.stdout.splitlines()[-1], r"^\d+ lacking, \d+ doubtful$")
        self.assertEqual(done.returncode == 1, "\nx lacks" in f"\n{done.stdout}")
        for line in done.stdout.splitlines()[:-2]:
            self.assertRegex(line, r"^(\+ ok    |\? doubt |x lacks | {26}\S)")


if __name__ == "__main__":
    unittest.main()
