"""What the students' code may not name, and why: each would let it act where the tests can't see."""

_BECAUSE = {
    "assembly code can do what no test sees": "asm __asm __asm__",
    "a system call must go through its own function, where the tests can make it fail":
        "syscall __syscall vsyscall",
    "it reaches into a process from outside":
        "ptrace process_vm_readv process_vm_writev process_madvise pidfd_getfd",
    "it finds functions by their names, those of the tests as well":
        "dlopen dlmopen dlsym dlvsym dladdr dladdr1 dlinfo dl_iterate_phdr _r_debug _dl_debug_state "
        "__ehdr_start __executable_start __etext _etext etext edata _edata _start __data_start "
        "_DYNAMIC _GLOBAL_OFFSET_TABLE_ __libc_start_main __builtin_return_address "
        "__builtin_frame_address __builtin_extract_return_addr backtrace backtrace_symbols "
        "backtrace_symbols_fd _Unwind_Backtrace _Unwind_GetIP",
    "it changes what memory may be used for, and what is in it":
        "mprotect pkey_mprotect pkey_alloc pkey_set mremap remap_file_pages userfaultfd mseal",
    "it goes on elsewhere, past the end of a test":
        "getcontext setcontext makecontext swapcontext _longjmp siglongjmp longjmp",
    "it starts another program": "execve execv execvp execvpe execl execle execlp fexecve execveat "
        "posix_spawn posix_spawnp system popen wordexp",
    "it belongs to the tests": "observe PROBE PROBE_KEY PROBE_NAMESPACE Registered wait_for_judge kChannel",
    "it limits or frees the tests, which watch that themselves":
        "setrlimit setrlimit64 prlimit prlimit64 prctl seccomp unshare setns mount umount umount2 "
        "pivot_root chroot personality",
}  # fmt: skip
_ENDS = "exit _exit _Exit quick_exit atexit on_exit at_quick_exit"
_ENDS_WHY = "it ends the program, or acts at its end, in place of the test"

NAMES = {name: why for why, names in _BECAUSE.items() for name in names.split()}
ENDINGS = {name: _ENDS_WHY for name in _ENDS.split()}  # as functions: a method may be called exit
PREFIXES = {
    prefix: "it belongs to the sanitizers or the linker"
    for prefix in ("__asan", "__tsan", "__ubsan", "__lsan", "__msan", "__hwasan", "__sanitizer",
                   "__interceptor", "___interceptor", "__wrap_", "__real_", "__gcov", "__cxa_finalize",
                   "_dl_", "__libc_", "_IO_", "_rtld")
}  # fmt: skip
# The attributes that do no more than help the compiler.
ATTRIBUTES = frozenset(
    "nodiscard maybe_unused noreturn fallthrough likely unlikely deprecated no_unique_address "
    "carries_dependency assume unused packed aligned format noinline always_inline pure const cold "
    "hot nothrow warn_unused_result nonnull returns_nonnull may_alias flatten gnu".split()
)
PRAGMAS = ("once", "GCC diagnostic", "STDC", "region", "endregion", "GCC unroll", "GCC ivdep")
# Templates of the standard library that are there to be specialized.
OPEN_TEMPLATES = frozenset(
    "hash formatter coroutine_traits numeric_limits tuple_size tuple_element common_type "
    "is_error_code_enum is_error_condition_enum".split()
)
