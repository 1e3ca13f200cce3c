"""The chapter's own functions, as CPython runs them in section 1.5.

What is done: fib (listings 1.5 and 1.6), get_page (1.7 and 1.8), jobs and convoy (the lock itself).
Who does it: in_threads, a threading.Thread each, as in listings 1.6 and 1.8.
"""

import sys
import threading
import time


def fib(n):
    """Return the n-th Fibonacci number, counted as the book counts: fib(1) = 0, fib(2) = 1."""
    if n == 1:
        return 0
    if n == 2:
        return 1
    return fib(n - 1) + fib(n - 2)


def get_page(host, port, path, deadline_s):
    """Return the status and the first line of the body of GET http://host:port/path; status 0 and
    the reason where there is no answer.

    The lock is released while it waits: in connect, send and recv.
    """
    import http.client  # 30 ms, for those who ask for a page only

    ends = time.monotonic() + deadline_s
    connection = http.client.HTTPConnection(host, port, timeout=deadline_s)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        body = b""
        while piece := response.read1():
            body += piece
            if time.monotonic() > ends:
                raise TimeoutError("the deadline passed")
        if response.length:
            raise http.client.IncompleteRead(body, response.length)
        return f"{response.status} {body.decode(errors='replace').partition(chr(10))[0]}"
    except (OSError, http.client.HTTPException) as problem:
        return f"0 {type(problem).__name__}: {problem}"
    finally:
        connection.close()


def jobs(count, wait_s, repeats, n):
    """Do `count` jobs: each waits, then computes fib(n) `repeats` times. Return the sum of all."""
    total = 0
    for _ in range(count):
        if wait_s > 0:
            time.sleep(wait_s)
        for _ in range(repeats):
            total += fib(n)
    return total


def convoy(requests, wait_s, repeats, n):
    """Let one thread wait `requests` times, beside one that computes until the other is done.

    Return the seconds that each wait took until the thread ran on, and then two numbers more: how
    often the other one computed fib(n) `repeats` times, and the sum of all.
    """
    finished = threading.Event()
    latencies, sums = [], []

    def compute():
        while not finished.is_set():
            sums.append(jobs(1, 0, repeats, n))

    def request():
        for _ in range(requests):
            started = time.perf_counter()
            time.sleep(wait_s)
            latencies.append(time.perf_counter() - started)
        finished.set()

    try:
        in_threads([(compute, ()), (request, ())])
    finally:
        finished.set()  # also where the second thread couldn't be had
    return [*latencies, float(len(sums)), float(sum(sums))]


def set_switch_interval(seconds):
    """Set for how long a thread waits for the lock before it asks for it. Return what was set."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(seconds)
    return before


def one_after_the_other(calls):
    """Call each (function, arguments) in turn; return what each returned."""
    return [function(*arguments) for function, arguments in calls]


def in_threads(calls):
    """Call each (function, arguments) in a thread of its own; return what each returned.

    The first exception of any thread is raised here, once all of them have ended.
    """
    results, problems = [None] * len(calls), []

    def run(place, function, arguments):
        try:
            results[place] = function(*arguments)
        except BaseException as problem:
            problems.append(problem)

    threads = [threading.Thread(target=run, args=(i, *call)) for i, call in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if problems:
        raise problems[0]
    return results
