"""What the echo server must do, and what to look at where it doesn't. The clients are sockets of this process."""

import errno
import signal
import socket
import struct
import time
from contextlib import ExitStack

from coursework import Faults, case, speed

KEPT = 64 * 1024  # EchoServer::kMostKeptBytes
SHORT_S = 5.0  # a deadline that only ends a hang


def port_of(probe, server):
    """Where it listens: the first thing that every case needs."""
    port = server.wait_for("port")
    probe.expect_true("where the server listens: port() after the constructor", port > 0, came=f"port {port}",
                      expected="a port above 0: socket, bind to port 0, listen, and getsockname says which it became")
    return port


def serving(probe, stack, **run):
    """The server, its port, and a client of which the server is known to have answered a first ping."""
    server = stack.enter_context(probe.start("serve", **run))
    port = port_of(probe, server)
    lively = client_of(stack, server, port)
    ping(probe, lively, b"hello", "the first client's first five bytes")
    return server, port, lively


def clients_of(stack, server, port, count):
    """So many clients, which are closed at the end of the case."""
    clients = server.connect_many(port, count, timeout_s=SHORT_S)
    for client in clients:
        stack.enter_context(client)
    return clients


def client_of(stack, server, port):
    """One client."""
    return clients_of(stack, server, port, 1)[0]


def receive(connection, count):
    """Up to `count` bytes: fewer where the server closed, broke the connection off, or sends no more."""
    got = bytearray()
    try:
        while len(got) < count:
            piece = connection.recv(min(1 << 16, count - len(got)))
            if not piece:
                return bytes(got), "then the connection was closed"
            got += piece
    except TimeoutError:
        return bytes(got), f"then nothing for {SHORT_S:g} s"
    except OSError as error:
        return bytes(got), f"then {errno.errorcode.get(error.errno, error)}"
    return bytes(got), ""


def send(connection, data):
    """Sends what a server that reads at all takes; a broken connection shows when its answer is read."""
    try:
        connection.sendall(data)
    except OSError:
        pass


def expect_echo(probe, what, connection, sent):
    """`sent` comes back, byte for byte."""
    got, end = receive(connection, len(sent))
    if got == sent:
        return
    same = next((i for i, (a, b) in enumerate(zip(got, sent, strict=False)) if a != b), min(len(got), len(sent)))
    came = f"{len(got)} bytes, of which the first {same} are right" if len(sent) > 40 else repr(got)
    wanted = f"the {len(sent)} bytes that were sent, in their order" if len(sent) > 40 else repr(sent)
    probe.expect_true(what, False, came=f"{came}; {end}" if end else came, expected=wanted)


def ping(probe, connection, data, what):
    """One round trip."""
    send(connection, data)
    expect_echo(probe, what, connection, data)


def expect_end(probe, what, connection):
    """The server has closed its side."""
    try:
        got = connection.recv(1)
        probe.expect(what, came=got and f"{got!r}, one byte more" or "the end of the stream", expected="the end of the stream")
    except TimeoutError:
        probe.expect(what, came=f"nothing for {SHORT_S:g} s: the socket is still open", expected="the end of the stream")
    except OSError as error:
        probe.expect(what, came=errno.errorcode.get(error.errno, str(error)), expected="the end of the stream")


def until(condition, probe, lively, rounds=200):
    """Lets the server work, by round trips of another client, until `condition` holds; whether it does."""
    for number in range(rounds):
        if condition():
            return True
        ping(probe, lively, b"%d" % number, "a client beside it, which sends a few bytes at a time")
    return condition()


def push(probe, slow, data, lively):
    """Sends `data` without reading, as far as the server takes it; returns how much it took. It takes no more once 20
    round trips of another client went by, in each of which it could have read."""
    slow.setblocking(False)
    sent, refusals = 0, 0
    while sent < len(data) and refusals < 20:
        try:
            sent += slow.send(data[sent:sent + (1 << 18)])
            refusals = 0
        except BlockingIOError:
            refusals += 1
            ping(probe, lively, b"%d" % refusals, "a ping of a second client, while the first one sends and doesn't read")
    slow.settimeout(SHORT_S)
    return sent


def send_some(connection, data):
    """How many of the bytes could be sent at once, without waiting."""
    connection.setblocking(False)
    try:
        return connection.send(data) if data else 0
    except BlockingIOError:
        return 0
    finally:
        connection.settimeout(SHORT_S)


