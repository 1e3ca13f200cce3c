"""What the tests of the thread pool send, what they expect, and what they say when something else came."""
from coursework import Faults, case, speed

# Each worker is held up between its look at the queue and its sleep: whoever notifies it in between without holding the
# mutex, as it changed what the worker looked at, notifies nobody.
HELD_UP = Faults(delay_us={"cond_wait": 8000})


def values(probe, count):
    return [probe.random.randrange(2, 1000) for _ in range(count)]


# works --------------------------------------------------------------------------------------------------------------

@case("works", 5, "A job's result comes back through its future",
      look_at="submit(): a std::packaged_task<std::int64_t()> holds a job and gives you the future before the job has run. "
              "A worker takes it from the queue and calls it.")
def results(probe):
    numbers = values(probe, 20)
    seen = probe.run("results", [3, *numbers])
    probe.expect("the squares of 20 numbers, each from its own future", came=seen["result"],
                 expected=[number * number for number in numbers])


@case("works", 5, "Workers are made once, and end with the pool",
      look_at="the constructor, which starts them all (std::thread in a vector), and the destructor, which joins them. "
              "submit() starts no thread.")
def made_once(probe):
    workers = probe.random.randrange(3, 6)
    with probe.start("made_once", [workers, 60]) as run:
        run.wait_for("before")
        before = run.threads()
        run.go()
        run.wait_for("made")
        probe.expect("threads that the constructor added, seen from outside", came=run.threads() - before, expected=workers)
        run.go()
        run.wait_for("done")
        probe.expect("threads that there are more after 60 jobs", came=run.threads() - before, expected=workers)
        run.go()
        run.wait_for("gone")
        probe.expect("threads that are left when the pool has been destroyed", came=run.threads() - before, expected=0)
        run.go()
        seen = run.finish()
    probe.expect("jobs that ran", came=len(seen["ran_on"]), expected=60)
    probe.expect_at_most("different threads that 60 jobs ran on", came=len(set(seen["ran_on"])), bound=workers)


@case("works", 7, "Jobs run side by side",
      look_at="what is locked while a job runs. A worker holds the mutex to take a job from the queue, and lets it go before "
              "it calls it. And who is woken: each job that comes needs a worker, also where several come in a row.")
def side_by_side(probe):
    workers = probe.random.randrange(3, 6)
    seen = probe.run("side_by_side", [workers, 6])
    probe.expect(f"jobs that met: {workers} jobs on {workers} workers, none ends before all have begun; six times over",
                 came=seen["met"], expected=[workers] * 6)


@case("works", 3, "First in, first out",
      look_at="which end of the queue is filled, and which one is emptied. A std::vector used as a stack turns the order around.")
def order(probe):
    seen = probe.run("order", [12])
    probe.expect("the order in which one worker began 12 jobs", came=seen["began"], expected=list(range(12)))


@case("works", 4, "What a job throws comes out of its future, and the worker lives on", flavours=("release", "asan"),
      look_at="what your worker calls. An exception that leaves a thread's function ends the whole program (std::terminate); "
              "std::packaged_task catches it and keeps it for future.get().")
def exceptions(probe):
    numbers = [number if number % 3 else number + 1 for number in values(probe, 12)]
    seen = probe.run("exceptions", numbers)
    probe.expect("outcomes: even numbers are returned, odd ones thrown", came=seen["outcome"],
                 expected=[f"threw no flour for cake {number}" if number % 2 else number for number in numbers])


@case("works", 5, "shut_down(kDrain) finishes all that was submitted", flavours=("release", "tsan"),
      look_at="when a worker may leave: not as soon as it hears of the end, but when it has and the queue is empty. "
              "And shut_down() returns when the last one has been joined.")
def drained(probe):
    seen = probe.run("drain", [3, 15])
    probe.expect("jobs that were done when shut_down() returned, of 15 that waited or ran as it began",
                 came=seen.one("done_by_then"), expected=15)
    probe.expect("their results", came=seen["outcome"], expected=list(range(15)))


@case("works", 5, "shut_down(kDrop) finishes what runs, and breaks the promise of what waits", flavours=("release", "asan"),
      look_at="what becomes of the queue. A std::packaged_task (or a std::promise) that is destroyed unused tells its future: "
              "broken promise. One that is forgotten leaves somebody waiting forever.")
def dropped(probe):
    seen = probe.run("drop", [6])
    probe.expect("the job that was running when the pool was told to drop", came=seen.one("first"), expected=42)
    probe.expect("what the futures of the six that waited say", came=seen["dropped"], expected=["broken promise"] * 6)
    probe.expect("how many of the six ran all the same", came=seen.one("ran"), expected=0)


@case("works", 3, "After the shutdown nothing more is taken",
      look_at="submit() and try_submit() look whether the pool is closed, under the same mutex as the queue, and throw PoolClosed. "
              "A job that is queued when all workers have left is never run, and its future never ready.")
