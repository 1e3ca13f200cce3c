"""What each case asks of answers.toml and record.json, and what it says when something else stands there."""

import json
import re
import tomllib

from coursework import case

JOBS = ("pi", "dictionary", "request", "file")
KINDS = ("computes", "waits")
FIGURES = ("wall_ms", "cpu_ms", "queued_ms")
FIELDS = ("job", "round", "start_ms", *FIGURES, "size", "answer")
MOST_SHARE_OF_WAITING = 50  # percent: below it a job waits, above it computes


def record_of(probe):
    """The rounds of record.json by job. Ends the case where it isn't a whole record."""
    text = probe.file("record.json") or ""
    try:
        record = json.loads(text)
    except ValueError:
        record = None
    probe.expect_true("record.json", isinstance(record, dict) and isinstance(record.get("rounds"), list),
                      came=text.strip()[:60], expected="what `build/measure > record.json` wrote, untouched")
    rounds = [each for each in record["rounds"] if isinstance(each, dict)]
    for each in rounds:
        bad = [name for name in FIELDS if name != "job" and not is_number(each.get(name))]
        probe.expect("fields of a round in record.json that are no numbers", came=bad, expected=[])
    by_job = {job: [each for each in rounds if each.get("job") == job] for job in JOBS}
    for job in JOBS:
        probe.expect_at_least(f"rounds of the job '{job}' in record.json", came=len(by_job[job]), bound=5)
    return record, by_job


def answers_of(probe, *tables):
    """answers.toml, whose `tables` are there. Ends the case otherwise."""
    try:
        answers = tomllib.loads(probe.file("answers.toml") or "")
    except tomllib.TOMLDecodeError as error:
        answers = {}
        probe.expect_true("answers.toml", False, came=str(error), expected="a TOML file (https://toml.io)")
    for table in tables:
        probe.expect_true(f"answers.toml: the table [{table}]", isinstance(answers.get(table), dict), came="none", expected="a table")
    return answers


def is_number(value):
    return isinstance(value, int | float) and not isinstance(value, bool)


def fastest(rounds):
    """The round that was disturbed least."""
    return min(rounds, key=lambda each: each["wall_ms"])


def own_ms(figures):
    """Wall time without what the job spent in the queue for a core."""
    return max(figures["wall_ms"] - figures["queued_ms"], 1e-6)


def share_of(figures):
    """Percent of its own time in which a job kept a core busy."""
    return 100 * figures["cpu_ms"] / own_ms(figures)


def kind_of(figures):
    return "computes" if share_of(figures) > MOST_SHARE_OF_WAITING else "waits"


def near(came, expected, share, least=0.0):
    return is_number(came) and abs(came - expected) <= max(share * abs(expected), least)


def expect_near(probe, what, came, expected, share, least=0.0):
    probe.expect_true(what, near(came, expected, share, least), came="nothing" if came in (None, -1) else came,
                      expected=f"{expected:.3g}, give or take {max(share * abs(expected), least):.2g}")


@case("works", 8, "The record is whole",
      look_at="record.json: it is what `build/measure > record.json` writes, with at least five rounds of each job. Hand in the file as "
              "it is; the figures in answers.toml are compared with it.")
def recorded(probe):
    _, by_job = record_of(probe)
    for job in JOBS:
        numbers = [each["round"] for each in by_job[job]]
        probe.expect(f"the rounds of '{job}'", came=numbers, expected=list(range(len(numbers))))


@case("works", 12, "A prediction for each job, made in earnest",
      look_at="`predicted` and `predicted_share` in each table. No points are lost for a prediction that turned out wrong, only for none, "
              "or for one that contradicts itself: who computes keeps a core busy for more than 50 of 100 ms, who waits for less.")
def predicted(probe):
    answers = answers_of(probe, *JOBS)
    for job in JOBS:
        kind, share = answers[job].get("predicted"), answers[job].get("predicted_share")
        probe.expect_true(f"[{job}] predicted", kind in KINDS, came=str(kind), expected='"computes" or "waits"')
        probe.expect_true(f"[{job}] predicted_share", is_number(share) and 0 <= share <= 100, came=str(share),
                          expected="a number from 0 to 100")
        probe.expect_true(f"[{job}] predicted_share of a job that you think {kind}", (share > 50) == (kind == "computes"), came=share,
                          expected="more than 50" if kind == "computes" else "50 or less")


