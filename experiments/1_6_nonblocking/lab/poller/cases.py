"""What the poller must report, and what not, and what to look at where it does otherwise."""

import errno

from coursework import Faults, case, speed


def tags_of(probe, count):
    """Different tags, some too large for 32 bits: a tag may be a pointer."""
    return [probe.random.randrange(1 << 40, 1 << 62) if i % 2 else probe.random.randrange(1000) * 100 + i for i in range(count)]


def events(*which):
    """What look() in probes.cpp writes: by tag."""
    return ", ".join(f"{tag} {ready}" for tag, ready in sorted(which)) or "nothing"


def both_triggers(probe, name, numbers=(), faults=None):
    """The probe with a level-triggered poller, then with an edge-triggered one."""
    for word in ("level", "edge"):
        yield word, probe.run(name, numbers, word=word, faults=faults)


# ---------------------------------------------------------------------------------------------------------------- works


@case("works", 8, "What is ready is reported, with its tag, and nothing else",
      look_at="control(): which epoll events does each interest become (EPOLLIN, EPOLLOUT)? Then deliver(): which of the events that came"
              " become kRead and kWrite, and where do you keep the owner's tag? The event itself has room for 64 bits, and a descriptor"
              " must fit in, too.")
def reports(probe):
    tags = tags_of(probe, 12)
    for word, seen in both_triggers(probe, "reports", tags):
        probe.expect(f"a look, while nothing is readable ({word}-triggered)", came=seen.one("before"), expected="nothing")
        probe.expect(f"a look, once every second one has a byte ({word}-triggered)", came=seen.one("readable"),
                     expected=events(*((tag, "read") for tag in tags[::2])))
        readable = [(tag, "read") for i, tag in enumerate(tags) if i % 6 == 0]
        writable = [(tag, "write") for i, tag in enumerate(tags) if i % 2]
        probe.expect(f"a look at who can be written to, where every second one is full, and some are watched for reading, too ({word}-triggered)",
                     came=seen.one("writable"), expected=events(*readable, *writable))


@case("works", 6, "Level-triggered: it is reported for as long as it is ready",
      look_at="the events for EPOLL_CTL_ADD: without EPOLLET epoll is level-triggered. Does anything of yours remember that it was reported?")
def level(probe):
    tag = tags_of(probe, 2)[1]
    seen = probe.run("again", [tag], word="level")
    ready = events((tag, "read"))
    for name, when, expected in (("came", "when two bytes have come", ready), ("unread", "when nobody has read them", ready),
                                 ("half_read", "when one of the two was read", ready), ("read", "when all was read", "nothing"),
                                 ("more", "when more has come", ready), ("more_on_top", "when more has come on top of it", ready)):
        probe.expect(f"a look {when}", came=seen.one(name), expected=expected)


@case("works", 8, "Edge-triggered: it is reported when something comes, and then not again",
      look_at="EPOLLET, at EPOLL_CTL_ADD and at every EPOLL_CTL_MOD.")
def edge(probe):
    tag = tags_of(probe, 2)[1]
    seen = probe.run("again", [tag], word="edge")
    ready = events((tag, "read"))
    for name, when, expected in (("came", "when two bytes have come", ready), ("unread", "when nobody has read them", "nothing"),
                                 ("half_read", "when one of the two was read", "nothing"), ("read", "when all was read", "nothing"),
                                 ("more", "when more has come", ready), ("more_on_top", "when more has come on top of it", ready)):
        probe.expect(f"a look {when}", came=seen.one(name), expected=expected)


@case("works", 7, "modify() asks anew",
      look_at="EPOLL_CTL_MOD: it makes the kernel look whether the descriptor is ready now, edge-triggered too. Is it called even when"
              " nothing changed? Does it keep EPOLLET? And who remembers the new tag?")
def modify(probe):
    tag, other = tags_of(probe, 2)
    for word, seen in both_triggers(probe, "modify", [tag, other]):
        for name, when, expected in (
                ("added", "at what was readable when it was added", events((tag, "read"))),
                ("same_again", "after modify() with the same interest, one byte still unread", events((tag, "read"))),
                ("and_then", "once more, with nothing read or modified since", events((tag, "read")) if word == "level" else "nothing"),
                ("both_other_tag", "after modify() to reading and writing, with another tag", events((other, "read+write"))),
                ("nothing", "after modify() to nothing", "nothing"),
                ("still_nothing", "after modify() to nothing, when one more byte has come", "nothing"),
                ("back", "after modify() back to reading, with the first tag", events((tag, "read")))):
            probe.expect(f"a look {when} ({word}-triggered)", came=seen.one(name), expected=expected)


