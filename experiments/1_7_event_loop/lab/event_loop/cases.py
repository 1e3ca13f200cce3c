"""What an event loop must do, and what to look at where it doesn't."""

from coursework import Faults, case, speed

MISSED = "a callback that was due had still not been called after ten seconds; the test gave up"


def expect_not_given_up(probe, seen):
    """The probe's own patience has not run out."""
    probe.expect(f"waiting ({MISSED})", came=seen["gave_up"], expected=[])


@case("works", 5, "Callbacks are called in the order of their posting",
      look_at="The queue of ready callbacks: you add at one end; do you take from the other? And nothing is called out"
              " of call_soon() itself: run() does that.")
def in_order(probe):
    numbers = probe.random.sample(range(1, 1000), 8)
    seen = probe.run("in_order", numbers)
    probe.expect("the order of the calls: first those that were posted before run(), then what each of them posted in turn"
                 " (the same number, negative)", came=seen["called"], expected=[*numbers, *(-each for each in numbers)])
    probe.expect("the first thing that happened: all were posted, and none called before run()", came=seen.all[0],
                 expected=("posted", len(numbers)))
    probe.expect("run() returned when nothing was left", came=seen["returned"], expected=[1])


@case("works", 5, "Timers are called in the order of their deadlines, and never early",
      look_at="The container of your timers: what is at its front, the one made first or the one due first? And compare the"
              " whole deadline with the clock, not milliseconds rounded down.")
def timers_in_order(probe):
    delays = probe.random.sample(range(1, 60), 12)
    seen = probe.run("timers", delays)
    probe.expect("the order in which they were called, by their delays in ms", came=seen["called"], expected=sorted(delays))
    probe.expect_at_least("microseconds from the deadline to the call (below 0 is before its time)",
                          came=min(seen["late_us"]), bound=0)


@case("works", 5, "A cancelled timer is not called",
      look_at="cancel() must find the one timer that is meant, and say whether it was still to be called. A timer leaves your"
              " containers before its callback is called, not after.")
def cancelled_timers(probe):
    delays = probe.random.sample(range(1, 40), 9)
    unwanted = set(probe.random.sample(range(len(delays)), 4))
    seen = probe.run("cancelled_timers", [-each if i in unwanted else each for i, each in enumerate(delays)])
    left = sorted((i for i in range(len(delays)) if i not in unwanted), key=delays.__getitem__)
    probe.expect("the timers that were called, by number, where 4 of 9 were cancelled", came=seen["called"], expected=left)
    probe.expect("what cancel() returned for those 4", came=seen["cancelled"], expected=[1, 1, 1, 1])
    probe.expect("cancel() of a timer by its own callback: it is being called, so that is too late", came=seen["itself"],
                 expected=[0])
    probe.expect("cancel() of another that is due in the same turn, but not yet called", came=seen["other"], expected=[1])
    probe.expect("cancel() of one that was cancelled before", came=seen["again"], expected=[0])
    probe.expect("cancel() of one that was called", came=seen["after"], expected=[0])


@case("works", 4, "A deadline in the past means the next turn",
      look_at="The time to wait until the next deadline: below 0 it is to be 0, for epoll_wait() takes -1 for 'no limit'. And"
              " call_at() calls nothing itself.")
def past_deadlines(probe):
    delays = [*probe.random.sample(range(-5000, 0), 6), *probe.random.sample(range(1, 30), 4)]
    probe.random.shuffle(delays)
    seen = probe.run("timers", delays)
    probe.expect("the order in which they were called, by their delays in ms", came=seen["called"], expected=sorted(delays))
    probe.expect("the first thing that happened: all timers were made, and none called before run()", came=seen.all[0],
                 expected=("made", len(delays)))


@case("works", 6, "A reader is called whenever there is something to read",
      look_at="Watch the descriptor until it is removed, and level-triggered (without EPOLLET): a reader that takes one byte"
              " of three is called again in the next turn. run() ends when the last reader is gone.")
