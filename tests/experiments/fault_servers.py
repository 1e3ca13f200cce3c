"""Servers that answer wrongly, each in its own way, on a free loopback port."""

import contextlib
import socket
import struct
import threading
import time


def read_request(connection):
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(4096)
        if not piece:
            return
        data += piece


def answer_500(connection):
    read_request(connection)
    connection.sendall(b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n")


def reset(connection):
    read_request(connection)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def dribble(connection):
    read_request(connection)
    for byte in b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + b"x" * 100000:
        connection.sendall(bytes([byte]))
        time.sleep(0.01)


def close_early(connection):
    read_request(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this")


def garbage(connection):
    read_request(connection)
    connection.sendall(b"\x00\x01\x02 this is no HTTP \r\n\r\n")


def never(connection):
    read_request(connection)
    connection.recv(1)  # until the client gives up


def chunked(connection):
    read_request(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n")
    connection.recv(1)


def no_headers(connection):
    read_request(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\nok")


def until_close(connection):
    read_request(connection)
    connection.sendall(b"HTTP/1.0 200 OK\r\n\r\nok")


@contextlib.contextmanager
def serving(behave):
    """Yields "127.0.0.1:port", where each connection is treated by `behave` in a thread."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)

    def treat(connection):
        with connection, contextlib.suppress(OSError):
            behave(connection)

    def accept_all():
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listener.accept()
                threading.Thread(target=treat, args=(connection,), daemon=True).start()

    threading.Thread(target=accept_all, daemon=True).start()
    try:
        yield f"127.0.0.1:{listener.getsockname()[1]}"
    finally:
        listener.close()