@case("works", 12, "The figures are those of the record",
      look_at="for each job, the round with the smallest wall_ms in record.json: quote its wall_ms, cpu_ms and queued_ms. The fastest round "
              "is the one that others disturbed least. All three must be of the same round.")
def quoted(probe):
    _, by_job = record_of(probe)
    answers = answers_of(probe, *JOBS)
    for job in JOBS:
        best = fastest(by_job[job])
        for name in FIGURES:
            expect_near(probe, f"[{job}] {name}: that of the round {best['round']}, the fastest", answers[job].get(name), best[name], 0.01,
                        0.006)


@case("works", 8, "The shares follow from the figures",
      look_at="share = 100 * cpu_ms / (wall_ms - queued_ms). The time in the queue is neither the job's computing nor its waiting: it "
              "could have run, and somebody else had the core.")
def shares(probe):
    _, by_job = record_of(probe)
    answers = answers_of(probe, *JOBS)
    for job in JOBS:
        expect_near(probe, f"[{job}] share, in percent", answers[job].get("share"), share_of(fastest(by_job[job])), 0.02, 0.6)


@case("works", 12, "Each job is classified as its record shows",
      look_at="`is`: a job computes if it keeps a core busy for more than half of its own time, whatever you expected of it. Where did the "
              "time of the others go? Nobody was on the core for them.")
def classified(probe):
    _, by_job = record_of(probe)
    answers = answers_of(probe, *JOBS)
    for job in JOBS:
        best = fastest(by_job[job])
        probe.expect(f"[{job}] is, with a share of {share_of(best):.0f} %", came=answers[job].get("is"), expected=kind_of(best))


