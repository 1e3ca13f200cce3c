"""What tasks must do, and what to look at where they don't."""

from coursework import case, speed


@case("works", 5, "A task begins when it is awaited or run, and gives its result",
      look_at="initial_suspend() gives std::suspend_always. Who is spawned is resumed by a callback of the loop, and when it has"
              " finished, its value is in the promise: move it out before the frame is destroyed.")
def begins(probe):
    number = probe.random.randrange(100, 1000)
    seen = probe.run("begins", [number])
    probe.expect("the result of scheduler.run()", came=seen["result"], expected=[number])
    probe.expect("tasks that began: the one that was run, and not the one that was destroyed before", came=seen["began"],
                 expected=[number])
    probe.expect("frames left of the task that was never run", came=seen["frames_left"], expected=[0])
    probe.expect("the result of a task that gives a std::string", came=seen["words"], expected=["yes, indeed"])
    probe.expect("the result of a task that gives a std::unique_ptr, which can only be moved", came=seen["owned"],
                 expected=[number])
    probe.expect("a Task<> ran", came=seen["nothing"], expected=[1])


@case("works", 5, "A task that awaits another goes on when that has finished",
      look_at="await_suspend() notes the caller in the awaited promise and returns the awaited handle; final_suspend()'s awaiter"
              " returns the caller's handle.")
def nested(probe):
    numbers = probe.random.sample(range(1, 100), 5)
    seen = probe.run("nested", numbers)
    probe.expect("the order in which each began", came=seen["down"], expected=numbers)
    probe.expect("the order in which each went on after its co_await", came=seen["up"], expected=numbers[::-1])
    probe.expect("the sum that came back", came=seen["sum"], expected=[sum(numbers)])


@case("works", 6, "An exception crosses co_await",
      look_at="unhandled_exception() keeps std::current_exception(); await_resume() throws it again, in whoever awaits. And"
              " Spawned::result() is another who takes the outcome.")
def exceptions(probe):
    levels = probe.random.randrange(3, 7)
    seen = probe.run("exceptions", [levels])
    probe.expect(f"what was caught {levels + 1} levels above the throw", came=seen["caught"], expected=["from level 0"])
    probe.expect("what came out of scheduler.run(), where nobody catches", came=seen["run_threw"],
                 expected=["from level 0", "after a wait"])
    probe.expect("the locals of each level were destroyed on the way, in this order (and the last one's own)",
                 came=seen["destroyed"], expected=[*(f"level {level}" for level in range(levels + 1)), "level 0"])


@case("works", 6, "Spawned tasks take turns",
      look_at="sleep_for() suspends always, also for no time at all: its await_ready() is false. And spawn() only queues the"
              " beginning: nothing runs inside it.")
def turns(probe):
    numbers = probe.random.sample(range(1, 100), 4)
    seen = probe.run("turns", numbers)
    probe.expect("the steps of 4 tasks with 3 steps each, with sleep_for(0ms) after each step", came=seen["step"],
                 expected=numbers * 3)
    probe.expect("unfinished() before and after loop.run()", came=seen["unfinished"], expected=[4, 0])
    probe.expect("the first thing that happened: all were spawned, and none had begun", came=seen.all[0],
                 expected=("unfinished", 4))


@case("works", 6, "Tasks sleep beside each other",
      look_at="sleep_for() asks the loop for a timer and suspends. If the thread itself sleeps, or a spawned task is run to its"
              " end before the next begins, they wake in the order of spawning.")
def sleepers(probe):
    delays = probe.random.sample(range(1, 50), 7)
    seen = probe.run("sleepers", delays)
    probe.expect("the order in which they woke, by their delays in ms", came=seen["woke"], expected=sorted(delays))
    probe.expect("done() of each afterwards", came=seen["done"], expected=[1] * len(delays))
    probe.expect("result() of each, in the order of spawning", came=seen["result"], expected=delays)


@case("works", 6, "gather gives the results in the order of its tasks",
      look_at="Spawn all before you wait for the first. A result goes to its task's place, whoever is first.")
def gathered(probe):
    delays = probe.random.sample(range(1, 40), 6)
    seen = probe.run("gathered", delays)
    probe.expect("the order in which they woke, by their delays in ms: beside each other", came=seen["woke"],
                 expected=sorted(delays))
    probe.expect("the results of gather()", came=seen["result"], expected=delays)
    probe.expect("run() returned", came=seen["returned"], expected=[1])