def refused(probe):
    seen = probe.run("refuse")
    probe.expect("a job before the shutdown", came=seen.one("before"), expected=1)
    probe.expect("submit(), then try_submit(), after it", came=seen["after"], expected=["PoolClosed", "PoolClosed"])
    probe.expect("jobs that ran in all", came=seen.one("ran"), expected=1)


@case("works", 3, "A job may submit jobs",
      look_at="whether the worker still holds the mutex when it calls a job: then the job's own submit() waits for it forever.")
def nested(probe):
    seen = probe.run("nested", [6])
    probe.expect("jobs that ran on one worker, where each submits two more, six times over", came=seen.one("ran"), expected=127)


@case("works", 4, "A queue with a bound is full at its bound",
      look_at="try_submit(): how many wait is the size of the queue, with the mutex held; jobs that run don't count. "
              "When a worker has taken one, there is room again.")
def full(probe):
    most = probe.random.randrange(2, 9)
    seen = probe.run("full", [most])
    probe.expect(f"jobs that try_submit() took, of 20, while the only worker was busy and at most {most} may wait",
                 came=seen.one("taken"), expected=most)
    probe.expect("the results of those that were taken", came=seen["result"], expected=list(range(most)))
    probe.expect("one more, when the queue is empty again", came=seen.one("later"), expected=77)


# BEGIN HIDDEN TESTS
@case("works", 2, "Whatever a job throws comes out, also what is no std::exception",
      look_at="the catch of your worker, if it has one: catch (...) and std::current_exception() take anything. "
              "std::packaged_task does that for you.")
def anything_thrown(probe):
    numbers = [-probe.random.randrange(2, 100), 4, -probe.random.randrange(2, 100), 8]
    seen = probe.run("exceptions", numbers)
    probe.expect("outcomes: negative numbers are thrown as they are (throw -7;), others returned", came=seen["outcome"],
                 expected=[f"threw the number {number}" if number < 0 else number for number in numbers])


@case("works", 3, "The destructor drains, too",
      look_at="~ThreadPool(): it does what shut_down(Shutdown::kDrain) does. A job that was taken is done.")
def destructor(probe):
    jobs = probe.random.randrange(30, 50)
    seen = probe.run("destructor", [2, jobs])
    probe.expect(f"jobs that were done when the destructor returned, of {jobs}", came=seen.one("done_by_then"), expected=jobs)


# END HIDDEN TESTS
# robust -------------------------------------------------------------------------------------------------------------

@case("robust", 7, "No wake-up is lost, also where a worker is slow to fall asleep",
      look_at="everything that a worker looks at before it sleeps: the queue, and the flag that says it is over. Whoever changes it "
              "must hold the mutex as it does, even where it is a std::atomic; else the change and its notify may both come after the "
              "look and before the sleep. And the worker waits with a predicate, or in a loop.")
def lost_wakeups(probe):
    rounds = 12
    seen = probe.run("windows", [3, rounds], faults=HELD_UP)
    probe.expect("results of two jobs for each of 12 pools, where each worker is held up just before it sleeps",
                 came=seen["result"], expected=[number for number in range(rounds) for _ in range(2)])
    probe.expect("pools that came to their end", came=seen["ended"], expected=list(range(rounds)))


@case("robust", 5, "Who has nothing to do sleeps",
      look_at="what a worker does while the queue is empty: std::condition_variable::wait() costs nothing. Looking again and again does, "
              "with yield() or with a short sleep in between, too.")
def idle(probe):
    with probe.start("idle", [4]) as run:
        run.wait_for("idle")
        run.sleep(0.1)
        switches = run.voluntary_switches()
        cpu = run.cpu_while_idle()
        switches = run.voluntary_switches() - switches
        run.go()
        seen = run.finish()
    probe.expect("results before the break", came=seen["result"], expected=list(range(20)))
    probe.expect("a job after the break", came=seen.one("still_works"), expected=1)
    probe.expect_at_most("CPU seconds that 4 workers used in 0.6 s or a little more with nothing to do", came=cpu, bound=0.1)
    probe.expect_at_most("times that they woke and slept again meanwhile", came=switches, bound=10)


@case("robust", 6, "Many may submit at once", flavours=("release", "tsan"),
      look_at="each use of what the threads share: the queue, the flags. All of them with the mutex held, the quick look whether it is "
              "empty, too. ThreadSanitizer names the two lines that met.")