def reader(probe):
    sent = [probe.random.randrange(1, 127) for _ in range(10)]
    seen = probe.run("reader", sent)
    probe.expect("the bytes that came, one for each call: five sent at once, then five one at a time", came=seen["read"],
                 expected=sent)
    probe.expect("remove_reader() of the one that is watched", came=seen["removed"], expected=[1])
    probe.expect("remove_reader() once more", came=seen["removed_again"], expected=[0])
    probe.expect("run() returned when no reader was left", came=seen["returned"], expected=[1])
    expect_not_given_up(probe, seen)


@case("works", 5, "A writer is called when there is room, and not before",
      look_at="A writer asks for EPOLLOUT, and only for that. The test's socket is full until a timer empties it.")
def writer(probe):
    seen = probe.run("writer", [probe.random.randrange(5, 15)])
    probe.expect("what happened, in order", came=seen["step"], expected=["drained", "writable"])
    probe.expect("run() returned when no writer was left", came=seen["returned"], expected=[1])
    expect_not_given_up(probe, seen)


@case("works", 7, "Another thread wakes a loop that sleeps",
      look_at="The loop sleeps in epoll_wait(), which knows nothing of your queue: give it something to see, an eventfd or a"
              " pipe, that call_soon_threadsafe() writes to.")
def wake_up(probe):
    numbers = probe.random.sample(range(1000), 8)
    seen = probe.run("wake_up", numbers)
    probe.expect("the callbacks that were called, posted 5 ms apart while the loop had nothing else to do",
                 came=seen["called"], expected=numbers)
    probe.expect("each was called on the loop's own thread (1 = yes)", came=seen["on_the_loops_thread"], expected=[1] * 8)
    expect_not_given_up(probe, seen)


@case("works", 4, "stop() ends run() after the callback that calls it",
      look_at="stop() sets a flag. Every loop that calls callbacks looks at it after each, and run() clears it when it begins.")
def stopped(probe):
    last = probe.random.randrange(5, 9)
    stops = probe.random.randrange(2, last - 1)
    seen = probe.run("stopped", [stops, last])
    probe.expect(f"what happened, where number {stops} of {last} calls stop() and run() is called again afterwards",
                 came=seen["called"],
                 expected=[*range(1, stops + 1), "run() returned", *range(stops + 1, last + 1), "run() returned"])


@case("robust", 4, "A callback that always posts itself keeps nobody from his turn",
      look_at="Call those that are in the queue when the step begins, and no more: count them first. And look for descriptors and"
              " timers in each turn, also when callbacks are ready (with a timeout of 0).")
def starving(probe):
    seen = probe.run("starving")
    probe.expect("who had his turn beside the callback that posts itself again and again", came=seen["had_their_turn"],
                 expected=["reader timers"])
    probe.expect("timers that were called before their time, while the loop had no need to wait", came=seen["early"], expected=[0])


@case("robust", 4, "A reader may remove itself, and close its descriptor", flavours=("release", "asan"),
      look_at="While a callback runs, what it has captured must live. If removing it destroys the std::function that is just being"
              " called, its captures are gone under its feet: keep a share of it (std::shared_ptr) or a copy during the call.")
def removes_itself(probe):
    delays = probe.random.sample(range(1, 20), 6)
    seen = probe.run("removes_itself", delays)
    probe.expect("the readers that were called, each once and with its captures whole", came=sorted(seen["called"]),
                 expected=sorted(delays))
    probe.expect("captures spoiled while their callback ran", came=seen["spoiled"], expected=[])
    probe.expect("run() returned when the last had removed itself", came=seen["returned"], expected=[1])
    expect_not_given_up(probe, seen)


@case("robust", 4, "A loop that has nothing to do sleeps",
      look_at="strace -c -f shows how often you go round. Is the eventfd read after it was rung (else it stays readable for ever)?"
              " Is the timeout that of the next deadline, and -1 only where there is none?")