@case("works", 6, "with_timeout gives the result in time, or TimedOut",
      look_at="Spawn the task, set a timer that cancels it, wait for its end. What it ended with says which it was: its own"
              " result or exception, or Cancelled because of your timer, which becomes TimedOut.")
def timeouts(probe):
    number = probe.random.randrange(100, 1000)
    seen = probe.run("timeouts", [number])
    probe.expect("the result of a task that is in time", came=seen["in_time"], expected=[number])
    probe.expect("what came of a task that sleeps for an hour, with a limit of 5 ms", came=seen["late"], expected=["timed out"])
    probe.expect("its frames were destroyed, the innermost first", came=seen["destroyed"], expected=["late1", "late2", "late3"])
    probe.expect("the exception of a task that throws in time", came=seen["failing"], expected=["its own exception"])
    probe.expect("tasks unfinished afterwards", came=seen["unfinished"], expected=[0])


@case("works", 5, "Cancelling unwinds the task from where it stands",
      look_at="cancel() takes the timer back, and has the innermost coroutine resumed in a later turn, with a note that its"
              " await_resume() reads: that throws Cancelled. For this the task must know what its innermost coroutine waits for.")
def cancelled(probe):
    seen = probe.run("cancelled", [probe.random.randrange(1, 8)])
    probe.expect("what was destroyed, in order: cancel() returns first, then the task unwinds, the innermost first",
                 came=seen["destroyed"], expected=["(cancel() returned)", "sleeper 1", "sleeper 2", "sleeper 3"])
    probe.expect("coroutines that went on after their co_await all the same", came=seen["went_on"], expected=[])
    probe.expect("timers in the loop before and after cancel()", came=seen["timers"], expected=[1, 0])
    probe.expect("done() afterwards", came=seen["done"], expected=[1])
    probe.expect("what result() throws", came=seen["result"], expected=["cancelled"])
    probe.expect("cancel() of the sleeping task, and once more when it had finished", came=seen["cancel"], expected=[1, 0])


@case("robust", 5, "A hundred thousand tasks await each other, and the stack is not used up",
      look_at="handle.resume() inside await_suspend() is a call: each level stays on the stack. Return the handle instead, both on"
              " the way down (await_suspend of a task) and on the way up (final_suspend): symmetric transfer.")
def deep_chain(probe):
    levels = 100_000
    seen = probe.run("deep_chain", [levels])
    probe.expect("levels counted on the way up, with a wait at the bottom and a stack of 256 KiB", came=seen["levels"], expected=[levels])


@case("robust", 4, "An exception that nobody takes is reported",
      look_at="When the last Spawned is gone and the task has finished, somebody must say so: the destructor of what they share."
              " Taken is what result() or co_await has thrown. Cancelled was asked for, and is no news.")
def unobserved(probe):
    seen = probe.run("unobserved")
    probe.expect("what was reported, in order: a task whose Spawned was dropped at once, and one whose Spawned was dropped later",
                 came=seen["reported"], expected=["dropped at once", "(still kept)", "kept, then dropped"])
    probe.expect("what was thrown by scheduler.run(), and is not reported", came=seen["taken"], expected=["taken"])
    probe.expect("the test came to its end", came=seen["over"], expected=[1])


@case("robust", 4, "Tasks can be destroyed while they wait", flavours=("release", "asan"),
      look_at="~Scheduler() destroys the frames of all that have not finished, and each awaiter's destructor takes back what it has"
              " asked for: a timer, a place among those who wait. A callback that is already queued must notice that its task is"
              " gone (std::weak_ptr).")
def destroyed(probe):
    seen = probe.run("destroyed", [probe.random.randrange(3, 9)])
    probe.expect_at_least("tasks unfinished: four that wait, one that has not begun, and whatever those four have spawned",
                          came=seen.one("unfinished"), bound=5)
    probe.expect("whether many objects lived in their frames, and how many after the scheduler was gone", came=seen["alive"],
                 expected=[1, 0])
    probe.expect("timers left in the loop after the scheduler was gone", came=seen["timers"][-1:], expected=[0])


@case("robust", 3, "No frame is left", flavours=("release", "asan"),
      look_at="Who owns a coroutine's handle destroys it, once. A spawned task's frame goes when the task has finished, also where a"
              " Spawned is kept: only the outcome is shared.")
