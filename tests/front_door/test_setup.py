"""setup.sh among fake dpkg-query, apt-get, sudo and id: nothing of this machine is touched."""

import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

SETUP = Path(__file__).resolve().parents[2] / "common" / "setup"
REAL_TOOLS = "sh dirname sed tr cat grep mv rm chmod env".split()
STUBS = {
    "dpkg-query": """format=$3; shift 3
        for name; do
            grep -qx "$name" "$STATE/installed" || continue
            case $format in *Package*) echo "installed $name" ;; *) printf installed ;; esac
        done""",
    "apt-cache": """grep -qx "$2" "$STATE/offered" && echo "  Candidate: 1.0" ||
        echo "  Candidate: (none)" """,
    "apt-get": """echo "apt-get $*" >> "$STATE/calls"
        case "$*" in
        *update*) exit ${UPDATE_CODE:-0} ;;
        *" install "*)
            "$POLICY_RC_D" nginx start; echo "nginx $?" >> "$STATE/policy"
            "$POLICY_RC_D" other start; echo "other $?" >> "$STATE/policy"
            [ "${INSTALL_CODE:-0}" = 0 ] || exit "$INSTALL_CODE"
            for word; do echo "$word" >> "$STATE/installed"; done ;;
        esac""",
    "sleep": "true",
    "update-rc.d": """echo "update-rc.d $*" >> "$STATE/calls" """,
    "id": """echo "${AS_ROOT:-$FAKE_UID}" """,
    "sudo": """echo "sudo $*" >> "$STATE/calls"
        [ "$SUDO_ASKS" = yes ] && exit 1
        [ "$1" = -n ] && exit 0
        AS_ROOT=0 exec "$@" """,
}


def needs():
    lines = (SETUP / "packages.txt").read_text().splitlines()
    return [line.partition(",")[0] for line in lines if line and line[0] != "#"]


def first_choices():
    return [need.partition(" ")[0] for need in needs()]


class SetupCase(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="two cakes ")
        self.addCleanup(folder.cleanup)
        self.state = Path(folder.name)
        self.tools = self.state / "bin"
        self.tools.mkdir()
        for name in REAL_TOOLS:
            (self.tools / name).symlink_to(shutil.which(name))
        for name, body in STUBS.items():
            self.stub(name, body)
        self.policy = self.state / "policy-rc.d"
        self.installed(*first_choices())
        self.write("offered", first_choices())

    def stub(self, name, body):
        path = self.tools / name
        path.unlink(missing_ok=True)  # it may be a link to the real tool: never write through it
        path.write_text(f"#!/bin/sh\n{body}\n")
        path.chmod(0o755)

    def test_a_stub_never_reaches_the_real_tool(self):
        real = Path(shutil.which("grep")).read_bytes()
        self.stub("grep", "true")
        self.assertEqual(Path(shutil.which("grep")).read_bytes(), real)

    def write(self, name, lines):
        (self.state / name).write_text("".join(f"{line}\n" for line in lines))

    def read(self, name):
        path = self.state / name
        return path.read_text().splitlines() if path.exists() else []

    def installed(self, *names):
        self.write("installed", names)

    def run_setup(self, uid=1000, packages=None, **environment):
        """Run it, with another list of `packages` if given; return (exit code, lines of stderr). What was called is in
        self.read("calls")."""
        given = {"PATH": str(self.tools), "STATE": str(self.state), "FAKE_UID": str(uid)}
        given.update({"SUDO_ASKS": "no", "POLICY_RC_D": str(self.policy)})
        command = ["/bin/sh", str(SETUP / "setup.sh"), *([packages] if packages else [])]
        done = subprocess.run(command, env={**given, **environment}, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=60)  # fmt: skip
        return done.returncode, done.stderr.splitlines()


