"""Run the chapter's functions for another program, which speaks to us through a socket.

A message is its length in ten digits, then its text. A request has a line for who does it
(one_after_the_other, in_threads), then a line per call: the function and its arguments, with tabs
between them. An answer has a line per call: what it returned; or `!` and why there is none.
Each value has a letter before it: i for an int, d a float, s a str, l a list of floats. In a str, a
tab, a line feed and a backslash are written \\t, \\n and \\\\.
"""

import os
import re
import sys
import traceback


def value_of(text):
    """Return the value that a text stands for."""
    kind, text = text[0], text[1:]
    if kind == "l":
        return [float(each) for each in text.split()]
    if kind == "s":
        return re.sub(r"\\(.)", lambda found: {"n": "\n", "t": "\t"}.get(found[1], found[1]), text)
    return {"i": int, "d": float}[kind](text)


def text_of(value):
    """Return the text that stands for a value."""
    if isinstance(value, list):
        return "l" + " ".join(map(repr, value))
    if isinstance(value, str):
        return "s" + value.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t")
    return {int: "i", float: "d"}[type(value)] + str(value)


def answer(request, functions):
    """Return the answer to a request."""
    way, *lines = request.split("\n")
    calls = []
    for line in lines:
        name, *arguments = line.split("\t")
        calls.append((functions[name], [value_of(each) for each in arguments]))
    try:
        return "\n".join(map(text_of, functions[way](calls)))
    except Exception as problem:
        traceback.print_exc()
        return f"!{type(problem).__name__}: {problem}".replace("\n", " ")


def lock_state():
    """Return "free" if this interpreter has no global lock, else "locked"."""
    return "free" if not getattr(sys, "_is_gil_enabled", lambda: True)() else "locked"


def serve(requests, answers, chapter):
    """Answer requests until there are no more."""
    functions = {"__name__": "chapter"}
    exec(compile(chapter, "common/work/python/chapter.py", "exec"), functions)

    def send(text):
        data = text.encode()
        answers.write(b"%010d" % len(data) + data)

    send(f"{lock_state()} {sys.version.split()[0]}")
    while length := requests.read(10):
        send(answer(requests.read(int(length)).decode(), functions))


if __name__ == "__main__":
    socket, text = int(sys.argv[1]), sys.argv[2]
    serve(os.fdopen(socket, "rb"), os.fdopen(os.dup(socket), "wb", buffering=0), text)