@case("works", 6, "What is removed is not reported, and may be added again",
      look_at="remove(): EPOLL_CTL_DEL, and your own list. Then the destructor: who closes the epoll descriptor?")
def remove(probe):
    tags = tags_of(probe, 4)
    for word, seen in both_triggers(probe, "remove", tags):
        probe.expect(f"a look at three that are ready, of which one was removed ({word}-triggered)", came=seen.one("removed"),
                     expected=events((tags[0], "read"), (tags[2], "read")))
        probe.expect(f"a look, once the two others are removed, and that one is added with another tag ({word}-triggered)",
                     came=seen.one("added_again"), expected=events((tags[3], "read")))
        probe.expect("descriptors open after the poller's destructor, more than before", came=seen.one("left_open"), expected=0)


@case("works", 8, "drain() reads until there is nothing, to the end, or as much as it may",
      look_at="the loop in drain(): it ends by EAGAIN (would block), by 0 (the end), or when budget_bytes are there, and not before. A read"
              " that brings fewer bytes than it had room for says nothing about what is left.")
def drains(probe):
    size, budget = probe.random.randint(20_000, 30_000), probe.random.randint(3_000, 6_000)
    for faults, words in ((None, ""), (Faults(short_io=1000), ", by reads of 1,000 bytes at most")):
        seen = probe.run("drains", [size, budget, budget, 1_000_000, budget, 0, budget, 0, budget], faults=faults)
        probe.expect(f"bytes in each drain() of a stream with {size} bytes, with budgets of {budget}, {budget}, a million, and {budget}"
                     f" at last, when the other side has closed{words}",
                     came=seen["size"], expected=[budget, budget, size - 2 * budget, 0, 0, 0])
        probe.expect(f"why it stopped, each time{words}", came=seen["why"],
                     expected=["budget", "budget", "would block", "would block", "end", "end"])
        probe.expect(f"whether the bytes are those that were sent{words}", came=seen.one("same"), expected=1)


@case("works", 7, "It sleeps until the deadline, and no less",
      look_at="milliseconds_until(): a time in nanoseconds becomes a number of milliseconds. Which way must it be rounded? And what becomes"
              " of kForEver, of a deadline an hour ago, and of more milliseconds than an int can hold?")
def deadlines(probe):
    waits = [0, 1, -3_600_000_000_000, *(probe.random.randrange(1000, 6_000_000) for _ in range(20))]
    seen = probe.run("deadlines", waits)
    probe.expect("what wait() returned, each time, with nothing ready", came=seen["count"], expected=[0] * len(waits))
    for wait, early in zip(waits, seen["early_ns"], strict=True):
        probe.expect(f"nanoseconds by which a wait of {wait:,} ns came back too early", came=early, expected=0)
    probe.expect("a look with a deadline that has passed, when a byte is there", came=seen.one("past"), expected="1 read")
    for milliseconds, words in ((0, "kForEver"), ((1 << 32) + 5, "50 days ahead"), (1 << 31, "25 days ahead")):
        far = probe.run("far_deadline", [milliseconds])
        probe.expect(f"what a wait with a deadline {words} brings, when a byte comes 100 ms later", came=far.one("seen"), expected="5 read")


# --------------------------------------------------------------------------------------------------------------- robust


@case("robust", 5, "A caller's mistakes are said, by name, and change nothing",
      look_at="what epoll_ctl() returns, always: check_syscall(\"epoll_ctl\", ..., \"descriptor 7\") throws with errno and the name. Is your"
              " own list changed only after the kernel has agreed? And how large is it, when a number comes that was never added?")
def mistakes(probe):
    seen = probe.run("mistakes")
    for name, number, what in (
            ("added_twice", errno.EEXIST, "add() of one that is watched already"),
            ("modify_unknown", errno.ENOENT, "modify() of one that was never added"),
            ("remove_unknown", errno.ENOENT, "remove() of one that was never added"),
            ("remove_twice", errno.ENOENT, "remove() of one that was removed"),
            ("modify_removed", errno.ENOENT, "modify() of one that was removed"),
            ("high_unknown", errno.EBADF, "modify() of descriptor 2000, which isn't open"),
            ("negative", errno.EBADF, "add() of descriptor -1"),
            ("closed", errno.EBADF, "add() of one that is closed"),
            ("file", errno.EPERM, "add() of a regular file")):
        probe.expect(f"what {what} throws: errno {number} ({errno.errorcode[number]}), with \"descriptor N\" in what()",
                     came=str(seen.one(name)), expected=f"{number}, named")
    probe.expect("a look after the second add(), which failed: the first one holds", came=seen.one("after_added_twice"), expected="1 read")
    probe.expect("a look after all those mistakes, when nothing is watched any more", came=seen.one("after_all"), expected="nothing")