def crowd(probe):
    jobs = probe.random.randrange(200, 400)
    seen = probe.run("crowd", [3, 4, jobs])
    probe.expect(f"the sum of what {4 * jobs} jobs from 4 threads returned", came=seen.one("sum"), expected=4 * jobs * (jobs + 1) // 2)


# BEGIN HIDDEN TESTS
@case("robust", 4, "submit() waits where the queue is full, and goes on when there is room",
      look_at="submit() with a bound: wait on a condition variable (its own, or a worker may be woken in the submitter's stead) until "
              "the queue has room; the worker that takes a job notifies it.")
def wait_for_room(probe):
    most, jobs = probe.random.randrange(2, 6), 25
    seen = probe.run("wait_for_room", [most, jobs])
    probe.expect(f"calls of submit() that had returned while the only worker was busy and at most {most} may wait",
                 came=seen.one("returned_while_full"), expected=most)
    probe.expect("the results of all of them, in the end", came=seen["result"], expected=list(range(jobs)))


@case("robust", 3, "A shutdown refuses those who wait for room",
      look_at="what submit() waits for: room, or the end. shut_down() must wake those who wait for room as well as the workers, all of "
              "them (notify_all).")
def full_at_the_end(probe):
    seen = probe.run("full_at_the_end", [3])
    probe.expect("threads that waited for room and were refused by the shutdown, while the worker was busy still",
                 came=seen.one("refused"), expected=3)
    probe.expect("the job that was running", came=seen.one("first"), expected=1)
    probe.expect("the job that was queued before", came=seen.one("waiting"), expected=5)


@case("robust", 3, "A job that submits to a full queue doesn't wait for itself",
      look_at="submit() on a worker of this pool (a thread_local can say whose worker it is): where the queue is full it must not wait, "
              "for it might be the one who is to make room. It runs the job itself.")
def full_for_a_job(probe):
    seen = probe.run("full_for_a_job", [8])
    probe.expect("a job that submits eight, to one worker (itself) and a queue for one", came=seen.one("outer"), expected=9)
    probe.expect("how many of the eight ran", came=seen.one("ran"), expected=8)


@case("robust", 3, "While it drains, jobs may still submit",
      look_at="which submits are refused once the shutdown has begun: those from outside. What a job submits while the pool drains is "
              "part of the work, and the worker that runs the job will look at the queue again.")
def nested_while_draining(probe):
    seen = probe.run("nested_while_draining")
    probe.expect("a job that runs while the pool drains", came=seen.one("outer"), expected=30)
    probe.expect("what that job submitted", came=seen.one("inner"), expected=31)


@case("robust", 3, "Several threads may shut down at once, and it may be done again", flavours=("release", "tsan"),
      look_at="who joins: a std::thread can be joined once, by one. std::call_once lets the first do it and the others wait until it is "
              "done; the destructor comes on top.")
def shut_down_by_many(probe):
    seen = probe.run("shut_down_by_many", [3])
    probe.expect("jobs done, of 10, when shut_down() returned to each of three threads", came=seen["done_by_then"],
                 expected=[10, 10, 10])
    probe.expect("when it was called once more", came=seen.one("again"), expected=10)


@case("robust", 2, "What is dropped is told at once",
      look_at="when the dropped jobs are destroyed: before the workers are joined. A job that still runs may wait for the future of one "
              "that was dropped, or take very long.")
def dropped_at_once(probe):
    seen = probe.run("drop", [4], word="while it runs")
    probe.expect("what the futures of four dropped jobs say while another job still runs", came=seen["dropped"],
                 expected=["broken promise"] * 4)
    probe.expect("that other job", came=seen.one("first"), expected=42)


@case("robust", 2, "Where threads can't be had, the constructor says so and leaves nothing behind",
      look_at="the constructor when std::thread throws in the middle: those that were made must be told to leave and be joined, then the "
              "exception goes on. A std::thread that is destroyed unjoined ends the program.")
def too_many_threads(probe):
    with probe.start("too_many_threads", [200]) as run:
        run.wait_for("after")
        threads = run.threads()
        run.go()
        seen = run.finish()
    probe.expect("what came of 200 threads where there was memory for a few", came=seen.one("made"), expected="system_error")
    probe.expect("what came of a pool of 0 workers, and of -1", came=seen["none"], expected=["invalid_argument"] * 2)
    probe.expect("a job in the next pool", came=seen.one("after"), expected=3)
    probe.expect_at_most("threads at the end: the program's own and a pool's only worker", came=threads, bound=2)


@case("robust", 1, "A job that shuts its own pool down is refused",
      look_at="shut_down() on a worker of this pool: it would wait for its own end. Throw std::logic_error instead.")
def shut_down_by_a_job(probe):
    seen = probe.run("shut_down_by_a_job")
    probe.expect("a job that calls shut_down() (1: it threw std::logic_error), and the next job (2)", came=seen["outcome"],
                 expected=[1, 2])


@case("robust", 2, "What a job held is let go when it is done", flavours=("release", "asan"),
      look_at="the variable that the worker moved the job into: while the worker sleeps it must not keep the last job alive, with "
              "all that it captured. Let it end before the wait.")
def what_jobs_hold(probe):
    seen = probe.run("what_jobs_hold", [8])
    probe.expect("results", came=seen["result"], expected=[1] * 8)
    probe.expect("copies of what they captured that the idle pool still holds", came=seen.one("still_held"), expected=0)


@speed(10, "Hands jobs over about as fast as the reference", probe="posts", numbers=[1, 60_000], at_least=0.5,
       look_at="how much is done with the mutex held, how many are woken for each job (notify_one, not notify_all), and whether "
               "anything sleeps for a fixed time.")
def post_speed(probe):
    seen = probe.run("posts", [2, 1000])
    probe.expect("the sum of what 1,000 jobs returned", came=seen.one("sum"), expected=499_500)
# END HIDDEN TESTS
