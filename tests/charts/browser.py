"""A headless Chromium, driven through a pipe by the DevTools protocol: no library is needed."""

import base64
import json
import os
import select
import shutil
import subprocess
import time
from pathlib import Path

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))),
                None)
_FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
          "--disable-background-networking", "--disable-component-update", "--disable-sync",
          "--disable-dev-shm-usage", "--hide-scrollbars", "--remote-debugging-pipe")


class Browser:
    """One page in one browser. requests, errors: what it asked for and complained of so far."""

    def __init__(self, profile, width, height=900, dark=False):
        # Chromium reads its commands from descriptor 3 and answers on 4. Both are taken here, so
        # that neither is among the descriptors that Popen needs for itself.
        taken = [os.open(os.devnull, os.O_RDONLY)]
        while taken[-1] <= 4:
            taken.append(os.open(os.devnull, os.O_RDONLY))
        into, self._write = os.pipe()
        self._read, out = os.pipe()

        def place():
            os.dup2(into, 3)
            os.dup2(out, 4)

        self._process = subprocess.Popen(
            [CHROMIUM, *_FLAGS, f"--user-data-dir={profile}", f"--window-size={width},{height}",
             "about:blank"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, preexec_fn=place, close_fds=False, start_new_session=True)
        for descriptor in (into, out, *taken):
            os.close(descriptor)
        self._buffer, self._number, self._session = b"", 0, None
        self.requests, self.errors, self.loaded = [], [], False
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target,
                                  flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height,
                  deviceScaleFactor=1, mobile=width < 600)
        self.call("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])

    def close(self):
        """End the browser and all its processes."""
        try:
            self._session = None
            self.call("Browser.close")
        except (OSError, RuntimeError):
            pass  # it has ended already
        finally:
            os.close(self._write)
            os.close(self._read)
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(self._process.pid, 9)
                self._process.wait()

    def call(self, method, **parameters):
        """Call a method of the protocol and return its result; RuntimeError with its message."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self._number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']['message']}")
                return answer["result"]

    def _next(self, seconds=60):
        while b"\0" not in self._buffer:
            if not select.select([self._read], [], [], seconds)[0]:
                raise RuntimeError(f"the browser said nothing for {seconds} seconds")
            piece = os.read(self._read, 1 << 20)
            if not piece:
                raise RuntimeError("the browser has ended")
            self._buffer += piece
        line, self._buffer = self._buffer.split(b"\0", 1)
        message = json.loads(line)
        self._note(message.get("method"), message.get("params", {}))
        return message

    def _note(self, event, data):
        if event == "Network.requestWillBeSent":
            self.requests.append(data["request"]["url"])
        elif event == "Runtime.consoleAPICalled" and data["type"] in ("error", "warning", "assert"):
            self.errors.append(str(data["args"]))
        elif event == "Runtime.exceptionThrown":
            self.errors.append(str(data["exceptionDetails"]))
        elif event == "Log.entryAdded" and data["entry"]["level"] in ("error", "warning"):
            self.errors.append(data["entry"]["text"])

    def run(self, expression):
        """Return the value of a JavaScript expression (awaited); RuntimeError if it throws."""
        answer = self.call("Runtime.evaluate", expression=expression, awaitPromise=True,
                           returnByValue=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(f"{expression}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def open(self, path, ready="true"):
        """Open a file and wait until the expression `ready` is true."""
        self.call("Page.navigate", url=Path(path).absolute().as_uri())
        self.until(ready)

    def until(self, expression, seconds=60):
        """Wait until a JavaScript expression is true."""
        end = time.monotonic() + seconds
        while not self.run(f"document.readyState === 'complete' && Boolean({expression})"):
            if time.monotonic() > end:
                raise RuntimeError(f"not in {seconds} seconds: {expression}; {self.errors}")
            time.sleep(0.05)

    def point_at(self, selector_expression):
        """Move the mouse to the middle of the element that a JavaScript expression gives."""
        x, y = self.run(f"(() => {{ const e = {selector_expression}; e.scrollIntoView({{block: "
                        "'center'}); const r = e.getBoundingClientRect(); "
                        "return [r.x + r.width / 2, r.y + r.height / 2]; })()")
        for offset in (1, 0):
            self.call("Input.dispatchMouseEvent", type="mouseMoved", x=x + offset, y=y)

    def press(self, key):
        """Press and release a key, e.g. "Enter" or "Tab"."""
        codes = {"Enter": (13, "\r"), "Tab": (9, ""), " ": (32, " ")}
        code, letter = codes[key]
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, windowsVirtualKeyCode=code,
                      **({"text": letter} if letter and kind == "keyDown" else {}))

    def screenshot(self, path, whole=True):
        """Write a PNG of the whole page, or of what is seen."""
        shot = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        path = Path(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(shot["data"]))