@case("robust", 5, "Removed by the handler, while its event is waiting its turn", flavours=("release", "asan"),
      look_at="the events that one epoll_wait() brought: the handler of the first may remove the second. Before each event's turn, is it"
              " looked up whether its descriptor is still registered?")
def remove_in_dispatch(probe):
    for size in (2, 20):
        for word, seen in both_triggers(probe, "remove_in_dispatch", [size]):
            probe.expect(f"events delivered of {size}, when the first handler removes all others ({word}-triggered)",
                         came=seen.one("calls"), expected=1)
            probe.expect("what wait() returned: how many were delivered", came=seen.one("count"), expected=1)
            probe.expect("how many are reported by the next look", came=seen.one("left"), expected=1 if word == "level" else 0)


# BEGIN HIDDEN TESTS
@case("robust", 7, "A number that is used again is not the same descriptor", flavours=("release", "asan"),
      look_at="an event that was fetched before a descriptor was closed, and comes after its number was given to another. The number alone"
              " can't tell them apart: give each registration a number of its own, send it along in the event's 64 bits, and compare.")
def reused_numbers(probe):
    size = 2 * probe.random.randint(6, 12)
    for word in ("removed", "only closed"):
        seen = probe.run("reused_numbers", [size], word=word)
        probe.expect_at_least(f"numbers that were used again, when {size - 1} are closed by the first handler, and {size} opened",
                              came=seen.one("reused"), bound=size - 1)
        probe.expect(f"whose turn it was, in that wait ({word} before); the new ones are not readable", came=seen.one("calls"), expected="old")
        probe.expect("a look after it", came=seen.one("then"), expected="nothing")
        probe.expect("a look, once the first new one has a byte", came=seen.one("at_last"), expected="1000 read")
    seen = probe.run("closed_with_a_copy")
    probe.expect("whether the number came back", came=seen.one("reused"), expected=1)
    probe.expect("a look, when a closed descriptor of which a copy is open becomes readable; its number is another's now",
                 came=seen.one("old_readable"), expected="nothing")
    probe.expect("a look, when that other one becomes readable", came=seen.one("new_readable"), expected="2 read")
    for word, seen in both_triggers(probe, "closed_unremoved"):
        probe.expect("a look after a descriptor was closed without remove()", came=seen.one("closed"), expected="nothing")
        probe.expect("remove() of it, afterwards", came=str(seen.one("remove_closed")), expected=f"{errno.EBADF}, named")
        probe.expect("modify() of another that has its number, and wasn't added", came=str(seen.one("modify_unadded")),
                     expected=f"{errno.ENOENT}, named")
        probe.expect("a look once that other is added", came=seen.one("added"), expected="nothing")
        probe.expect("a look when it is readable", came=seen.one("readable"), expected="3 read")


@case("robust", 5, "Ends and errors are reported, asked for or not",
      look_at="from_epoll(): EPOLLHUP and EPOLLERR come for everything that is registered, whatever it is watched for. If you drop them, a"
              " wait comes back at once, each time, with nothing.")
def hang_ups(probe):
    for word, seen in both_triggers(probe, "hang_ups"):
        probe.expect(f"a look at a pipe to be written to, and two streams with bytes to read ({word}-triggered)", came=seen.one("before"),
                     expected="2 write, 3 read, 4 read")
        probe.expect("a look, when 1, a pipe that is watched for nothing, has lost its writer; 2, a pipe, its reader; 3, a stream, its other"
                     f" side; and 4 was only told that no more comes ({word}-triggered)",
                     came=seen.one("after"), expected="1 hang-up, 2 write+error, 3 read+hang-up, 4 read")


@case("robust", 5, "A signal doesn't end a wait, nor begin it anew",
      look_at="epoll_wait() == -1 with EINTR. Wait again, but for what is left until the deadline, not for the whole time once more. And read()"
              " in drain() may be interrupted, too.")