def break_off(connection):
    """Closes so that the server gets an RST: linger for 0 seconds."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def stop(probe, server):
    """Asks the server to stop, as its contract says, and expects that it does so in good order."""
    server.signal(signal.SIGTERM)
    seen = server.finish()
    probe.expect("how often serve() returned, once `stop` could be read", came=len(seen["returned"]), expected=1)
    return seen


def expect_rest(probe, server, what):
    """For a second nothing happens: then the server sleeps. A busy wait is seen by its state, however little of the
    processor it gets on a busy machine; a wait that is too short, by how often it begins."""
    cpu_s, waits, awake = server.cpu_seconds(), server.voluntary_switches(), 0
    for _ in range(20):
        server.sleep(0.05)
        awake += server.is_running()
    probe.expect_at_most(f"of 20 looks in one second of {what}: how often your server was running", came=awake, bound=10)
    probe.expect_at_most(f"CPU seconds in one second of {what}", came=round(server.cpu_seconds() - cpu_s, 2), bound=0.1)
    probe.expect_at_most(f"how often it went to sleep in one second of {what}", came=server.voluntary_switches() - waits, bound=60)


# ---------------------------------------------------------------------------------------------------------------- works


@case("works", 6, "A client gets back what it sends",
      look_at="accept_clients(), receive(), send_back() in this order. Is the client's socket known to epoll, and is it looked up"
              " by the descriptor that the event names?")
def one_client(probe):
    with ExitStack() as stack:
        server, _, client = serving(probe, stack)
        for size in (1, 2, 100, 4096, 10_000):
            ping(probe, client, probe.random.randbytes(size), f"the echo of {size} bytes")
        stop(probe, server)


@case("works", 6, "A client that says nothing keeps nobody waiting",
      look_at="every call on a client's socket, and accept on the listener: does it come back at once when there is nothing? A socket"
              " blocks unless it was made with SOCK_NONBLOCK; accept4() takes that flag for the new socket, which doesn't inherit it.")
def silent_client(probe):
    with ExitStack() as stack:
        server, port, _ = serving(probe, stack)
        silent, *others = clients_of(stack, server, port, 4)
        for number, other in enumerate(others):
            ping(probe, other, b"am I served?", f"client {number + 3}, while client 2 is connected and silent")
        ping(probe, silent, b"now I speak", "client 2, which speaks at last")
        stop(probe, server)


@case("works", 7, "Megabytes come back whole, however slowly they are taken",
      look_at="what send() returned: it may take a part only, and the rest must be sent later, from where it stopped, before anything"
              " newer. Who tells you when it can go on (EPOLLOUT)?")
def partial_writes(probe):
    with ExitStack() as stack:
        server, port, lively = serving(probe, stack)
        client = client_of(stack, server, port)
        data = probe.random.randbytes(24 << 20)
        sent = push(probe, client, data, lively)  # all buffers between the two are full now
        got = bytearray()
        while len(got) < len(data):
            piece, end = receive(client, min(probe.random.randint(1, 300_000), sent - len(got)))
            got += piece
            if end:
                break
            sent += send_some(client, data[sent:sent + 300_000])
        same = next((i for i in range(0, len(got), 4096) if got[i:i + 4096] != data[i:i + len(got[i:i + 4096])]), len(got))
        probe.expect_true(f"{len(data)} bytes, which the client takes in pieces, and later than it sends", bytes(got) == data,
                          came=f"{len(got)} bytes, right up to byte {same}", expected=f"the same {len(data)} bytes")
        stop(probe, server)


@case("works", 10, "A thousand clients on one thread",
      look_at="how clients are kept and found: by descriptor, not in an array of fixed size. accept4() takes one client; how many may be"
              " waiting when the listener becomes readable?")
def thousand_clients(probe):
    with ExitStack() as stack:
        server = stack.enter_context(probe.start("serve"))
        port = port_of(probe, server)
        clients = clients_of(stack, server, port, 1000)
        for number, client in enumerate(clients):
            send(client, b"client %d" % number)
        probe.random.shuffle(order := list(range(1000)))
        for number in order:
            expect_echo(probe, f"the echo of client {number} of 1,000", clients[number], b"client %d" % number)
        probe.expect("threads of the server with a thousand clients", came=server.threads(), expected=1)
        probe.expect("its child processes", came=server.children(), expected=0)
        stop(probe, server)


@case("works", 7, "Who ends its sending gets the rest, and then the end",
      look_at="recv() == 0: the client sends no more, but it may be reading still. What has to be sent back goes first, and close()"
              " comes when nothing is left.")
def half_close(probe):
    with ExitStack() as stack:
        server, port, lively = serving(probe, stack)
        data = probe.random.randbytes(300)
        client, full, nothing = clients_of(stack, server, port, 3)
        send(client, data)
        client.shutdown(socket.SHUT_WR)
        expect_echo(probe, "300 bytes, sent just before shutdown(SHUT_WR)", client, data)
        expect_end(probe, "after them", client)
        many = probe.random.randbytes(16 << 20)
        sent = push(probe, full, many, lively)
        full.shutdown(socket.SHUT_WR)
        ping(probe, lively, b"meanwhile", "a client beside it")
        expect_echo(probe, f"{sent} bytes, of which many were on their way when the client ended its sending", full, many[:sent])
        expect_end(probe, "after them", full)
        nothing.shutdown(socket.SHUT_WR)
        expect_end(probe, "what a client gets that sent nothing and ended its sending", nothing)
        ping(probe, lively, b"still here", "a client beside them")
        stop(probe, server)


@case("works", 8, "A slow reader stops nobody",
      look_at="send() that returns -1 with EAGAIN: there is no room now. It isn't an error, and it is nothing to wait for either: keep the"
              " bytes, ask for EPOLLOUT, and go on with the next client.")
def slow_reader(probe):
    with ExitStack() as stack:
        server, port, lively = serving(probe, stack)
        slow = client_of(stack, server, port)
        data = probe.random.randbytes(32 << 20)
        sent = push(probe, slow, data, lively)
        ping(probe, lively, b"and now?", "a second client, while a first one reads nothing")
        expect_echo(probe, f"the {sent} bytes that the slow client sent, when it reads at last", slow, data[:sent])
        ping(probe, slow, b"awake", "the slow client, once it has read everything")
        stop(probe, server)


@case("works", 6, "serve() ends when it is told to, and nothing stays open",
      look_at="`stop`: is it watched like any other descriptor, and does serve() return when it is readable, however many clients there"
              " are? Then: who closes the clients' sockets, the listener and the epoll descriptor? (UniqueFd does, if it owns them.)")
def stops(probe):
    with ExitStack() as stack:
        server, port, _ = serving(probe, stack)
        for client in clients_of(stack, server, port, 20):
            ping(probe, client, b"ping", "one of 20 clients")
        seen = stop(probe, server)
        probe.expect("descriptors that were opened and not closed, after the destructor", came=seen.one("left_open"), expected=0)
        probe.expect("whether the byte in `stop` is still there: it belongs to the caller", came=seen.one("stop_untouched"), expected=1)


# --------------------------------------------------------------------------------------------------------------- robust


@case("robust", 4, "Reads and writes of one byte", flavours=("release", "asan"),
      look_at="what recv() and send() returned: that many bytes, and no more, were moved. Here each call moves one at most.")
def short_io(probe):
    with ExitStack() as stack:
        server, port, lively = serving(probe, stack, faults=Faults(short_io=1))
        clients = clients_of(stack, server, port, 5)
        texts = [probe.random.randbytes(2000) for _ in clients]
        for client, text in zip(clients, texts, strict=True):
            send(client, text)
        for client, text in zip(clients, texts, strict=True):
            expect_echo(probe, "2,000 bytes, of which each call of the server's moves one", client, text)
            client.shutdown(socket.SHUT_WR)
            expect_end(probe, "after them", client)
        stop(probe, server)


@case("robust", 4, "Who is connected and quiet costs nothing",
      look_at="what each descriptor is watched for: EPOLLOUT is nearly always there, so ask for it only while you have something to send."
              " And is there a time-out of 0, or a loop around EAGAIN?")
def idle(probe):
    with ExitStack() as stack:
        server, port, lively = serving(probe, stack)
        for connection in clients_of(stack, server, port, 20):
            ping(probe, connection, b"once", "one of 20 clients")
        expect_rest(probe, server, "21 quiet clients")
        ping(probe, lively, b"still here", "a client, after a second of quiet")
        stop(probe, server)


# BEGIN HIDDEN TESTS
@case("robust", 4, "A call that is interrupted, or comes too early", flavours=("release", "asan"),
      look_at="EINTR, of any call: a signal's handler has run, and nothing else happened; epoll_wait() is not restarted even with"
              " SA_RESTART. EAGAIN, of any call: nothing happened either. Go on, as if the call had not been made.")
def interrupted(probe):
    for faults, words in ((Faults(eintr_every=2), "every second call fails with EINTR"),
                          (Faults(eagain_every=2), "every second call fails with EAGAIN, though epoll has said that it's time")):
        with ExitStack() as stack:
            server, port, lively = serving(probe, stack, faults=faults)
            for number, client in enumerate(clients_of(stack, server, port, 10)):
                text = probe.random.randbytes(10_000 + number)
                server.signal(signal.SIGUSR1)
                send(client, text)
                expect_echo(probe, f"the echo, while {words}", client, text)
                client.shutdown(socket.SHUT_WR)
                expect_end(probe, f"after the client ended its sending, while {words}", client)
            stop(probe, server)


@case("robust", 6, "A connection that breaks ends one client, in whatever state", flavours=("release", "asan"),
      look_at="ECONNRESET from recv(), EPIPE and ECONNRESET from send(), EPOLLERR and EPOLLHUP from epoll, which come unasked: all mean"
              " the same, close this one and go on. send() raises SIGPIPE, which ends the process, unless MSG_NOSIGNAL says not to.")
def broken_connections(probe):
    with ExitStack() as stack:
        server, port, lively = serving(probe, stack)
        before = server.descriptors()
        data = probe.random.randbytes(24 << 20)
        server.signal(signal.SIGSTOP)  # so that they break off before the server has accepted them
        for number, client in enumerate(clients_of(stack, server, port, 6)):
            send(client, data[:(0, 100, 100_000)[number % 3]])
            if number > 2:
                client.shutdown(socket.SHUT_WR)
            break_off(client)
        server.signal(signal.SIGCONT)
        waited_for, unread, full, ended, gone = clients_of(stack, server, port, 5)
        ping(probe, waited_for, b"hello", "a client that will break off while the server waits for it")
        break_off(waited_for)
        send(unread, data[:100_000])
        break_off(unread)  # its bytes are unread, or half echoed
        for client in (full, ended, gone):
            push(probe, client, data, lively)
        ended.shutdown(socket.SHUT_WR)
        break_off(full)  # while the server waits for room
        break_off(ended)  # the same, and its end was announced
        gone.close()  # without lingering; the kernel still says RST, as there are bytes that nobody read
        until(lambda: server.descriptors() <= before, probe, lively)
        probe.expect("descriptors open, once 11 broken clients are gone (before them: the same)",
                     came=server.descriptors(), expected=before)
        for client in clients_of(stack, server, port, 8):
            ping(probe, client, b"I am new", "a new client, which may have got a broken one's descriptor")
        ping(probe, lively, b"still here", "a client that did nothing wrong")
        stop(probe, server)


@case("robust", 4, "A client that sends and never reads is not hoarded for",
      look_at="what is kept of one client: at most kMostKeptBytes. When there is no room, don't read (take EPOLLIN away); then its"
              " send() waits, and that is how TCP tells a sender to slow down.")
def bounded_memory(probe):
    with ExitStack() as stack:
        server, port, lively = serving(probe, stack)
        before = server.memory_kib()
        data = bytes(96 << 20)
        slow = client_of(stack, server, port)
        push(probe, slow, data, lively)
        probe.expect_at_most("KiB that the server grew by for a client that sent up to 96 MiB and read nothing",
                             came=max(0, server.memory_kib() - before), bound=8 * 1024)
        stop(probe, server)


@case("robust", 4, "No CPU time for a client that can't go on",
      look_at="what is watched while a client's bytes can't be sent: if EPOLLIN stays on, each wait ends at once, for bytes that there is"
              " no room for. An end that was read (recv() == 0) stays readable for ever, too.")
def stuck_clients(probe):
    with ExitStack() as stack:
        server, port, lively = serving(probe, stack)
        data = probe.random.randbytes(24 << 20)
        full, ended = clients_of(stack, server, port, 2)
        sent = push(probe, full, data, lively)
        expect_rest(probe, server, "a client that has sent much and reads nothing")
        also_sent = push(probe, ended, data, lively)
        ended.shutdown(socket.SHUT_WR)
        ping(probe, lively, b"between", "a client beside them")
        expect_rest(probe, server, "a client that has ended its sending and doesn't read")
        expect_echo(probe, "all of its bytes, when it reads at last", ended, data[:also_sent])
        expect_end(probe, "after them", ended)
        expect_echo(probe, "what the other slow client sent", full, data[:sent])
        stop(probe, server)


@case("robust", 6, "No free descriptor: those who are in are served, the others wait",
      look_at="accept4() that fails with EMFILE: the client stays in the queue, so the listener stays readable, and epoll_wait() returns"
              " at once, for ever. Take the listener's EPOLLIN away, and give it back when a client has gone (and now and then).")
def out_of_descriptors(probe):
    with ExitStack() as stack:
        server, port, lively = serving(probe, stack, descriptors=24)
        clients = clients_of(stack, server, port, 40)
        for number, client in enumerate(clients):
            send(client, b"number %d" % number)
        for number in range(4):
            expect_echo(probe, "one of the first clients", clients[number], b"number %d" % number)
        for number in range(20):
            ping(probe, lively, b"%d" % number, "a client that is in, while others can't be accepted")
        expect_rest(probe, server, "40 clients, of which some can't be accepted")
        for number in range(4):
            ping(probe, clients[number], b"once more", "a client that is in, while others wait to be accepted")
            clients[number].close()
        for number in range(4, 40):  # each that goes makes room for one
            expect_echo(probe, f"client {number} of 40, once those before it have gone", clients[number], b"number %d" % number)
            clients[number].close()
        stop(probe, server)


@case("robust", 3, "Hundreds come and go, and leave nothing behind",
      look_at="every way on which a client is forgotten: is its socket closed on each, and only once? Two clients may have the same"
              " descriptor, one after the other: what was kept of the first mustn't reach the second.")
def come_and_go(probe):
    with ExitStack() as stack:
        server, port, lively = serving(probe, stack)
        before = server.descriptors()
        for number, client in enumerate(each for _ in range(3) for each in clients_of(stack, server, port, 100)):
            ping(probe, client, b"visitor %d" % number, f"visitor {number} of 300")
            if number % 3 == 0:
                client.shutdown(socket.SHUT_WR)
                expect_end(probe, "after the client ended its sending", client)
            client.close()
        until(lambda: server.descriptors() <= before, probe, lively)
        probe.expect("descriptors open after 300 visitors (before them: the same)", came=server.descriptors(), expected=before)
        stop(probe, server)


@case("robust", 5, "A client that never pauses takes turns with the others",
      look_at="a loop that reads until EAGAIN: with one that always has more, it never ends. Read once, send once, and let epoll say again"
              " (it does, level-triggered) that there is more.")
def chatty_client(probe):
    with ExitStack() as stack:
        # What the chatty one has sent at once takes 16 s to read: it needn't be quick to have the server for itself.
        slow_reads = Faults(short_io=16, delay_us={"read": 1000, "recv": 1000})
        server, port, lively = serving(probe, stack, faults=slow_reads)
        chatty = client_of(stack, server, port)
        chatty.setblocking(False)
        noise = bytes(1 << 18)
        for number in range(5):
            question, answer, give_up_at = b"turn %d" % number, b"", time.monotonic() + SHORT_S
            lively.sendall(question)
            lively.setblocking(False)
            while len(answer) < len(question) and time.monotonic() < give_up_at:
                for act in (lambda: chatty.send(noise), lambda: chatty.recv(1 << 18)):
                    try:
                        act()
                    except BlockingIOError:
                        pass
                try:
                    answer += lively.recv(100)
                except BlockingIOError:
                    pass
            lively.settimeout(SHORT_S)
            probe.expect("what a second client gets, while a first one sends without a pause", came=answer, expected=question)
        stop(probe, server)


@speed(10, "A few busy clients among many quiet ones", probe="busy_among_idle", numbers=(400, 20, 200), at_least=0.5,
       look_at="what is done for each wait: work that grows with the clients that are connected (a list gone through, poll's array made"
               " anew) instead of with those that are ready; and a buffer that is cleared or copied for every read.")
def busy_among_idle(probe):
    seen = probe.run("busy_among_idle", (50, 10, 20))
    probe.expect("numbers that came back to 10 busy clients in 20 rounds, beside 50 quiet ones", came=seen.one("came_back"), expected=200)
# END HIDDEN TESTS