def frames(probe):
    count = probe.random.randrange(20, 40)
    seen = probe.run("frames", [count])
    probe.expect("tasks that came to their end", came=sorted(seen["caught"]), expected=list(range(count)))
    probe.expect("objects left in frames, with every Spawned still kept", came=seen["frames_left"], expected=[0])
    probe.expect("tasks unfinished", came=seen["unfinished"], expected=[0])


# BEGIN HIDDEN TESTS
@case("works", 4, "A spawned task can be awaited, before its end or after",
      look_at="If it has finished, there is nothing to wait for: await_ready(). If not, note the one who waits, and wake all of them"
              " at the end. There may be several.")
def await_spawned(probe):
    number = probe.random.randrange(100, 1000)
    seen = probe.run("await_spawned", [number])
    probe.expect("done() of a task that has finished before it is awaited", came=seen["early_done"], expected=[1])
    probe.expect("done() of one that has just been spawned", came=seen["late_done"], expected=[0])
    probe.expect("the results of both", came=seen["result"], expected=[number, number + 1])
    probe.expect("the exception of a third", came=seen["caught"], expected=["from a spawned task"])
    probe.expect("three who waited for the same task", came=sorted(seen["woken"]), expected=[0, 1, 2])
    probe.expect("tasks unfinished afterwards", came=seen["unfinished"], expected=[0])


@case("works", 3, "gather of none, of one, of gathers, and of tasks without a result",
      look_at="With no task there is nobody who could wake the one who waits. And gather() is a task like any other.")
def odd_gathers(probe):
    numbers = probe.random.sample(range(1, 100), 3)
    seen = probe.run("odd_gathers", numbers)
    probe.expect("how many results gather() of none gives", came=seen["of_none"], expected=[0])
    probe.expect("the result of gather() of one", came=seen["of_one"], expected=numbers[:1])
    probe.expect("the results of gather() of two gathers", came=seen["nested"], expected=numbers * 2)
    probe.expect("the steps of Task<>s that were gathered", came=seen["step"], expected=numbers * 2)
    probe.expect("gather() of them returned", came=seen["without_results"], expected=[1])


@case("robust", 3, "A million awaits in a row, and an exception through a hundred thousand levels",
      look_at="A task that finishes at once is awaited as any other is: if final_suspend() resumes the caller by a call, or"
              " await_suspend() the task, each co_await in a loop leaves something on the stack.")
def long_chains(probe):
    count = 1_000_000
    seen = probe.run("many_awaits", [count])
    probe.expect(f"the sum of what {count} tasks gave, one after the other", came=seen["sum"],
                 expected=[sum(i & 7 for i in range(count))])
    seen = probe.run("deep_exception", [100_000])
    probe.expect("the exception that came up through a hundred thousand levels", came=seen["came_up"],
                 expected=["from the depth"])


@case("robust", 5, "Where one of the gathered fails, the others end first",
      look_at="The first exception cancels the others, once: a second Cancelled would disturb one that cleans up. Then wait for the"
              " end of every one of them, and only then throw: nothing may run on behind the caller's back.")
def failing_gather(probe):
    seen = probe.run("failing_gather", [probe.random.randrange(3)])
    probe.expect("what gather() threw", came=seen["gather"], expected=["the first to fail"])
    probe.expect("the others, each of which takes a wait of 5 ms to clean up after Cancelled", came=sorted(seen["tidied"]),
                 expected=["task 0", "task 1", "task 2"])
    order = [name for name, _ in seen.all if name in ("tidied", "gather")]
    probe.expect("gather() threw when they had ended", came=order, expected=["tidied"] * 3 + ["gather"])
    probe.expect("reported as taken by nobody", came=seen["reported"], expected=[])
    probe.expect("tasks unfinished, timers left", came=seen["unfinished"] + seen["timers"], expected=[0, 0])


@case("robust", 4, "Cancelling reaches through gather and with_timeout, and no further",
      look_at="Who waits in gather() or with_timeout() and is cancelled, cancels what he has spawned, goes on waiting for its end, and"
              " ends with Cancelled then. Who awaits a Spawned of somebody else's only stops waiting.")
