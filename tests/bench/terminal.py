"""A program on a pseudo-terminal, with the clock in hand: for tests/bench/run alone."""
import errno
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time

SEQUENCE = re.compile(rb'\x1b\[[0-9;?>=!]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[()][A-Z0-9]|\x1b[=>78]')


class Terminal:
    def __init__(self, argv, rows=24, cols=80, env=None, stdin=None):
        self.started = time.perf_counter()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            environ = dict(os.environ, TERM='xterm-256color', LC_ALL='C.UTF-8', PS1='$ ', INPUTRC='/dev/null')
            environ.update(env or {})
            for name in ('LINES', 'COLUMNS', 'TMUX', 'NO_COLOR'):
                environ.pop(name, None)
            if stdin:
                os.dup2(os.open(stdin, os.O_RDONLY), 0)
            try:
                os.execvpe(argv[0], argv, environ)
            finally:
                os._exit(127)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack('HHHH', rows, cols, 0, 0))
        self.output = b''
        self.last = self.started

    def read(self, seconds):
        """What comes within that time, at once when it comes; b'' when nothing does."""
        if not select.select([self.fd], [], [], seconds)[0]:
            return b''
        try:
            got = os.read(self.fd, 1 << 16)
        except OSError as e:
            if e.errno == errno.EIO:
                return b''
            raise
        for question, answer in ((b'\x1b[6n', b'\x1b[1;1R'), (b'\x1b[c', b'\x1b[?62;c'), (b'\x1b[>c', b'\x1b[>0;0;0c')):
            if question in got:
                os.write(self.fd, answer)
        self.output += got
        self.last = time.perf_counter()
        return got

    def quiet(self, seconds=0.05):
        """Reads until nothing comes for that long."""
        while self.read(seconds):
            pass

    def until(self, pattern, seconds=30):
        """Seconds since the last mark until the pattern stands in what was printed since."""
        wanted = re.compile(pattern, re.S)
        end = time.perf_counter() + seconds
        while not wanted.search(SEQUENCE.sub(b'', self.output)):
            if time.perf_counter() > end:
                raise RuntimeError(f'{pattern!r} did not come; the last was {self.output[-300:]!r}')
            self.read(1)
        return time.perf_counter() - self.started

    def mark(self):
        self.output = b''
        self.started = time.perf_counter()

    def send(self, keys):
        os.write(self.fd, keys)

    def press(self, key):
        """Presses a key; (seconds until it shows, octets that came in all), or None: it never showed."""
        self.quiet(0.004)
        self.mark()
        self.send(key)
        while key not in SEQUENCE.sub(b'', self.output):
            if not self.read(0.5):
                return None
        took = time.perf_counter() - self.started
        self.quiet(0.012)
        return took, len(self.output)

    def end(self):
        for sig in (signal.SIGHUP, signal.SIGTERM, signal.SIGKILL):
            try:
                os.kill(self.pid, sig)
            except ProcessLookupError:
                break
            end = time.perf_counter() + 1
            while time.perf_counter() < end:
                if os.waitpid(self.pid, os.WNOHANG)[0]:
                    os.close(self.fd)
                    return
                self.read(0.02)
        os.close(self.fd)
