"""asyncio's coroutines: what a task costs. The same measurements as in asio.cpp."""

import asyncio
import re
import sys
import time
from pathlib import Path

AT_ONCE = 100


async def child(value):
    return value


async def await_ns(count):
    start, total = time.perf_counter(), 0
    for i in range(count):
        total += await child(i)
    assert total == count * (count - 1) // 2
    return 1e9 * (time.perf_counter() - start) / count


async def post_ns(count):
    loop = asyncio.get_running_loop()
    finished, left = loop.create_future(), count

    def again():
        nonlocal left
        left -= 1
        if left >= AT_ONCE:
            loop.call_soon(again)
        elif left == 0:
            finished.set_result(None)

    start = time.perf_counter()
    for _ in range(AT_ONCE):
        loop.call_soon(again)
    await finished
    return 1e9 * (time.perf_counter() - start) / count


async def spawn_ns(count):
    async def nothing():
        pass

    start = time.perf_counter()
    for _ in range(0, count, AT_ONCE):
        await asyncio.wait([asyncio.create_task(nothing()) for _ in range(AT_ONCE)])
    return 1e9 * (time.perf_counter() - start) / count


async def switch_ns(count):
    async def take_turns():
        for _ in range(count // AT_ONCE):
            await asyncio.sleep(0)

    start = time.perf_counter()
    await asyncio.gather(*(take_turns() for _ in range(AT_ONCE)))
    return 1e9 * (time.perf_counter() - start) / count


def status_bytes(name):
    return int(re.search(rf"{name}:\s+(\d+)", Path("/proc/self/status").read_text())[1]) * 1024


async def sleepers(count):
    before, start = status_bytes("VmRSS"), time.perf_counter()
    await asyncio.wait([asyncio.create_task(asyncio.sleep(1)) for _ in range(count)])
    seconds = time.perf_counter() - start
    print(f"sleep_s={seconds:.6f} sleep_bytes={(status_bytes('VmHWM') - before) / count:.1f}")


async def main(count):
    print(f"await_ns={await await_ns(count):.3f} post_ns={await post_ns(count):.3f} "
          f"spawn_ns={await spawn_ns(count // 10):.3f} switch_ns={await switch_ns(count):.3f}")


if __name__ == "__main__":
    asyncio.run(sleepers(int(sys.argv[2])) if sys.argv[1] == "--sleepers" else main(int(sys.argv[1])))