def idle(probe):
    for word, waits in (("timer", "a reader, a far timer and other threads"), ("", "a reader and other threads")):
        with probe.start("idle", word=word) as loop:
            loop.wait_for("idle", wall_s=25)
            loop.sleep(0.1)
            before = loop.cpu_seconds()
            loop.sleep(0.6)
            used = loop.cpu_seconds() - before
            loop.go()
            seen = loop.finish()
        probe.expect_at_most(f"CPU time in seconds, during 0.6 seconds of waiting for {waits}", came=round(used, 2), bound=0.05)
        probe.expect("the post that ended the wait was called", came=seen["called"], expected=[1])


@case("robust", 2, "Nothing is lost when calls are interrupted",
      look_at="EINTR is no error: after epoll_wait() the next turn computes its timeout anew; a read or write of a few bytes is"
              " tried again.")
def interrupted(probe):
    count = probe.random.randrange(20, 30)
    seen = probe.run("mixture", [count], faults=Faults(eintr_every=2))
    probe.expect("bytes read, one for each timer", came=seen["reads"], expected=[count])
    probe.expect("posts of another thread that were called", came=seen["posts"], expected=[count])
    expect_not_given_up(probe, seen)


@case("robust", 3, "An exception leaves run(), and the loop goes on where it was",
      look_at="Take a callback out of its queue before you call it, and one at a time: if you swap the whole queue away first, an"
              " exception takes the others with it. The same goes for a list of due timers.")
def throwing(probe):
    seen = probe.run("throwing")
    probe.expect("what happened, in order, with run() called again after each exception", came=seen["step"], expected=[
        "first", "run() threw from a callback", "second", "run() threw from a timer", "timer", "run() returned",
        "run() threw from a reader", "reader", "run() returned"])


# BEGIN HIDDEN TESTS
@case("works", 4, "Timers with the same deadline are called in the order of their making",
      look_at="Sort by deadline and then by number: a heap alone keeps no order among equals, and a std::map from deadline to"
              " callback keeps only one of them.")
def equal_deadlines(probe):
    ticks = [probe.random.randrange(4) for _ in range(40)]
    seen = probe.run("equal_deadlines", ticks)
    probe.expect("the order of the calls, by number; 40 timers with 4 deadlines among them", came=seen["called"],
                 expected=sorted(range(len(ticks)), key=ticks.__getitem__))


@case("works", 1, "Deadlines at both ends of time", flavours=("release", "asan"),
      look_at="now + delay can overflow: compare the delay with what is left until the end of time. So can deadline - now, for a"
              " deadline long ago, and a count of milliseconds in an int.")
def both_ends_of_time(probe):
    seen = probe.run("both_ends_of_time")
    probe.expect("which were called, in order, where two were due at once, one soon, and two never", came=seen["called"],
                 expected=["long ago", "at once", "soon"])
    probe.expect("cancel() of those that are never due", came=seen["cancelled"], expected=[1, 1])


@case("works", 4, "A descriptor may have a reader and a writer, each of its own",
      look_at="epoll knows a descriptor once: a second interest is EPOLL_CTL_MOD with both, and removing one of them is"
              " EPOLL_CTL_MOD with the other. Only the last removal is EPOLL_CTL_DEL.")
def both_sides(probe):
    writes = probe.random.randrange(2, 6)
    seen = probe.run("both_sides", [writes])
    probe.expect("what was called, in order: the writer until it removes itself, then the reader, which puts another in its"
                 " place (with the byte that each read)", came=seen["step"],
                 expected=[*["writer"] * writes, f"reader {ord('a')}", f"second reader {ord('b')}"])
    probe.expect("what remove_writer(), remove_reader(), and remove_reader() once more returned", came=seen["removed"],
                 expected=[1, 1, 0])
    expect_not_given_up(probe, seen)


