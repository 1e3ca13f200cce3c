"""asyncio: a task for each request, with a Protocol, gathered."""

import asyncio
import resource
import sys
import time

REQUEST = b"GET /?delay_ms=20&token=fan-out HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


class Exchange(asyncio.Protocol):
    def __init__(self, finished):
        self.finished, self.text = finished, b""

    def connection_made(self, transport):
        transport.write(REQUEST)

    def data_received(self, data):
        self.text += data

    def connection_lost(self, error):
        self.finished.set_result(self.text)


async def ask(port):
    loop = asyncio.get_running_loop()
    finished = loop.create_future()
    await loop.create_connection(lambda: Exchange(finished), "127.0.0.1", port)
    return await finished


async def main(port, count):
    start = time.perf_counter()
    texts = await asyncio.gather(*(ask(port) for _ in range(count)))
    seconds = time.perf_counter() - start
    good = sum(text.startswith(b"HTTP/1.1 200") and text.endswith(b"fan-out") for text in texts)
    print(f"seconds={seconds:.9f} answers={good}")
    return 0 if good == count else 1


if __name__ == "__main__":
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    sys.exit(asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]))))
