"""What a student's file may not say: each disguise is seen through, and ordinary code passes."""

import subprocess
import tempfile
import unittest
from pathlib import Path

from common.coursework.screen import Refused, screen_object, screen_source
from common.coursework.tokens import directives, regions, tokens


class ScreenTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.top = Path(folder.name)

    def preprocessed(self, name):
        command = ["g++", "-std=c++20", "-w", "-E", str(self.top / name)]
        text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        return text.replace(str(self.top), "/sources")

    def screen(self, text, name="mine.cpp", may=()):
        """Return what is said against `text`, "" if nothing is."""
        (self.top / name).write_text(text)
        try:
            screen_source(self.top, name, may, self.preprocessed)
            if name.endswith(".cpp"):
                built = self.top / "mine.o"
                command = ["g++", "-std=c++20", "-w", "-O2", "-c", str(self.top / name), "-o", str(built)]
                subprocess.run(command, capture_output=True, check=True)
                screen_object(built, name, may)
        except Refused as why:
            return str(why)
        return ""

    def assert_refused(self, text, words, **options):
        said = self.screen(text, **options)
        self.assertIn(words, said, text)
        self.assertEqual(len(said.splitlines()), 1)


class TheText(ScreenTest):
    def test_a_refusal_names_file_line_what_and_why(self):
        said = self.screen("int a;\n\nvoid f() { asm(\"\"); }\n")
        self.assertEqual(said, "mine.cpp:3: `asm`: assembly code can do what no test sees")

    def test_ordinary_code_passes(self):
        self.assertEqual(self.screen("""
            #include <cerrno>
            #include <functional>
            #include <string>
            #include <unistd.h>
            #define MORE(x) ((x) + 1'000)
            // an asm comment, dlsym() too, and step #1
            /* # line 3 */
            struct Point { int x; [[nodiscard]] int y() const { return x; } };
            template <> struct std::hash<Point> { std::size_t operator()(const Point& p) const { return p.x; } };
            struct Loop { void exit(); void close() { exit(); } };
            void Loop::exit() { stopped = true; }
            int counter;
            const char* const text = "asm dlsym observe // no comment";
            static __attribute__((unused)) int unused_one;
            std::string said(int fd) { char letter = '"'; return read(fd, &letter, 1) == 1 ? std::string(MORE(1), letter) : text; }
            int first(int* a) { Loop{}.exit(); return a[a[0]] + std::hash<Point>{}(Point{1}); }
            """.replace("void exit();", "bool stopped = false; void exit();")), "")

    def test_each_forbidden_name(self):
        for text, name in (
            ("void f() { __asm__(\"\"); }", "__asm__"), ("int f() __asm(\"observe\");", "__asm"),
            ("extern long ptrace(...); void f() { ptrace(); }", "ptrace"), ("void* dlsym(void*, const char*);", "dlsym"),
            ("void observe(int);", "observe"), ("int x = __builtin_return_address(0) != nullptr;", "__builtin_return_address"),
            ("extern \"C\" long syscall(long, ...); void f() { syscall(60, 0); }", "syscall"),
            ("extern \"C\" int execl(const char*, ...);", "execl"), ("void f() { int PROBE = 1; }", "PROBE"),
            ("extern \"C\" const char* __asan_default_options() { return \"\"; }", "__asan_default_options"),
            ("extern \"C\" long __wrap_read() { return 0; }", "__wrap_read"),
        ):  # fmt: skip
            with self.subTest(name=name):
                self.assert_refused(text, f"`{name}`")

    def test_files_of_proc(self):
        text = 'const char* const path = "/proc/self/mem";'
        self.assert_refused(text, "for the tests to read")
        self.assertEqual(self.screen(text, may=("/proc",)), "")

    def test_the_ways_to_end_unless_the_lab_allows_them(self):
        head = "#include <unistd.h>\n#include <cstdlib>\n"
        for text in ("void f() { std::exit(0); }", "void f() { ::exit(0); }", "void f() { if (1) return ::exit(0); }",
                     "void f() { _exit(0); }", "auto f = exit;", "void f() { std::atexit(nullptr); }", "void f() { (exit)(0); }"):
            with self.subTest(text=text):
                self.assert_refused(head + text, "ends the program")
        self.assertEqual(self.screen(head + "void f() { _exit(0); }", may=("_exit",)), "")

    def test_macros_hide_nothing(self):
        self.assert_refused("#define A as##m\nvoid f() { A(\"\"); }", "`as")  # pasted in its own definition: still two names
        self.assert_refused("#define JOIN(x, y) x##y\nvoid f() { JOIN(as, m)(\"\"); }", "`asm`")
        self.assert_refused("#define D __attribute__((constructor))\nD static void f() {}", "`constructor`")
        self.assert_refused("void f() { a\\\nsm(\"\"); }", "`asm`")

    def test_attributes_are_only_those_that_do_no_harm(self):
        for text, name in (
            ("__attribute__((constructor)) void f() {}", "constructor"), ("[[gnu::destructor]] void f() {}", "destructor"),
            ("void g(); void f() __attribute__((alias(\"g\")));", "alias"), ("[[using gnu: weak]] void f();", "using"),
            ("int x __attribute__((section(\".init_array\")));", "section"), ("<:<:gnu::__constructor__:>:> void f() {}", "__constructor__"),
            ("__attribute__((unused, no_sanitize(\"address\"))) void f() {}", "no_sanitize"),
            ("__attribute__((no_sanitize_thread)) void f() {}", "no_sanitize_thread"),
            ("extern \"C\" int f() __attribute__((ifunc(\"g\")));", "ifunc"),
        ):  # fmt: skip
            with self.subTest(name=name):
                self.assert_refused(text, f"`{name}`")

    def test_pragmas_are_only_those_that_do_no_harm(self):
        self.assertEqual(self.screen("#pragma GCC diagnostic ignored \"-Wshadow\"\nint a;"), "")
        for text in ("#pragma weak f", "#pragma redefine_extname f ptrace", "#pragma GCC optimize(\"O0\")",
                     "_Pragma(\"weak f\")", "%: pragma weak f"):
            with self.subTest(text=text):
                self.assert_refused(text + "\nint a;", "pragma")

    def test_lines_cannot_be_passed_off_as_the_systems(self):
        for line in ("#line 3 \"/usr/include/a.h\"", "# 3 \"/usr/include/a.h\" 1 3", "/**/ # /**/ line 3 \"/usr/a.h\"",
                     "%:line 3 \"/usr/a.h\"", "  #\\\nline 3 \"/usr/a.h\"", "\n\n   #\tline 3 \"/usr/a.h\""):
            with self.subTest(line=line):
                self.assert_refused(f"{line}\nvoid f() {{ asm(\"\"); }}", "another file's name")

    def test_strings_hide_nothing(self):
        self.assert_refused("auto s = R\"(\n# 1 \"/usr/include/x.h\" 1 3\n)\";\nvoid f() { asm(\"\"); }", "`asm`")
        self.assert_refused("auto s = R\"x( \")x\"; void f() { asm(\"\"); }", "`asm`")
        self.assert_refused("int a = 1'0; void f() { asm(\"'\"); }", "`asm`")
        self.assert_refused("auto s = R\"x(\n)\\\nx\" /* )x\";\n#line 1 \"/usr/a.h\"\n// */", "raw string")

    def test_headers_that_the_tests_include_have_no_macros(self):
        plain = "#pragma once\n#include <vector>\nstruct Task { int x; };\n"
        guarded = "#ifndef TASK_HPP\n#define TASK_HPP\nstruct Task {};\n#endif\n"
        for text in (plain, guarded):
            self.assertEqual(self.screen(text, name="task.hpp"), "")
        for text in ("#define main other", "#ifdef PROBE\n#endif", "#ifndef A_HPP\n#define A_HPP 3\n#endif", "#undef assert",
                     "#if __INCLUDE_LEVEL__ > 1\n#endif"):
            with self.subTest(text=text):
                self.assert_refused(text, "macros", name="task.hpp")

    def test_the_standard_library_is_not_theirs(self):
        self.assert_refused("namespace std { void terminate_all(); }", "not yours to add to")
        self.assert_refused("#include <string>\ntemplate <> std::string& std::string::append(const char*) { return *this; }",
                            "not yours to replace")


