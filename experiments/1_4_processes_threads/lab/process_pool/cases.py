"""What the tests of the process pool send, what they expect, and what they say when something else came."""
from coursework import Faults, case, speed

MIB = 1 << 20
SIGNALS = {6: "SIGABRT", 8: "SIGFPE", 9: "SIGKILL", 11: "SIGSEGV", 15: "SIGTERM"}


def ending(order):
    """The outcome of a job that was told so: 0 to answer, 9 to be killed by signal 9, -3 to exit with 3."""
    if order == 0:
        return "fine"
    return f"problem: killed by {SIGNALS[order]}" if order > 0 else f"problem: exited with code {-order}"


def expect_each(probe, what, came, expected):
    """Says which one differs, where one does: the first."""
    for number, (one, other) in enumerate(zip(came, expected, strict=False)):
        probe.expect(f"{what}: number {number}, counted from 0", came=one, expected=other)
    probe.expect(f"{what}: how many", came=len(came), expected=len(expected))


def run_crashes(probe, workers, orders, **settings):
    """What the probe saw, and what was seen from outside when map() had returned: workers, zombies, further descriptors."""
    with probe.start("crash", [workers, *orders], **settings) as run:
        run.wait_for("before")
        before = run.descriptors()
        run.go()
        run.wait_for("crashed")
        outside = [run.children(), run.zombies(), run.descriptors() - before]
        run.go()
        run.wait_for("after")
        run.go()
        return run.finish(), outside


def expect_sizes(probe, seen, results, what):
    probe.expect(f"{what}: problems", came=seen["problem"], expected=[])
    probe.expect(f"{what}: bytes that came back", came=seen["bytes"], expected=results)
    probe.expect(f"{what}: whether they were the right ones (1: yes)", came=seen["right"], expected=[1] * len(results))


# works --------------------------------------------------------------------------------------------------------------

@case("works", 5, "Results come back in the order of the jobs",
      look_at="where you put a result: its job's number must be kept beside the worker that has the job, for workers answer in any order.")
def results(probe):
    numbers = [probe.random.randrange(2, 10_000) for _ in range(20)]
    seen = probe.run("results", [3, *numbers])
    expect_each(probe, "the squares of 20 numbers, from 3 workers", seen["result"], [number * number for number in numbers])
    probe.expect("results of no jobs at all", came=seen.one("none"), expected=0)


@case("works", 6, "Workers are made once, and are gone with the pool",
      look_at="the constructor, which forks all workers, and the destructor, which closes their channels and then waits for each with "
              "waitpid(). map() forks nobody unless one has died.")
def made_once(probe):
    workers = probe.random.randrange(2, 5)
    with probe.start("made_once", [workers, 40]) as run:
        run.wait_for("before")
        run.go()
        run.wait_for("made")
        probe.expect("children after the constructor, seen from outside", came=run.children(), expected=workers)
        run.go()
        run.wait_for("done")
        probe.expect("children after 80 jobs", came=run.children(), expected=workers)
        probe.expect("of these, zombies", came=run.zombies(), expected=0)
        run.go()
        run.wait_for("destroyed")
        probe.expect("children after the destructor, zombies included", came=run.children(), expected=0)
        run.go()
        seen = run.finish()
    probe.expect("jobs that ran", came=len(seen["ran_in"]), expected=80)
    probe.expect_true("processes that the jobs ran in", set(seen["ran_in"]).isdisjoint(seen["done"]), came=sorted(set(seen["ran_in"])),
                      expected=f"not the pool's own, {seen.one('done')}")
    probe.expect_at_most("different processes that 80 jobs ran in", came=len(set(seen["ran_in"])), bound=workers)


@case("works", 6, "Jobs run side by side",
      look_at="whether a job is handed to each idle worker before you wait for any answer. poll() waits for all busy workers at once.")
def side_by_side(probe):
    workers = probe.random.randrange(3, 6)
    seen = probe.run("side_by_side", [workers])
    probe.expect(f"jobs that met: {workers} jobs on {workers} workers, none ends before all have begun", came=seen["met"],
                 expected=[workers] * workers)


@case("works", 8, "A result of 4 MiB comes back whole", flavours=("release", "asan"),
      look_at="how the parent knows how much is to come: send the size first, then the bytes. A channel holds some 200 KiB: whoever waits for the "
              "worker's end, or for its own send, before it reads the result waits forever, and so does the worker.")
def big_results(probe):
    sizes = [4 * MIB, 1, 4 * MIB + probe.random.randrange(1, 5000), probe.random.randrange(100_000, 300_000), 4 * MIB]
    seen = probe.run("sizes", [2, *(number for size in sizes for number in (10, size))])
    expect_sizes(probe, seen, sizes, f"5 jobs on 2 workers, results of {sizes} bytes")


