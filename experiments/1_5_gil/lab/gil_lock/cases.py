"""What each case asks of a Gil, and what it says when something else came."""

from coursework import Faults, case, speed

HOLDS, NOT = 1, 0


@case("works", 8, "One thread at a time",
      look_at="acquire(): the test whether the lock is free, and the taking of it, must be one step that nobody can get between. A "
              "std::mutex around both, held for that moment only, makes them one.",
      flavours=("release", "tsan"))
def one_at_a_time(probe):
    threads, turns = 3, probe.random.randint(200, 300)
    seen = probe.run("one_at_a_time", [threads, turns])
    probe.expect("how often held() was true for the thread that had acquired", came=seen.one("held"), expected=threads * turns)
    probe.expect("how often a second thread was inside", came=seen.one("together"), expected=0)
    probe.expect("a plain counter that only the lock guards", came=seen.one("count"), expected=threads * turns)
    probe.expect("held() by a thread that never acquired", came=seen.one("held_at_the_end"), expected=NOT)


@case("works", 8, "Who has waited for an interval asks, and gets the lock at the next look",
      look_at="acquire(): where it waits, it must wait with a limit (wait_for), and set the request when the limit has passed. "
              "checkpoint(): if the request is set, release and acquire.")
def asked(probe):
    interval_ms = probe.random.randint(2, 20)
    seen = probe.run("asked", [interval_ms])
    probe.expect(f"what happened when a second thread came, with a switch interval of {interval_ms} ms", came=seen["event"],
                 expected=["asked", "the other has it", "the first has it again"])
    probe.expect("drop_requested() when all is over", came=seen.one("asked_afterwards"), expected=0)
    probe.expect("switches(): to the first, to the other, and back", came=seen.one("switches"), expected=3)


@case("works", 7, "Nobody is asked before the interval is over",
      look_at="checkpoint(): it may drop the lock only if drop_requested(); that somebody waits is not enough. And acquire() may set the "
              "request only after a whole interval: wait_for also returns when it was notified, or for no reason.")
def not_asked(probe):
    seen = probe.run("not_asked", [probe.random.randint(500, 2000)])
    probe.expect("what happened with a switch interval of an hour", came=seen["event"],
                 expected=["the first lets go", "the other has it"])
    probe.expect("the second thread sleeps while it waits", came=seen.one("other_sleeps"), expected=1)
    probe.expect("drop_requested() before the first let go", came=seen.one("asked"), expected=0)


@case("works", 8, "The lock is free while its holder waits for something else",
      look_at="read_without() and WithoutGil: the lock is let go before the call that blocks, and taken again after it. If the read came "
              "back with 'R', nobody could get the lock to send anything, and the test had to help.")
def around_io(probe):
    word = f"answer{probe.random.randint(100, 999)}"
    seen = probe.run("around_io", word=word)
    probe.expect("what happened while the holder of the lock read from a pipe that the other thread writes to", came=seen["event"],
                 expected=["the other has it", f"read {word}"])
    for name, what, expected in (("held_after_read", "held() after read_without()", HOLDS),
                                 ("held_without", "held() within WithoutGil", NOT),
                                 ("other_had_it", "another thread had the lock within WithoutGil", 1),
                                 ("held_after_wait", "held() after WithoutGil", HOLDS)):
        probe.expect(what, came=seen.one(name), expected=expected)


@case("works", 8, "Threads that compute take turns",
      look_at="checkpoint() and release(): a thread that lets go and comes back at once finds the lock free, for the others are still "
              "asleep. After a request it must wait until another thread has had it. And each waiting thread must ask anew.")
def computing(probe):
    threads, turns = 4, probe.random.randint(4, 6)
    seen = probe.run("computing", [threads, turns])
    probe.expect(f"of {threads} threads that only compute: how many had {turns} turns before the test gave up",
                 came=seen.one("content"), expected=threads)
    probe.expect("switches() counts at least those", came=seen.one("enough_switches"), expected=1)


@case("works", 5, "Wrong use is refused, and changes nothing",
      look_at="who holds the lock: remember the thread, not just a bool. Then acquire() by the holder and release() by anybody else can "
              "throw std::logic_error before they touch anything.")
def misuse(probe):
    seen = probe.run("misuse")
    for name, what in (("release_unheld", "release() of a lock that nobody holds"), ("acquire_twice", "acquire() by its holder"),
                       ("release_by_another", "release() by another thread"), ("release_twice", "a second release()")):
        probe.expect(what, came=seen.one(name), expected="refused")
    probe.expect("held() after each of the two refusals to its holder's disadvantage", came=seen["held_still"], expected=[HOLDS] * 2)
    probe.expect("another thread can have it afterwards", came=seen.one("another_can_have_it"), expected=HOLDS)


# BEGIN HIDDEN TESTS
@case("works", 8, "Who drops the lock on request doesn't come back first",
      look_at="release(): with a request pending, wait until the lock has come to another thread (CPython's forced switch). To notify and "
              "hope isn't enough: whoever runs wins against whoever must wake up.")
def forced_switch(probe):
    rounds = probe.random.randint(25, 35)
    seen = probe.run("forced_switch", [rounds])
    probe.expect("requests to drop the lock", came=seen.one("asked"), expected=rounds)
    probe.expect("how often the lock was dropped, and came back before the other thread had had it", came=seen.one("in_vain"),
                 expected=0)
# END HIDDEN TESTS


@case("robust", 6, "An exception passes, and the lock is as the scope promised",
      look_at="the destructors of WithGil and WithoutGil: they run on every way out of the scope. And read_without(): if read() fails, the "
              "caller must have the lock again *before* the exception reaches it; a guard inside does that.")