class SetupTest(SetupCase):
    def test_nothing_is_done_when_all_is_there(self):
        self.assertEqual(self.run_setup(), (0, []))
        self.assertEqual(self.read("calls"), [])

    def test_either_of_two_alternatives_will_do(self):
        alternatives = [need.split(" | ") for need in needs()]
        self.installed(*(names[-1] for names in alternatives))
        self.assertEqual(self.run_setup(), (0, []))

    def test_root_installs_what_is_missing_and_only_that(self):
        missing = ["cmake", "wrk"]
        self.installed(*(name for name in first_choices() if name not in missing))
        code, _ = self.run_setup(uid=0)
        self.assertEqual(code, 0)
        update, install = self.read("calls")
        self.assertIn(" update", update)
        self.assertTrue(install.endswith(" install -y --no-install-recommends cmake wrk"), install)
        self.assertIn("DPkg::Lock::Timeout=", install)

    def test_of_alternatives_the_first_that_is_offered_is_installed(self):
        self.installed(*(name for name in first_choices() if name != "libhttp-parser-dev"))
        self.write("offered", ["libllhttp-dev"])
        self.assertEqual(self.run_setup(uid=0)[0], 0)
        self.assertTrue(self.read("calls")[-1].endswith(" libllhttp-dev"))

    def test_a_user_installs_by_sudo(self):
        self.installed(*(name for name in first_choices() if name != "wrk"))
        code, _ = self.run_setup(http_proxy="http://proxy:3128")
        self.assertEqual(code, 0)
        calls = self.read("calls")
        self.assertEqual(calls[0], "sudo -n true")
        self.assertTrue(calls[1].startswith("sudo env http_proxy=http://proxy:3128 sh "))
        self.assertTrue(calls[-1].endswith(" wrk"))

    def test_another_list_is_installed_alone_also_by_sudo(self):
        self.write("a list", ["# two", "libuv1-dev,   libuv", "libasio-dev,  asio"])
        self.installed("libuv1-dev")
        self.write("offered", ["libasio-dev"])
        self.assertEqual(self.run_setup(packages=str(self.state / "a list"))[0], 0)
        self.assertTrue(self.read("calls")[-1].endswith(" install -y --no-install-recommends libasio-dev"))

    def test_without_root_and_sudo_the_exact_command_is_printed(self):
        self.installed(*(name for name in first_choices() if name not in ("cmake", "wrk")))
        command = "apt-get update && apt-get install -y --no-install-recommends cmake wrk"
        wanted = (2, [f"setup: this needs root; run: {command}"])
        self.assertEqual(self.run_setup(SUDO_ASKS="yes"), wanted)  # no terminal to ask at
        (self.tools / "sudo").unlink()
        self.assertEqual(self.run_setup(), wanted)
        self.assertEqual([call for call in self.read("calls") if "apt-get" in call], [])

    def test_update_is_tried_twice_and_its_failure_is_not_the_end(self):
        self.installed(*(name for name in first_choices() if name != "wrk"))
        code, lines = self.run_setup(uid=0, UPDATE_CODE="100")
        self.assertEqual(code, 0)
        self.assertEqual(sum(" update" in call for call in self.read("calls")), 2)
        self.assertTrue(any("apt-get update failed twice; trying with" in line for line in lines))

    def test_what_apt_cannot_install_is_named_last(self):
        self.installed(*(name for name in first_choices() if name != "wrk"))
        code, lines = self.run_setup(uid=0, INSTALL_CODE="100")
        self.assertEqual(code, 1)
        self.assertTrue(lines[-1].startswith("setup: apt-get could not install: wrk (its reason"))

    def test_a_system_without_apt_learns_what_to_install_by_hand(self):
        (self.tools / "apt-get").unlink()
        code, lines = self.run_setup()
        self.assertEqual((code, len(lines)), (2, 1))
        self.assertIn("SKIP_SETUP=1", lines[0])
        for name in first_choices():
            self.assertIn(name, lines[0])
        self.assertEqual(self.run_setup(SKIP_SETUP="1"), (0, []))


class NginxTest(SetupCase):
    """nginx is for a test alone: it must not be left running, and no other service is held up."""

    def setUp(self):
        super().setUp()
        self.installed(*(name for name in first_choices() if "nginx" not in name))

    def test_it_is_not_started_now_nor_at_the_next_boot(self):
        self.assertEqual(self.run_setup(uid=0)[0], 0)
        self.assertEqual(self.read("policy"), ["nginx 101", "other 0"])
        self.assertIn("update-rc.d nginx disable", self.read("calls"))
        self.assertFalse(self.policy.exists())

    def test_the_machines_own_policy_is_asked_and_restored(self):
        own = "#!/bin/sh\nexit 104\n"
        self.policy.write_text(own)
        self.policy.chmod(0o755)
        self.run_setup(uid=0, INSTALL_CODE="100")
        self.assertEqual(self.read("policy"), ["nginx 101", "other 104"])
        self.assertEqual(self.policy.read_text(), own)
        self.assertFalse(Path(f"{self.policy}.before-two-cakes").exists())

    def test_one_that_was_there_before_is_left_as_it_was(self):
        self.installed(*self.read("installed"), "nginx-common")
        self.run_setup(uid=0)
        self.assertNotIn("update-rc.d nginx disable", self.read("calls"))
        self.assertEqual(self.read("policy")[0], "nginx 101")  # nor restarted


class PackageListTest(unittest.TestCase):
    def test_every_line_is_a_package_and_what_it_is_for(self):
        for line in (SETUP / "packages.txt").read_text().splitlines():
            if line and not line.startswith("#"):
                self.assertRegex(line, r"^[a-z0-9.+-]+( \| [a-z0-9.+-]+)*,\s+\S")

    def test_no_package_is_listed_twice(self):
        names = [name for need in needs() for name in need.split(" | ")]
        self.assertEqual(len(names), len(set(names)))


if __name__ == "__main__":
    unittest.main()