@case("works", 8, "A crash takes its job along, and nothing else",
      look_at="what the parent sees when a worker dies: the end of the channel (read gives 0). waitpid() then tells how: WIFSIGNALED and "
              "WTERMSIG give the signal, sigabbrev_np() its name (\"SEGV\"). The job isn't given to another, who would die as well, and a new "
              "worker takes the place.")
def crash(probe):
    workers = probe.random.randrange(2, 4)
    orders = [0, 11, 0, 0, -probe.random.randrange(1, 100), 9, 0, 6, 0, 0, 0, probe.random.choice([8, 15])]
    seen, (children, zombies, descriptors) = run_crashes(probe, workers, orders)
    expect_each(probe, "outcomes of 12 jobs, of which five end their worker", seen["outcome"], [ending(order) for order in orders])
    expect_each(probe, "how often each was begun", seen["begun"], [1] * len(orders))
    probe.expect("the next four jobs", came=seen["next"], expected=["fine"] * 4)
    probe.expect("zombies when map() has returned", came=zombies, expected=0)
    probe.expect("workers when map() has returned, though the last job killed one", came=children, expected=workers)
    probe.expect("descriptors that the parent has open more than before", came=descriptors, expected=0)


@case("works", 5, "shut_down() ends the workers, once and for all",
      look_at="shut_down(): close every channel, then waitpid() for every worker; a flag says that it is done. map() throws PoolClosed then.")
def shut_down(probe):
    workers = probe.random.randrange(2, 5)
    with probe.start("made_once", [workers, 3], word="shut_down") as run:
        for step in ("before", "made", "done"):
            run.wait_for(step)
            run.go()
        run.wait_for("gone")
        children = run.children()
        run.go()
        run.wait_for("destroyed")
        run.go()
        seen = run.finish()
    probe.expect("jobs that ran before", came=len(seen["ran_in"]), expected=6)
    probe.expect_true("processes that they ran in", seen.one("done") not in seen["ran_in"] and "problem" not in str(seen["ran_in"]),
                      came=sorted(map(str, set(seen["ran_in"]))), expected="numbers of workers")
    probe.expect("children after shut_down(), zombies included", came=children, expected=0)
    probe.expect("map() after it", came=seen["afterwards"], expected=["PoolClosed"])


# BEGIN HIDDEN TESTS
@case("works", 5, "A slow job holds up its own worker only",
      look_at="who gets the next job: whoever is free. If the jobs are dealt out beforehand (number modulo workers), or an answer is awaited in the "
              "order of the jobs, those behind the slow one wait though a worker is idle.")
def slow_job(probe):
    jobs = probe.random.randrange(8, 14)
    seen = probe.run("slow_job", [2, jobs])
    expect_each(probe, f"results of {jobs} jobs on 2 workers, where job 0 waits for all others to be done", seen["result"],
                [f"job 0, after {jobs - 1} others", *(f"job {number}" for number in range(1, jobs))])


@case("works", 6, "Jobs of 4 MiB arrive whole, also where the results are as big",
      look_at="how the worker reads its job: size first, then until it has them all. And that nobody writes to someone who is writing to him: "
              "a worker has one job at a time, and gets the next when its answer has been read.")
def big_jobs(probe):
    jobs = [(4 * MIB, 4 * MIB), (0, 4 * MIB), (2 * MIB + probe.random.randrange(1, 5000), 3), (4 * MIB, 2 * MIB), (1, 0)]
    seen = probe.run("sizes", [2, *(number for job in jobs for number in job)])
    expect_sizes(probe, seen, [size for _, size in jobs], f"jobs and results of {jobs} bytes")


@case("works", 4, "Jobs and results may hold any bytes, or none",
      look_at="what marks the end of a message: not a byte, for each byte may be part of it, and no strlen(), which ends at the first zero. "
              "An empty job is a job, and an empty result a result.")
def any_bytes(probe):
    numbers = [probe.random.randrange(256) for _ in range(4)]
    seen = probe.run("any_bytes", numbers)
    jobs = ["nothing", "three zeros", "a line's end", "two lines", "a zero, then words", "nothing, again", "all 256 byte values",
            *(f"three times the byte {number}" for number in numbers)]
    for job, same in zip(jobs, seen["same"], strict=False):
        probe.expect(f"a job of {job}, which the handler returns as it is", came="the same" if same else "something else, or a problem",
                     expected="the same")
    probe.expect("jobs that came back", came=len(seen["same"]), expected=len(jobs))


# END HIDDEN TESTS
# robust -------------------------------------------------------------------------------------------------------------

@case("robust", 5, "Reads and writes that take only a little at a time",
      look_at="every read, write, recv and send: what it returns is how many bytes it took, which may be one. A loop goes on with the rest, "
              "for the size in front as well.")