def cancelled_from_outside(probe):
    seen = probe.run("cancelled_from_outside")
    probe.expect("how the three ended that were cancelled", came=sorted(seen["ended"]),
                 expected=["awaits another: cancelled", "gather: cancelled", "with_timeout: cancelled"])
    probe.expect("the tasks inside, each of which cleaned up", came=sorted(seen["tidied"]), expected=["first", "second", "third"])
    where = {name: max(i for i, (each, _) in enumerate(seen.all) if each == name) for name in ("tidied", "ended")}
    probe.expect_true("gather() and with_timeout() ended after what is inside them", where["ended"] > where["tidied"],
                      came=seen.all, expected="every 'tidied' before the last 'ended'")
    probe.expect("the result of the task that one of them was waiting for: it was not cancelled", came=seen["bystander"],
                 expected=[7])
    probe.expect("tasks unfinished, timers left", came=seen["unfinished"] + seen["timers"], expected=[0, 0])


@case("robust", 5, "Cancelling at odd moments", flavours=("release", "asan"),
      look_at="Before it has begun: never resume it, destroy it, its outcome is Cancelled. Twice: one note, one Cancelled. By itself:"
              " the note stays until its next wait, which then needn't suspend. Who catches Cancelled and goes on has a result.")
def odd_cancels(probe):
    seen = probe.run("odd_cancels")
    probe.expect("cancel() of a task that has not begun", came=seen["unbegun"], expected=[1])
    probe.expect("whether it began all the same", came=seen["began"], expected=[])
    probe.expect("objects left in its frame or in others", came=seen["began_and_frames_left"], expected=[0])
    probe.expect("what its result() throws", came=seen["unbegun_result"], expected=["cancelled"])
    probe.expect("the second cancel() in the same turn", came=seen["twice"], expected=[1])
    probe.expect("how often that task met Cancelled in its three waits; it caught it, and had a result",
                 came=seen["cancellations"], expected=[1])
    probe.expect("a task that cancels itself", came=seen["itself"], expected=[1, "runs on to its next wait"])
    probe.expect("what its result() throws", came=seen["itself_result"], expected=["cancelled"])
    probe.expect("cancel() of one that has finished", came=seen["over"], expected=[0])
    probe.expect("what its result() throws then", came=seen["over_result"], expected=["nothing"])


@case("robust", 3, "A time limit leaves nothing behind",
      look_at="The timer goes with its scope, whichever way that is left: a destructor. TimedOut is for the Cancelled that your own"
              " timer has caused; a result that came all the same is a result.")
def odd_timeouts(probe):
    seen = probe.run("odd_timeouts")
    probe.expect("the result of a task in time, and of one that was cancelled, caught it and came to a result",
                 came=seen["result"], expected=[5, 1])
    probe.expect("timers in the loop right after each, with a limit of an hour", came=seen["timers"], expected=[0, 0])
    probe.expect("the time that is up is the outer one's, then the inner one's", came=seen["caught"],
                 expected=["timed out", "timed out"])
    probe.expect("what was cleaned up on the way", came=seen["tidied"], expected=["inner", "inner"])
    probe.expect("tasks unfinished", came=seen["unfinished"], expected=[0])


@case("robust", 2, "Tasks that wait for each other", flavours=("release", "asan"),
      look_at="A task that nobody will wake is still the scheduler's: if tasks own those they wait for, and are owned by those who"
              " wake them, two of them keep each other for ever. run() says that it can't come to an end.")
def waits_for_ever(probe):
    seen = probe.run("waits_for_ever")
    probe.expect("whether the first began", came=seen["began"], expected=[1])
    probe.expect("what scheduler.run() threw for a third, which waits for them", came=seen["run_threw"],
                 expected=["the task waits for what can't come any more"])
    probe.expect("tasks unfinished", came=seen["unfinished"], expected=[3])
    probe.expect("result() of a task that has not finished throws", came=seen["result_before_the_end"],
                 expected=["std::logic_error"])
    probe.expect("objects left in their frames when the scheduler was gone", came=seen["frames_left"], expected=[0])


@speed(5, "Awaiting as fast as the reference's", probe="awaits", numbers=[2_000_000], at_least=0.5,
       look_at="An await of a task is a frame and two jumps: no queue, no shared pointer, no std::function.")
def await_speed(probe):
    """Tasks that finish at once, one after the other."""


@speed(5, "Spawning as fast as the reference's", probe="spawns", numbers=[200_000], at_least=0.5,
       look_at="What a spawned task allocates beside its frame, and how it is found again at its end: not by looking through all.")
def spawn_speed(probe):
    """Ten at a time, all awaited."""
# END HIDDEN TESTS