class TheObject(ScreenTest):
    def test_names_of_the_system_are_not_theirs(self):
        for text, name in (
            ("extern \"C\" long write(int, const void*, unsigned long) { return 0; }", "write"), ("int main() {}", "main"),
            ("extern \"C\" long send(int, const void*, unsigned long, int) { return 0; }", "send"),
            ("extern \"C\" int pthread_cond_wait(void*, void*) { return 0; }", "pthread_cond_wait"),
            ("extern \"C\" void* malloc(unsigned long) { return nullptr; }", "malloc"), ("int environ;", "environ"),
            ("void* operator new(unsigned long) { return nullptr; }", "operator new"),
            ("#include <condition_variable>\nvoid std::condition_variable::notify_one() noexcept {}", "notify_one"),
            ("extern \"C\" int fork() { return -1; }", "fork"),
        ):  # fmt: skip
            with self.subTest(name=name):
                self.assert_refused(text, name)

    def test_an_object_that_uses_what_no_text_showed(self):
        self.assert_refused("namespace n { extern \"C\" { int\n_exit(int); } }\nint f() { return n::_exit(0); }", "_exit")

    def test_what_headers_bring_along_is_theirs(self):
        self.assertEqual(self.screen("#include <thread>\n#include <mutex>\n#include <condition_variable>\n#include <functional>\n"
                                     "#include <deque>\n#include <future>\nstd::mutex m; std::condition_variable c;\n"
                                     "std::deque<std::function<void()>> q;\n"
                                     "int f() { std::jthread t([](std::stop_token) { std::unique_lock l(m); c.wait(l); });\n"
                                     "return std::async([] { return 1; }).get(); }\n"), "")


class Tokens(unittest.TestCase):
    def test_tokens_know_their_lines(self):
        found = [(token.text, token.line) for token in tokens("a /* x\n */ b\n\n\"c\\\"d\" '\"' 1'000 <: R\"x(\n)\" )x\" e")]
        self.assertEqual(found, [("a", 1), ("b", 2), ('"c\\"d"', 4), ("'\"'", 4), ("1'000", 4), ("[", 4),
                                 ('R"x(\n)" )x"', 4), ("e", 5)])  # fmt: skip

    def test_directives_are_found_behind_comments_and_not_within_strings(self):
        text = "/**/ # /* */ if 1\nauto s = R\"(\n#line 3\n)\";\n// #else\n\t%:endif\n"
        self.assertEqual([token.text for token in directives(text)], ["#   if 1", "#endif"])

    def test_regions_follow_the_markers(self):
        text = "# 1 \"/sources/a.cpp\"\nint a;\n# 1 \"/usr/x.h\" 1 3\nint x;\n# 2 \"/sources/a.cpp\" 2\nint b;\n"
        found = [(region.file, region.line, region.text.strip()) for region in regions(text) if region.text]
        self.assertEqual(found, [("/sources/a.cpp", 1, "int a;"), ("/usr/x.h", 1, "int x;"), ("/sources/a.cpp", 2, "int b;")])


if __name__ == "__main__":
    unittest.main()