def pieces(probe):
    for most in (1, 7):
        jobs = [(probe.random.randrange(500, 3000), probe.random.randrange(500, 3000)) for _ in range(4)]
        seen = probe.run("sizes", [2, *(number for job in jobs for number in job)], faults=Faults(short_io=most))
        expect_sizes(probe, seen, [size for _, size in jobs], f"4 jobs where each call moves {most} byte{'s' if most > 1 else ''} at most")


@case("robust", 4, "What the handler throws is the result's problem, and the worker lives on",
      look_at="the child's loop: catch what the handler throws, and send what() back, marked as a problem. An exception that leaves the child's "
              "loop ends the worker, or lets it run on in the parent's code.")
def exceptions(probe):
    numbers = [probe.random.randrange(2, 1000) for _ in range(10)] + [-7]
    seen = probe.run("exceptions", [1, *numbers])
    expect_each(probe, "outcomes: even numbers are returned, odd ones thrown", seen["outcome"],
                [f"problem: no flour for cake {number}" if number % 2 else number for number in numbers[:-1]])
    probe.expect_true("a thrown int", str(seen.one("odd_one")).startswith("problem: "), came=seen.one("odd_one"), expected="problem: and some words")
    probe.expect("the worker's process afterwards, the same as before", came=seen["after"], expected=seen["before"])


@case("robust", 4, "Workers end when their parent is killed",
      look_at="who holds the parent's end of a worker's channel, for the end comes when the last one closes it. fork() has given the child a copy of "
              "its own channel's, and of all its elder siblings'. Close them in the child, first thing.")
def orphans(probe):
    workers = probe.random.randrange(2, 6)
    seen = probe.run("orphans", [workers])
    probe.expect("workers that were at work", came=seen.one("workers"), expected=workers)
    probe.expect("the signal that killed their parent", came=seen.one("owner_was_killed"), expected=9)
    probe.expect("workers that ended by themselves after that, while the youngest is held up (SIGSTOP)",
                 came=seen.one("ended_beside_one_that_is_stopped"), expected=workers - 1)
    probe.expect("workers that had ended when the youngest was let go on", came=seen.one("ended"), expected=workers)


@case("robust", 3, "Who waits sleeps",
      look_at="how map() waits for answers: poll() with a timeout of -1 sleeps until there is one. A timeout of 0, or a short one in a loop, and "
              "reads that never block keep a core busy, in the parent or in the workers.")
def idle(probe):
    with probe.start("idle", [3]) as run:
        run.wait_for("begins")
        run.sleep(0.2)
        cpu = run.cpu_while_idle()
        run.go()
        seen = run.finish()
    probe.expect("the job's result, after the break", came=seen["result"], expected=["wait"])
    probe.expect_at_most("CPU seconds that the pool and its 3 workers used in 0.6 s or a little more while one job slept", came=cpu, bound=0.1)


# BEGIN HIDDEN TESTS
@case("robust", 4, "Nothing is lost when a call is interrupted",
      look_at="every call that returns -1: with errno EINTR it has done nothing and is made again, poll() and waitpid() too. It is neither the end "
              "of the channel nor an answer.")
def interrupted(probe):
    jobs = [(probe.random.randrange(5000, 90_000), probe.random.randrange(5000, 90_000)) for _ in range(6)]
    faults = Faults(eintr_every=2)
    seen = probe.run("sizes", [2, *(number for job in jobs for number in job)], faults=faults)
    expect_sizes(probe, seen, [size for _, size in jobs], "6 jobs where every second call is interrupted")
    orders = [0, 9, 0, -5, 0]
    seen, (children, zombies, _) = run_crashes(probe, 2, orders, faults=faults)
    expect_each(probe, "five jobs of which two end their worker", seen["outcome"], [ending(order) for order in orders])
    probe.expect("workers and zombies afterwards", came=[children, zombies], expected=[2, 0])


@case("robust", 4, "Forty crashes leave no trace",
      look_at="all that a lost worker leaves behind: its channel is to be closed, its process reaped. And workers that crash together: each gets "
              "its own successor.")
def many_crashes(probe):
    orders = [9] * 20 + [0, 11] * 20
    seen, outside = run_crashes(probe, 3, orders, descriptors=24)
    expect_each(probe, "outcomes of 60 jobs, of which 40 end their worker", seen["outcome"], [ending(order) for order in orders])
    probe.expect("the next four jobs", came=seen["next"], expected=["fine"] * 4)
    probe.expect("workers, zombies and open descriptors more than before", came=outside, expected=[3, 0, 0])


@case("robust", 4, "A worker holds its own end of its own channel, and no other's",
      look_at="what a child closes after fork(): the parent's end of its own channel, and the parent's ends of all its siblings' channels, which it "
              "inherited. That holds for a successor, too, which inherits all of them.")