def interrupted(probe):
    waits = [probe.random.randrange(3_000_000, 20_000_000) for _ in range(8)]
    for seen, words in ((probe.run("signals", waits), "a signal every millisecond"),
                        (probe.run("deadlines", waits, faults=Faults(eintr_every=2)), "every second epoll_wait() interrupted")):
        probe.expect(f"what wait() returned each time, with nothing ready and {words}", came=seen["count"], expected=[0] * len(waits))
        for wait, early in zip(waits, seen["early_ns"], strict=True):
            probe.expect(f"nanoseconds by which a wait of {wait:,} ns came back too early, with {words}", came=early, expected=0)
    size = probe.random.randint(3_000, 5_000)
    seen = probe.run("drains", [size, 1_000_000, 0, 100], faults=Faults(eintr_every=2, short_io=7))
    probe.expect("bytes of each drain(), while every second read is interrupted and brings at most 7 bytes",
                 came=seen["size"], expected=[size, 0])
    probe.expect("why it stopped", came=seen["why"], expected=["would block", "end"])
    far = probe.run("far_deadline", [0], faults=Faults(eintr_every=2))
    probe.expect("what a wait for ever brings when it is interrupted", came=far.one("seen"), expected="5 read")


@case("robust", 5, "Less than a millisecond is slept, too",
      look_at="0.4 ms rounded down is 0: epoll_wait(0) only looks, and a loop of looks is a busy wait. Round up, or use epoll_pwait2(), which"
              " counts in nanoseconds.")
def short_waits(probe):
    waits = [probe.random.randrange(300_000, 950_000) for _ in range(400)]
    with probe.start("short_waits", waits) as session:
        session.wait_for("begin")
        before = session.voluntary_switches()
        session.go()
        session.wait_for("done")
        slept = session.voluntary_switches() - before
        session.go()
        seen = session.finish()
    probe.expect("waits that came back before their deadline, of 400 of less than a millisecond", came=seen.one("early"), expected=0)
    probe.expect_at_least("how often the thread slept (voluntary context switches) in 400 waits of less than a millisecond", came=slept, bound=300)


@case("robust", 5, "Who always has more waits for his next turn, like all others",
      look_at="wait(): fetch once, give each its turn, return. And drain(): no more than its budget; the poller then reports the rest after"
              " modify(), behind the others.")
def turns(probe):
    budget = probe.random.randint(1_000, 3_000)
    seen = probe.run("turns", [budget])
    order = str(seen.one("order")).removeprefix("turns ")
    probe.expect_true("whose turn it was, where 0 has ten times its budget to say and 1 and 2 one word each",
                      sorted(order[:3]) == ["0", "1", "2"] and set(order[3:]) == {"0"} and 9 <= len(order[3:]) <= 10, came=order,
                      expected="0, 1 and 2 each once, then 0 until it has said all: 0120000000000")
    probe.expect("bytes of 0 that were read in its turns", came=seen.one("bytes"), expected=10 * budget)
    size = probe.random.randint(700, 900)
    crowd = probe.run("crowd", [size])
    probe.expect(f"how many of {size} that are always ready had a turn", came=crowd.one("seen"), expected=size)
    probe.expect("second turns within one wait", came=crowd.one("twice_in_a_wait"), expected=0)


@case("robust", 3, "What a handler changes holds at once", flavours=("release", "asan"),
      look_at="an event that was fetched before modify(): report only what is of interest now, and with the tag of now.")
def change_in_dispatch(probe):
    for word, expected, words in (("narrow", "first, then write", "is watched for writing only"),
                                  ("silent", "first", "is watched for nothing"),
                                  ("tag", "first, then 9 read+write", "gets the tag 9")):
        seen = probe.run("change_in_dispatch", word=word)
        probe.expect(f"the turns in one wait of two that can be read and written; by the first one's handler the second {words}",
                     came=seen.one("calls"), expected=expected)


@speed(10, "One that is ready among 2,000 that aren't", probe="one_among_idle", numbers=(2_000, 80_000), at_least=0.5,
       look_at="what a wait costs: it should depend on how many are ready, not on how many are watched. Is a list of all of them gone"
               " through, copied or cleared in wait()?")
def one_among_idle(probe):
    seen = probe.run("one_among_idle", (2_000, 50))
    probe.expect("how often the ready one was reported, in 50 waits", came=seen.one("reported"), expected=50)
# END HIDDEN TESTS