def expect_explained(probe, table, why, figures, least_words):
    why = why if isinstance(why, str) else ""
    words = re.findall(r"[^\W\d_]{2,}", why.lower())
    probe.expect_at_least(f"[{table}] why: words", came=len(words), bound=least_words)
    probe.expect_at_least(f"[{table}] why: different words", came=len(set(words)), bound=least_words * 3 // 5)
    numbers = [float(number) for number in re.findall(r"\d+(?:\.\d+)?", why)]
    probe.expect_true(f"[{table}] why: it rests on a figure of your own",
                      any(near(number, figure, 0.03, 0.01) for number in numbers for figure in figures),
                      came=", ".join(f"{number:g}" for number in numbers) or "no number",
                      expected="one of " + ", ".join(f"{figure:.3g}" for figure in figures))


@case("robust", 12, "Each explanation has a reason, and rests on your own figures",
      look_at="`why`: at least 20 words of your own for each job, with at least one of its figures in them. What does the job do in that time? "
              "Who, if anybody, is on the core? Would a second core help?")
def explained(probe):
    _, by_job = record_of(probe)
    answers = answers_of(probe, *JOBS)
    texts = []
    for job in JOBS:
        best = fastest(by_job[job])
        expect_explained(probe, job, answers[job].get("why"), [best["wall_ms"], best["cpu_ms"], own_ms(best), share_of(best)], 20)
        texts.append(" ".join(re.findall(r"[^\W\d_]+", answers[job]["why"].lower())))
    probe.expect("different explanations", came=len(set(texts)), expected=len(JOBS))


# BEGIN HIDDEN TESTS
@case("robust", 12, "The same comes out when the grader measures",
      look_at="`is` in each table: the grader ran the same four jobs, on another machine. Whether a job computes or waits is in the job, not "
              "in the machine; if your record says otherwise, look at how it was made.")
def agrees_here(probe):
    answers = answers_of(probe, *JOBS)
    for job in JOBS:
        probe.expect_true(f"[{job}] is", answers[job].get("is") in KINDS, came=str(answers[job].get("is")), expected='"computes" or "waits"')
    rounds = probe.measure()["rounds"]
    for job in JOBS:
        best = fastest([each for each in rounds if each["job"] == job])
        probe.expect(f"[{job}] is; the grader's own run has a share of {share_of(best):.0f} %", came=answers[job]["is"], expected=kind_of(best))


def last_digits_of_pi(count):
    """As measure.cpp's, but by Machin's formula: pi = 16 arctan(1/5) - 4 arctan(1/239)."""
    one = 10 ** (count + 10)

    def arctan_of_inverse(x):
        power = total = one // x
        for odd in range(3, 2 * count + 40, 2):
            power //= -x * x
            total += power // odd
        return total

    return (16 * arctan_of_inverse(5) - 4 * arctan_of_inverse(239)) // 10**11 % 10**6


ANSWERS = {
    "pi": last_digits_of_pi,
    "dictionary": lambda entries: entries * (entries - 1) // 2,
    "request": lambda delay_ms: delay_ms,
    "file": lambda size: 4 * (size // 256 * 32640 + sum(i * 7 % 256 for i in range(size % 256))),
}
SIZES = {"pi": (700, 900), "dictionary": (200_000, 300_000), "request": (25, 45), "file": (3_000_000, 4_000_000)}


@case("robust", 8, "The record's jobs were done, and done right",
      look_at="record.json: each round has the size of its job and the answer that it came to. Both are fixed within a run and drawn anew for "
              "the next: a record that was pieced together, or edited, doesn't add up.")
def right_answers(probe):
    _, by_job = record_of(probe)
    for job in JOBS:
        sizes = {each["size"] for each in by_job[job]}
        low, high = SIZES[job]
        size = min(sizes)
        probe.expect_true(f"the size of '{job}', the same in all rounds", len(sizes) == 1 and isinstance(size, int) and low <= size <= high,
                          came=str(sorted(sizes)), expected=f"one number from {low} to {high}")
        probe.expect(f"the answers of '{job}'", came={each["answer"] for each in by_job[job]}, expected={ANSWERS[job](size)})
    delay_ms = by_job["request"][0]["size"]
    probe.expect_at_least(f"the fastest request to a server that answers after {delay_ms} ms, in ms",
                          came=fastest(by_job["request"])["wall_ms"], bound=delay_ms)


@case("robust", 6, "The record's times can have been",
      look_at="record.json: the rounds follow one another, no job is on a core for longer than it took, and no two real runs take the same "
              "time to the microsecond. Run measure again and hand in what it writes.")
def times(probe):
    record, by_job = record_of(probe)
    ordered = sorted((each for rounds in by_job.values() for each in rounds), key=lambda each: each["start_ms"])
    end_ms = 0.0
    for each in ordered:
        what = f"'{each['job']}', round {each['round']}"
        probe.expect_at_least(f"{what}: start_ms, after the end of the job before", came=each["start_ms"], bound=end_ms - 0.01)
        probe.expect_at_most(f"{what}: cpu_ms + queued_ms, with wall_ms {each['wall_ms']}", came=each["cpu_ms"] + each["queued_ms"],
                             bound=1.05 * each["wall_ms"] + 0.5)
        probe.expect_true(f"{what}: all times", min(each[name] for name in FIGURES) >= 0, came="one below 0", expected="0 or more")
        end_ms = each["start_ms"] + each["wall_ms"]
    took_ms = record.get("took_ms")
    probe.expect_true("took_ms, of the whole run", is_number(took_ms) and took_ms >= end_ms - 0.01, came=str(took_ms),
                      expected=f"at least {end_ms:.3f}, the end of the last job")
    for job in JOBS:
        probe.expect_at_least(f"different wall times of '{job}'", came=len({each["wall_ms"] for each in by_job[job]}), bound=4)


@case("robust", 10, "Ten at once: what gains from threads, and what from cores",
      look_at="[ten]: who waits needs no core, so ten waits in ten threads take about as long as one. Who computes needs one: ten computations "
              "share the cores that there are. Work it out from your fastest rounds, without the time in the queue.")
def ten_at_once(probe):
    _, by_job = record_of(probe)
    ten = answers_of(probe, "ten")["ten"]
    request, pi = fastest(by_job["request"]), fastest(by_job["pi"])
    expect_near(probe, "[ten] requests_in_a_row_ms", ten.get("requests_in_a_row_ms"), 10 * own_ms(request), 0.05)
    expect_near(probe, "[ten] requests_at_once_ms", ten.get("requests_at_once_ms"), own_ms(request), 0.25)
    expect_near(probe, "[ten] pi_at_once_on_one_core_ms", ten.get("pi_at_once_on_one_core_ms"), 10 * pi["cpu_ms"], 0.1)
    expect_near(probe, "[ten] pi_at_once_on_two_cores_ms", ten.get("pi_at_once_on_two_cores_ms"), 5 * pi["cpu_ms"], 0.1)
    expect_explained(probe, "ten", ten.get("why"), [value for value in ten.values() if is_number(value)], 20)
# END HIDDEN TESTS
