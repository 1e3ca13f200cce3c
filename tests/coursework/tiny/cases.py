from coursework import Faults, case, speed


@case("works", 40, "Two numbers are added", look_at="the operator in add()")
def adds(probe):
    left, right = probe.random.sample(range(1, 10**6), 2)
    seen = probe.run("sum", [left, right])
    probe.expect(f"the sum of {left} and {right}", came=seen["sum"], expected=[left + right])


@case("works", 10, "It waits for the judge", look_at="nothing: it waits by itself")
def waits(probe):
    with probe.start("waits", [41]) as session:
        session.wait_for("waiting")
        probe.expect("threads", came=session.threads(), expected=1)
        session.go()
        seen = session.finish()
    probe.expect("what came after the wait", came=[seen.one("went"), seen.one("sum")], expected=[1, 42])


# BEGIN HIDDEN TESTS
@case("robust", 40, "An interrupted read is read again", look_at="EINTR", flavours=("release", "asan", "tsan"))
def interrupted(probe):
    seen = probe.run("bytes", faults=Faults(eintr_every=2))
    probe.expect("the bytes", came=seen["byte"], expected=[97, 98, 99])


@speed(10, "As fast as the reference", probe="many_sums", numbers=[20_000_000], at_least=0.5, look_at="what add() does beside adding")
def many_sums(probe):
    seen = probe.run("many_sums", [10])
    probe.expect("the sum of 1 to 10", came=seen["sum"], expected=[55])
# END HIDDEN TESTS