@case("robust", 3, "A timer that is always due again keeps nobody from his turn",
      look_at="Make the list of those that are due before you call the first of them. A timer that is made meanwhile, due in the"
              " past, has its turn in the next turn.")
def timers_that_come_again(probe):
    seen = probe.run("timers_that_come_again")
    probe.expect("who had his turn beside the timer that makes itself again and again", came=seen["had_their_turn"],
                 expected=["reader timer callback"])


@case("robust", 3, "A reader that was removed by another is not called any more", flavours=("release", "asan"),
      look_at="One epoll_wait() returns several descriptors. Before each call look again whether it is still watched, and by the"
              " same one: the number may belong to a new descriptor by now (a generation beside the number tells).")
def removed_by_another(probe):
    seen = probe.run("removed_by_another")
    probe.expect("who was called: of two readers that were ready together the one that came first, and then the new one that"
                 " it made for the other's number", came=seen["called"], expected=["reader", "new reader, something to read"])
    probe.expect("remove_reader() of the other", came=seen["removed"], expected=[1])
    expect_not_given_up(probe, seen)


@case("robust", 2, "The end of a pipe is ready, too",
      look_at="A pipe without a writer reports EPOLLHUP, not EPOLLIN; one without a reader EPOLLERR. Both are for whoever watches:"
              " he learns it from his read or write. Left alone they come again in each turn, at full speed.")
def hang_up(probe):
    seen = probe.run("hang_up")
    probe.expect("what the reader read when the writing end was closed (0: the end)", came=seen["reader"], expected=[0])
    probe.expect("the writer was called when the reading end was closed", came=seen["writer"], expected=[1])
    expect_not_given_up(probe, seen)


@case("robust", 2, "What can't be watched is said, and not remembered",
      look_at="epoll_ctl() fails with EBADF for no descriptor and with EPERM for a file. Throw, and note the reader only after it"
              " has succeeded: else run() waits for it for ever.")
def unwatchable(probe):
    seen = probe.run("unwatchable")
    probe.expect("errno of add_reader(): a number that is no descriptor (9, EBADF), then a file (1, EPERM)", came=seen["error"],
                 expected=[9, 1])
    probe.expect("remove_reader() afterwards", came=seen["removed"], expected=[0, 0])
    probe.expect("run() returned, for nothing is watched", came=seen["returned"], expected=[1])
    expect_not_given_up(probe, seen)


@case("robust", 2, "Short waits are slept, too",
      look_at="epoll_wait() counts milliseconds: 0.9 ms rounded down is 0, and the loop spins until they are over. Round up"
              " (std::chrono::ceil).")
def short_timers(probe):
    count = 500
    with probe.start("short_timers", [900, count]) as loop:
        called = loop.wait_for("called", wall_s=25)
        used = loop.cpu_seconds()
        loop.go()
        seen = loop.finish()
    probe.expect("timers called, each 0.9 ms after the one before it", came=called, expected=count)
    probe.expect("timers that were called before their time", came=seen["early"], expected=[0])
    probe.expect_at_most("CPU time in seconds for all of them", came=used, bound=0.2)


@case("robust", 4, "No wake-up is lost, however unlucky the moment",
      look_at="Who posts puts the callback into the queue first and rings then; who is woken silences the bell first and looks into"
              " the queue then. Any other order has a moment in which a post is seen by nobody. A flag 'it sleeps' has one,"
              " too, unless the queue is looked at again after it was set.")
def lost_posts(probe):
    pauses = [probe.random.randrange(0, 4000) for _ in range(150)]
    for words, word, numbers, faults in (
        ("two at a time, with a pause before each sleep and each read of the loop", "", pauses, Faults(delay_us={"epoll_wait": 1500, "read": 1500})),
        ("two at a time, with both threads on one core", "one core", [0] * 300, None),
    ):
        seen = probe.run("lost_posts", numbers, word, faults)
        probe.expect(f"posts that were called, {words}", came=seen["called"], expected=[2 * len(numbers)])
        expect_not_given_up(probe, seen)
    seen = probe.run("lost_posts_at_once", [100_000])
    probe.expect("whether any were posted without a pause", came=seen["posted"], expected=[1])
    probe.expect("posts without a pause that were not called", came=seen["lost"], expected=[0])
    expect_not_given_up(probe, seen)