def siblings(probe):
    workers = probe.random.randrange(3, 6)
    seen = probe.run("siblings", [workers, 2])
    probe.expect("workers that answered, twice", came=[len(seen["more"]), len(seen["more_later"])], expected=[workers, workers])
    probe.expect("two that were killed", came=seen["lost"], expected=["problem: killed by SIGKILL"] * 2)
    for name, when in (("more", "as it is made"), ("more_later", "when two were replaced")):
        held = [number for number in seen[name] if isinstance(number, int)]
        probe.expect("workers that could count their descriptors", came=len(held), expected=workers)
        probe.expect_at_most(f"descriptors that a worker has beyond what there was before the pool, {when}", came=max(held), bound=2)


@case("robust", 3, "A worker that died while it was idle costs no job",
      look_at="handing over a job to a worker that is gone: send() with MSG_NOSIGNAL fails with EPIPE (write() to a pipe raises SIGPIPE, which ends "
              "the program). The job hasn't begun: replace the worker, and give it to its successor.")
def lost_in_its_sleep(probe):
    workers = probe.random.randrange(2, 5)
    seen = probe.run("lost_in_its_sleep", [workers, 9])
    expect_each(probe, f"results of 9 jobs when all {workers} workers had been killed before", seen["result"],
                [f"job {number}" for number in range(9)])


@case("robust", 2, "Where workers can't be had, the constructor says so and leaves nothing behind",
      look_at="the constructor when socketpair(), pipe() or fork() fails in the middle: those that were made are shut down and reaped, every "
              "descriptor closed, then std::system_error is thrown.")
def cant_be_had(probe):
    seen = probe.run("cant_be_had", [64])
    probe.expect("what came of 64 workers where there were 12 descriptors", came=seen.one("made"), expected="system_error")
    probe.expect("children that were left", came=seen.one("children_left"), expected=0)
    probe.expect("descriptors that were left", came=seen.one("descriptors_left"), expected=0)
    probe.expect("what came of a pool of 0 workers, and of -1", came=seen["none"], expected=["invalid_argument"] * 2)
    probe.expect("a job in the next pool", came=seen["later"], expected=["fine"])


@case("robust", 2, "Where a lost worker can't be replaced, the others go on",
      look_at="what happens when the successor's channel can't be made (EMFILE): nothing is thrown out of map(), the place stays empty, and the next "
              "job tries again. With nobody left, what waits gets a problem, and map() returns.")
def cant_be_replaced(probe):
    with probe.start("cant_be_replaced", [2, 9, 0, 0, 0, 0, 0]) as run:
        run.wait_for("after")
        children = run.children()
        run.go()
        seen = run.finish()
    probe.expect("outcomes on 2 workers, of which one is killed", came=seen["outcome"], expected=["problem: killed by SIGKILL"] + ["fine"] * 5)
    probe.expect("workers when there were descriptors again, and a few jobs", came=[children, *seen["later"]], expected=[2] + ["fine"] * 3)
    with probe.start("cant_be_replaced", [1, 9, 0, 0]) as run:
        run.wait_for("after")
        run.go()
        seen = run.finish()
    probe.expect("the job that killed the only worker", came=seen["outcome"][:1], expected=["problem: killed by SIGKILL"])
    probe.expect_true("the two that waited", len(seen["outcome"]) == 3 and all(str(each).startswith("problem: ") for each in seen["outcome"]),
                      came=seen["outcome"][1:], expected="a problem each, in words of your own")
    probe.expect("three jobs when there were descriptors again", came=seen["later"], expected=["fine"] * 3)


@case("robust", 2, "A worker's end repeats nothing of its parent's",
      look_at="how a child ends: exit() writes out the buffers of stdio, which are copies of the parent's, and runs its atexit() functions. "
              "_exit() does neither.")
def nothing_twice(probe):
    seen = probe.run("nothing_twice", [3])
    probe.expect("three jobs, of which the second kills its worker", came=seen["outcome"], expected=["fine", "problem: killed by SIGKILL", "fine"])
    probe.expect("bytes in a file to which the parent had written 12, still in its buffer at fork()", came=seen.one("bytes"), expected=12)
    probe.expect("how often the parent's atexit() function ran in a worker", came=seen.one("at_exit"), expected=0)


@speed(10, "Hands jobs over about as fast as the reference", probe="round_trips", numbers=[1, 4000], at_least=0.5,
       look_at="what a small job costs: one send, one poll, one receive on each side. A fork for each job, a byte at a time, or a sleep in between "
               "costs many times as much.")
def round_trip_speed(probe):
    seen = probe.run("round_trips", [2, 100])
    probe.expect("right answers of 100", came=seen.one("right"), expected=100)
# END HIDDEN TESTS
