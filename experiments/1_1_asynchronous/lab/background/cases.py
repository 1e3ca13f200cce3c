"""What each case asks of a Background, and what it says when something else came."""

from coursework import Faults, case, speed


def values(probe, count):
    return probe.random.sample(range(-10_000, 10_000), count)


@case("works", 8, "start() goes on while the task still waits",
      look_at="start(): it may only put the task where a worker finds it. If the task says that its gate was never opened, "
              "start() ran it itself, or waited for it: nobody was left to open the gate.")
def goes_on(probe):
    (value,) = values(probe, 1)
    seen = probe.run("goes_on", [value])
    probe.expect("what the task saw of its gate, which the starter opens after start() has returned",
                 came=seen.one("gate"), expected="was opened by the starter")
    probe.expect("pending() while the task runs", came=seen.one("pending_while_it_runs"), expected=1)
    probe.expect("deliver() while the task runs", came=seen.one("told_while_it_runs"), expected=0)
    probe.expect("the value that on_done was given", came=seen.one("value"), expected=value)
    probe.expect("pending() after on_done", came=seen.one("pending_at_the_end"), expected=0)


@case("works", 6, "The task runs on another thread, its on_done on yours",
      look_at="who calls on_done. A worker must not: it would run beside whatever the starter is doing. The worker leaves the "
              "outcome in a queue, and deliver() calls on_done.")
def whose_thread(probe):
    tasks = probe.random.randint(3, 6)
    seen = probe.run("whose_thread", [tasks])
    probe.expect("the thread of each task", came=seen["task"], expected=["another"] * tasks)
    probe.expect("on_done calls before deliver() was called", came=seen.one("told_before_deliver"), expected=0)
    probe.expect("the thread of each on_done", came=seen["on_done"], expected=["starter"] * tasks)


@case("works", 8, "The descriptor is readable just while there is news",
      look_at="where you write to the descriptor (the task has ended, and its outcome is in the queue) and where you read it "
              "empty (the queue has become empty). Both under the lock of the queue, or the two come apart.")
def pollable(probe):
    rounds = probe.random.randint(3, 5)
    seen = probe.run("pollable", [rounds])
    for name, expected, what in (
        ("while_it_runs", 0, "readable while the task runs"),
        ("when_it_has_ended", 1, "readable once the task has ended"),
        ("and_still", 1, "readable still, since nobody has called deliver()"),
        ("told", 1, "what deliver() returned"),
        ("after_deliver", 0, "readable after deliver()"),
        ("told_again", 0, "what deliver() returned when there was no news"),
    ):
        probe.expect(f"{what} (in each of {rounds} rounds)", came=seen[name], expected=[expected] * rounds)


@case("works", 8, "Each on_done gets the value of its own task",
      look_at="how an outcome finds its on_done: they must travel together through your queues. If some are missing, look at "
              "deliver(): does it take all the news that one look at the descriptor stands for?",
      flavours=("release", "tsan"))
def many(probe):
    numbers = values(probe, 300)
    seen = probe.run("many", numbers)
    probe.expect("on_done calls with another task's value", came=seen["wrong"], expected=[])
    probe.expect("on_done calls with the right value", came=len(seen["right"]), expected=len(numbers))
    probe.expect("each number once", came=sorted(seen["right"]), expected=sorted(numbers))
    probe.expect("pending() at the end", came=seen.one("pending"), expected=0)


@case("works", 6, "What a task throws arrives in its outcome, and the worker lives on",
      look_at="the call of the task. An exception that leaves a thread ends the whole program (std::terminate); catch (...) and "
              "std::current_exception() keep it for the starter, whatever its type.")
def exceptions(probe):
    (value,) = values(probe, 1)
    words = f"report {abs(value)} is missing"
    seen = probe.run("exceptions", [value], word=words)
    probe.expect("the outcomes of a task that throws a std::runtime_error, of one that throws 42, and of one that returns",
                 came=seen["outcome"], expected=[words, "something that is no std::exception", value])


@case("works", 8, "As many tasks run at once as there are workers",
      look_at="what is held while a task runs. A lock around the call of the task makes the workers take turns, and tasks that "
              "wait for each other never end.")