@case("robust", 3, "Many threads post at once", flavours=("release", "tsan"),
      look_at="Everything that both the loop and call_soon_threadsafe() touch needs the same mutex; the queue of ready callbacks is"
              " better not touched by others at all. Don't call callbacks with the mutex held.")
def many_threads(probe):
    threads, posts = 4, 500
    seen = probe.run("many_threads", [threads, posts])
    probe.expect("callbacks called", came=seen["called"], expected=[threads * posts])
    probe.expect("callbacks that were called before an earlier one of their thread", came=seen["out_of_order"], expected=[0])
    expect_not_given_up(probe, seen)


@case("robust", 2, "A million timers",
      look_at="Inserting into a sorted vector, or looking through all timers for the next one or for the one to cancel, takes a"
              " million steps a million times. A tree or a heap takes twenty. And what is cancelled must be gone: most"
              " time-outs are.")
def million_timers(probe):
    count = 1_000_000
    seen = probe.run("many_timers", [count], wall_s=90)
    probe.expect("timers called, a quarter having been cancelled", came=seen["called"], expected=[count - count // 4])
    probe.expect("timers called before one with an earlier deadline", came=seen["out_of_order"], expected=[0])
    with probe.start("timeouts", [count // 4], wall_s=90) as loop:
        loop.wait_for("begun", wall_s=60)
        before = loop.memory_kib()
        loop.go()
        cancelled = loop.wait_for("cancelled", wall_s=60)
        grown = loop.memory_kib() - before
        loop.go()
        loop.finish()
    probe.expect("timers of one hour, each made and cancelled before the next", came=cancelled, expected=count // 4)
    probe.expect_at_most("KiB of memory that they have left behind", came=grown, bound=4_096)


@case("robust", 2, "Nothing is left behind", flavours=("release", "asan"),
      look_at="Whatever opens a descriptor owns it (two_cakes::UniqueFd), also in a constructor that throws in its middle. And a"
              " loop that goes destroys the callbacks that it never called, with all that they hold.")
def nothing_left(probe):
    loops = 100
    seen = probe.run("descriptors", [loops], descriptors=48)
    probe.expect("loops made, run and destroyed, one after the other", came=seen["called"], expected=[loops])
    probe.expect("descriptors open afterwards, beyond those before", came=seen["more"], expected=[0])
    if probe.flavour == "release":  # the sanitizers need descriptors of their own
        seen = probe.run("no_descriptor_left", descriptors=48)
        probe.expect("what a loop throws that gets no descriptor at all (24 is EMFILE)", came=seen["error"][:1], expected=[24])
        probe.expect("descriptors kept by two loops that could not be made, with none and with one left", came=seen["kept"],
                     expected=[0, 0])
    seen = probe.run("held_objects")
    probe.expect("callbacks that hold an object: after five were posted, after one was cancelled, after the loop was gone",
                 came=seen["held"], expected=[5, 4, 0])


@speed(5, "Callbacks as fast as the reference's", probe="posts", numbers=[500_000], at_least=0.5,
       look_at="What a turn costs that has little to do: how many system calls, how many copies of a std::function, how many"
               " allocations? A std::deque and std::move are enough.")
def post_speed(probe):
    """Ten in the queue at a time, each posting the next."""


@speed(5, "Timers as fast as the reference's", probe="many_timers", numbers=[50_000], at_least=0.5,
       look_at="What a timer costs to add, to find and to take off. A heap or a tree for the deadlines, and a hash table or an"
               " iterator to find one by its id.")
def timer_speed(probe):
    """All due, in a muddle, a quarter of them cancelled."""
# END HIDDEN TESTS