def guards(probe):
    seen = probe.run("guards")
    for name, what, expected in (("with", "held() within WithGil", HOLDS), ("after_with", "held() after an exception left WithGil", NOT),
                                 ("without", "held() within WithoutGil", NOT),
                                 ("after_without", "held() after an exception left WithoutGil", HOLDS),
                                 ("bad_read", "read_without() of a descriptor that isn't open", "EBADF"),
                                 ("after_bad_read", "held() after that", HOLDS),
                                 ("another_can_have_it", "another thread can have it afterwards", HOLDS)):
        probe.expect(what, came=seen.one(name), expected=expected)


@case("robust", 5, "Everybody who waits gets the lock in the end",
      look_at="release(): it must wake somebody also when nobody has asked. If one of several waiters is woken, it must wake the next when "
              "it lets go itself.",
      flavours=("release", "tsan"))
def queue(probe):
    threads = probe.random.randint(6, 12)
    seen = probe.run("queue", [threads])
    probe.expect("threads that had the lock while the first held it", came=seen.one("before"), expected=0)
    probe.expect("threads that had it after one release()", came=seen.one("after"), expected=threads)


# BEGIN HIDDEN TESTS
@case("robust", 6, "No wake-up is lost",
      look_at="what you change before you notify, and whether you hold the mutex for it. A thread that has found the lock taken, and "
              "isn't asleep yet, hears no notify: only the mutex keeps that moment closed. This run makes it long.",
      flavours=("release", "tsan"))
def to_and_fro(probe):
    rounds = probe.random.randint(20, 30)
    seen = probe.run("to_and_fro", [rounds], faults=Faults(delay_us={"cond_wait": 1500}))
    probe.expect("turns of three threads", came=seen.one("count"), expected=3 * rounds)
    probe.expect("the lock went from thread to thread", came=seen.one("switched"), expected=1)
    gaps = 8
    seen = probe.run("gap", [gaps], faults=Faults(delay_us={"cond_wait": 30_000}))
    probe.expect("threads that were about to sleep when the lock was let go, and slept on", came=seen.one("late"),
                 expected=0)
    probe.expect("switches() of those", came=seen.one("switches"), expected=2 * gaps)


@case("robust", 7, "Who waits, sleeps",
      look_at="the loop in acquire(): it must sleep in wait_for() each time round, also after it has asked. Looking again and again "
              "takes the core away from the holder, who is the only one to get anything done.")
def idle(probe):
    threads = 3
    with probe.start("idle", [threads]) as session:
        probe.expect("threads that wait for the lock", came=session.wait_for("waiting"), expected=threads)
        probe.expect("threads of those that sleep, after one has asked", came=session.seen.one("sleeping"), expected=threads)
        before = session.cpu_seconds()
        session.sleep(1.2)
        probe.expect_at_most("seconds of CPU time in 1.2 seconds in which three threads wait for a lock that isn't let go",
                             came=session.cpu_seconds() - before, bound=0.15)
        session.go()
        probe.expect("threads that had the lock in the end", came=session.finish().one("had_it"), expected=threads)


@case("robust", 5, "A read that is interrupted is made again",
      look_at="read_without(): read() returns -1 with EINTR when a signal came first. Nothing was read, and nothing is wrong: call again. "
              "The caller holds the lock afterwards in any case.")
def interrupted_read(probe):
    word = f"interrupted{probe.random.randint(100, 999)}"
    seen = probe.run("interrupted_read", word=word, faults=Faults(eintr_every=2))
    probe.expect("what was read, letter by letter", came=seen.one("all"), expected=word)
    probe.expect("held() after each", came=seen["held"], expected=[HOLDS] * len(word))


@case("robust", 4, "Two locks are two locks",
      look_at="where you keep who holds the lock: in the object. A static or thread_local variable is the same for all locks, and one "
              "process may hold several interpreters, with a lock each.")
def two_locks(probe):
    seen = probe.run("two_locks")
    probe.expect("a second thread got the second lock while this one held the first", came=seen.one("both_at_once"), expected=1)
    for name, what, expected in (("neighbour", "the second thread's held(), of the first lock and of the second", "01"),
                                 ("this", "this thread's held(), at the same time", "10"), ("both", "after it took the second", "11"),
                                 ("second", "after it let go the first", "01")):
        probe.expect(what, came=str(seen.one(name)).zfill(2), expected=expected)


@case("robust", 5, "A new holder begins unasked",
      look_at="the request: it was for the holder of that time. Clear it when the lock is taken, or the new holder is asked to go before "
              "it has begun, and the threads do little but switch. switches() counts only what came to *another* thread.")
def new_holder(probe):
    seen = probe.run("new_holder", [400])
    probe.expect("drop_requested() after a second thread had waited for an interval", came=seen.one("asked"), expected=1)
    probe.expect("the second thread had the lock", came=seen.one("other_had_it"), expected=1)
    probe.expect("drop_requested() when it had just got it", came=seen.one("asked_at_once"), expected=0)
    probe.expect("drop_requested() when the first had just got it back", came=seen.one("asked_again"), expected=0)
    probe.expect("switches(), after the first let it go and took it back three times besides", came=seen.one("switches"), expected=3)


@speed(10, "Costs next to nothing while nobody waits, as the reference", probe="undisturbed", numbers=[200_000], at_least=0.5,
       look_at="checkpoint(): one look at an atomic, without a mutex; it is called millions of times. acquire() and release(): one "
               "std::mutex for a moment, and no system call.")
def undisturbed(probe):
    probe.expect("switches() of one thread alone", came=probe.run("undisturbed", [10]).one("switches"), expected=1)
# END HIDDEN TESTS