def at_once(probe):
    workers = probe.random.randint(3, 5)
    seen = probe.run("at_once", [workers])
    probe.expect(f"of {workers} tasks on {workers} workers, each of which waits until all are running: who met all the others",
                 came=seen["met_all_the_others"], expected=[1] * workers)


# BEGIN HIDDEN TESTS
@case("works", 4, "One worker keeps the order",
      look_at="the two queues: the oldest task is taken first, and the oldest news is told first.")
def one_worker(probe):
    numbers = values(probe, 40)
    seen = probe.run("one_worker", numbers)
    probe.expect("the order in which the tasks began", came=seen["began"], expected=numbers)
    probe.expect("the order in which they were told", came=seen["told"], expected=numbers)


@case("works", 4, "Many tasks, few threads",
      look_at="who makes threads. A thread for each task is too many once there are thousands of tasks: make the workers once, "
              "and let them take tasks from a queue.")
def crowd(probe):
    workers, tasks = 4, probe.random.randint(150, 200)
    with probe.start("crowd", [workers, tasks]) as session:
        probe.expect(f"tasks that run, of {tasks} that all wait, on {workers} workers", came=session.wait_for("begun"),
                     expected=workers)
        probe.expect_at_most("threads of the process: its own, and the workers", came=session.threads(), bound=workers + 1)
        session.go()
        probe.expect("tasks told at the end", came=session.finish().one("told"), expected=tasks)
# END HIDDEN TESTS


@case("robust", 5, "Destruction waits for what runs, and begins nothing new",
      look_at="the destructor. Workers must be asked to stop *before* they are joined, and must look at that before they take the "
              "next task; what is left in the queues is thrown away, and nobody is told.",
      flavours=("release", "asan"))
def destroyed(probe):
    seen = probe.run("destroyed_while_running", [probe.random.randint(2, 5)])
    probe.expect("what happened, in order, when the object was destroyed while one task ran and others waited",
                 came=seen["event"], expected=["the task ends", "the object is gone"])
    tasks = probe.random.randint(2, 5)
    seen = probe.run("destroyed_with_news", [tasks])
    probe.expect("news before the destruction", came=seen.one("news"), expected=1)
    probe.expect("on_done calls by the destructor", came=seen["event"], expected=[])
    probe.expect("who still holds what the on_done held", came=seen.one("holders_after"), expected=1)


@case("robust", 5, "Several threads start tasks at once",
      look_at="everything that start() touches: the queue and the count of pending tasks are shared with the workers and with "
              "other starters. ThreadSanitizer names the two lines that race.",
      flavours=("release", "tsan"))
