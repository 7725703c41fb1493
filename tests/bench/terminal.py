"""A program in a pseudo-terminal, watched from outside: when which text had arrived, how fast a key is answered, what it
costs while nothing happens. Answers the questions a terminal is asked at start, so that nobody waits for a reply."""
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time

REPLIES = [
    (rb"\x1b\[0?c", b"\x1b[?64;1;2;6;22c"),
    (rb"\x1b\[>0?c", b"\x1b[>41;378;0c"),
    (rb"\x1b\[5n", b"\x1b[0n"),
    (rb"\x1b\[6n", b"\x1b[1;1R"),
    (rb"\x1b\]10;\?(?:\x07|\x1b\\)", b"\x1b]10;rgb:cccc/cccc/cccc\x1b\\"),
    (rb"\x1b\]11;\?(?:\x07|\x1b\\)", b"\x1b]11;rgb:0000/0000/0000\x1b\\"),
    (rb"\x1b\[\?2026\$p", b"\x1b[?2026;2$y"),
]
SEQUENCE = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[()][0-9A-Za-z]|[=>78M])")


class Terminal:
    def __init__(self, argv, cwd, env, rows=50, cols=200):
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))
        self.bytes, self.ended = b"", False
        self.began = time.monotonic()
        self.pid = os.fork()
        if not self.pid:
            try:
                os.setsid()
                fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
                for fd in 0, 1, 2:
                    os.dup2(slave, fd)
                os.closerange(3, 64)
                os.chdir(cwd)
                os.execvpe(argv[0], argv, dict(env, TERM="xterm-256color"))
            finally:
                os._exit(127)
        os.close(slave)

    def read(self, seconds):
        """What arrives within so many seconds, at most one piece; None when nothing does."""
        ready, _, _ = select.select([self.master], [], [], max(0, seconds))
        if not ready:
            return None
        try:
            data = os.read(self.master, 65536)
        except OSError:
            data = b""
        if not data:
            self.ended = True
            return None
        self.bytes += data
        for question, answer in REPLIES:
            for _ in re.finditer(question, data):
                os.write(self.master, answer)
        return data

    def text(self):
        """Everything that was written, without the terminal's commands; what they stood between is apart."""
        return SEQUENCE.sub(b" ", self.bytes).decode(errors="replace")

    def last_line(self):
        lines = [line.strip() for line in self.text().splitlines() if line.strip()]
        return lines[-1][:80] if lines else "it wrote nothing"

    def wait_for(self, seen, seconds):
        """Milliseconds from the start until seen(text) held; None when it never did."""
        end = time.monotonic() + seconds
        while not self.ended and time.monotonic() < end:
            if self.read(min(0.5, end - time.monotonic())) is None:
                continue
            at = time.monotonic()
            if seen(self.text()):
                return (at - self.began) * 1000
        return None

    def quiet(self, seconds):
        while not self.ended and self.read(seconds) is not None:
            pass

    def key(self, key):
        """Milliseconds from a key to the last byte of its answer; None without one."""
        began = time.monotonic()
        os.write(self.master, key.encode())
        if self.read(1) is None:
            return None
        last = time.monotonic()
        while self.read(0.012) is not None:
            last = time.monotonic()
        return (last - began) * 1000

    def refresh(self, key, seconds):
        """Has it look at everything again, and gives it so long."""
        os.write(self.master, key.encode())
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0 and not self.ended:
            self.read(left)
        self.bytes = self.bytes[-65536:]

    def ticks(self):
        with open(f"/proc/{self.pid}/schedstat") as stat:
            main = int(stat.read().split()[0])
        total = 0
        for thread in os.listdir(f"/proc/{self.pid}/task"):
            try:
                with open(f"/proc/{self.pid}/task/{thread}/schedstat") as stat:
                    total += int(stat.read().split()[0])
            except OSError:
                pass
        return max(main, total)

    def idle(self, seconds):
        """Percent of a core, bytes sent, and resident MB over so many seconds in which nobody does anything."""
        before, written, began = self.ticks(), len(self.bytes), time.monotonic()
        while (left := began + seconds - time.monotonic()) > 0 and not self.ended:
            self.read(left)
        spent = (self.ticks() - before) / 1e9 / (time.monotonic() - began) * 100
        with open(f"/proc/{self.pid}/status") as status:
            resident = int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1)) / 1024
        return spent, len(self.bytes) - written, resident

    def end(self, key):
        """Leaves by its key, and makes sure of it."""
        try:
            os.write(self.master, key.encode())
        except OSError:
            pass
        for patience in range(40):
            if os.waitpid(self.pid, os.WNOHANG)[0]:
                break
            self.read(0.05)
            if patience == 30:
                os.kill(self.pid, signal.SIGKILL)
        else:
            os.waitpid(self.pid, 0)
        os.close(self.master)