def started_from_everywhere(probe):
    each = probe.random.randint(200, 300)
    seen = probe.run("started_from_everywhere", [each], faults=Faults(delay_us={"cond_wait": 20}))
    probe.expect("tasks told", came=seen.one("told"), expected=3 * each)
    probe.expect("the sum of their values", came=seen.one("sum"), expected=3 * each * (each + 1) // 2)
    probe.expect("pending() at the end", came=seen.one("pending"), expected=0)


# BEGIN HIDDEN TESTS
@case("robust", 4, "An on_done that throws costs nobody else the news",
      look_at="deliver(): the news after the one that threw must still be in the queue, and the descriptor must still be readable. "
              "Take one piece of news at a time, rather than all of them into a local list.")
def on_done_throws(probe):
    numbers = [abs(n) + 1 for n in values(probe, 6)]
    numbers[probe.random.randint(1, 3)] *= -1
    seen = probe.run("on_done_throws", numbers)
    probe.expect("the values told; one on_done threw, and deliver() was called again while the descriptor was readable",
                 came=seen["told"], expected=numbers)
    probe.expect("what left deliver()", came=seen["left_deliver"], expected=["an on_done failed"])
    probe.expect("pending() at the end", came=seen.one("pending"), expected=0)


@case("robust", 4, "A task or an on_done may start the next task",
      look_at="what is locked while a task or an on_done runs: nothing may be. start() takes the lock, and a std::mutex that is "
              "taken twice by one thread never comes.")
def chain(probe):
    length = probe.random.randint(30, 60)
    seen = probe.run("chain", [length])
    probe.expect("links of a chain in which each on_done starts the next task", came=seen.one("links_from_on_done"),
                 expected=length)
    probe.expect("tasks that one task started", came=seen.one("started_from_a_task"), expected=length)


@case("robust", 4, "When on_done is called, the task and all that it held is gone",
      look_at="when your worker lets the task go. A std::function holds what the lambda captured until it is destroyed or set to "
              "nullptr; do that before the news goes into the queue.")
def what_a_task_holds(probe):
    tasks = 60
    seen = probe.run("what_a_task_holds", [tasks])
    probe.expect(f"of {tasks} tasks that held an object: how many had let it go when on_done was called",
                 came=sum(seen["gone_when_told"]), expected=tasks)


@case("robust", 4, "Calls that are interrupted are made again",
      look_at="read() and write() on the descriptor: each can return -1 with EINTR, because a signal came. Then nothing was done, and "
              "the call must be made again. One that isn't loses the news, or leaves the descriptor readable for ever.")
def interrupted(probe):
    tasks = probe.random.randint(8, 12)
    seen = probe.run("interrupted", [tasks], faults=Faults(eintr_every=2))
    probe.expect("values told", came=seen["told"], expected=list(range(1, tasks + 1)))
    probe.expect("readable after each deliver()", came=seen["readable_afterwards"], expected=[0] * tasks)


@case("robust", 4, "Descriptors: none is leaked, and none to be had is said",
      look_at="what the constructor opens, and who closes it, also when the constructor throws; and the result of eventfd() or pipe(), "
              "which is -1 where the process has no descriptor left (EMFILE).")
def descriptors(probe):
    seen = probe.run("no_descriptor", [12], faults=Faults(emfile_every=3))
    probe.expect("what the constructor threw when a descriptor was refused", came=sorted(set(seen["refused"])),
                 expected=["EMFILE"])
    probe.expect("objects that were made all the same", came=sorted(set(seen["made"])), expected=["and it works"])
    lives = 60
    with probe.start("born_and_gone", [lives], descriptors=32) as session:
        session.wait_for("all_gone")
        for _ in range(40):  # a thread that has been joined is seen for a moment longer
            if session.threads() > 1:
                session.sleep(0.05)
        probe.expect("threads that are left after the last of them is gone", came=session.threads(), expected=1)
        session.go()
        probe.expect(f"tasks told by {lives} objects, one after the other, in a process that may have 32 descriptors",
                     came=session.finish().one("told"), expected=lives)


@case("robust", 4, "Who has nothing to do, does nothing",
      look_at="how your workers wait. A loop that looks again and again whether a task has come keeps a core busy: wait on a "
              "std::condition_variable.")
def idle(probe):
    with probe.start("idle") as session:
        probe.expect("tasks told before the pause", came=session.wait_for("told"), expected=1)
        before = session.cpu_seconds()
        session.sleep(1.5)
        probe.expect_at_most("seconds of CPU time in 1.5 seconds in which one task waits and two workers have none",
                             came=session.cpu_seconds() - before, bound=0.1)
        session.go()
        probe.expect("tasks told at the end", came=session.finish()["told"], expected=[1, 2])


@case("robust", 4, "Tasks end although nobody asks for the news",
      look_at="what a worker does to tell. A byte in a pipe for each task blocks the worker once the pipe is full (65,536 bytes). "
              "The descriptor says *that* there is news; how much there is stands in your queue.")
def nobody_asks(probe):
    tasks = 70_000 + probe.random.randint(0, 1000)
    seen = probe.run("nobody_asks", [tasks])
    probe.expect("tasks that ended before the first deliver()", came=seen.one("ended"), expected=tasks)
    probe.expect("tasks told", came=seen.one("told"), expected=tasks)


TASKS = 150_000


@speed(10, "Starts and tells tasks at least half as fast as the reference", probe="round_trips", numbers=[TASKS], at_least=0.5,
       look_at="what is paid for each task: a thread, a system call, a wait? Workers that live on, and one write to the descriptor "
               "for a whole heap of news, are what the reference has.")
def round_trips(probe):
    return [TASKS], {"sum": [TASKS * (TASKS - 1) // 2]}
# END HIDDEN TESTS
