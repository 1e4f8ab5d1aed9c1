"""Waits for what other programs come to, so that no test rests on how long something takes: a wait ends as soon as the state is
there, and only a hang outlasts it. The helpers here import it; lines of bash have it as `waiting`.

usage: waiting.py port [udp|tcp]         a port of the kernel's choice that is free
       waiting.py bound PORT [udp|tcp]   until somebody is bound to it, or listens there
       waiting.py left PORT              until who was connected to it has read all, and closed
       waiting.py catches PID SIGNAL     until starlane has its own handler of INT, TERM or HUP
       waiting.py asleep PID             until a process waits for others
       waiting.py drained PID FIFO       until a pipe is empty and its reader waits for more
       waiting.py said FILE WORDS        until a file holds the words
       waiting.py lines FILE COUNT       until a file has so many lines
"""
import array, atexit, fcntl, os, signal, socket, sys, termios, time

HOST = "127.0.0.1"
# Seconds that only a hang lasts.
PATIENCE = 60


def until(what, why, seconds=PATIENCE):
    """Until something is so; gives what it is."""
    end = time.monotonic() + seconds
    while not (found := what()):
        if time.monotonic() > end:
            sys.exit(f"waited in vain: {why}")
        time.sleep(0.02)
    return found


def ended_with_us(process):
    """A process that is started here does not stay when a wait is in vain, or when this program is ended."""
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit("ended by a signal"))
    atexit.register(process.kill)
    return process


def free_port(table="tcp"):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM if table == "udp" else socket.SOCK_STREAM) as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def rows(table):
    """The rows of a table of /proc/net, as their columns."""
    return [line.split() for line in open("/proc/net/" + table).read().splitlines()[1:]]


def sockets(port, table):
    """The rows that have a local port."""
    return [row for row in rows(table) if int(row[1].rsplit(":", 1)[1], 16) == port]


def is_bound(port, table="udp"):
    # Of TCP only who listens: connections that are over keep their port for a while.
    return any(table == "udp" or row[3] == "0A" for row in sockets(port, table))


def bound(port, table="udp"):
    until(lambda: is_bound(port, table), f"nobody is bound to port {port} of {table}")


def accepted(port, count):
    """Until a listener has taken so many clients: a connection that waits to be taken has no inode."""
    until(lambda: sum(row[3] == "01" and row[9] != "0" for row in sockets(port, "tcp")) >= count,
          f"not all {count} clients of port {port} are taken")


def left(port):
    """Until who was connected to a port has read all, and closed."""
    def is_connected():
        return any(int(row[2].rsplit(":", 1)[1], 16) == port and row[3] in ("01", "08") for row in rows("tcp"))

    until(lambda: not is_connected(), f"somebody stays connected to port {port}")


def queued(port):
    """The memory that the datagrams take that wait at a port, and how many were dropped; none where nobody is bound."""
    for row in sockets(port, "udp"):
        return int(row[4].split(":")[1], 16), int(row[12])


def state(pid):
    """The fields of /proc/PID/status; a program that has ended is waited for in vain."""
    try:
        fields = dict(line.split(":\t", 1) for line in open(f"/proc/{pid}/status").read().splitlines() if ":\t" in line)
    except (FileNotFoundError, ProcessLookupError):
        fields = {"State": "Z"}
    if fields["State"][0] in "ZX":
        sys.exit(f"waited in vain: process {pid} has ended")
    return fields


def catches(pid, number):
    def what():
        # Asked first: between fork(2) and execve(2) the handlers are those of a shell.
        try:
            program = os.path.basename(os.readlink(f"/proc/{pid}/exe"))
        except (FileNotFoundError, ProcessLookupError):
            program = ""
        caught = int(state(pid)["SigCgt"], 16) >> (number - 1) & 1
        return caught and program.startswith("starlane")

    until(what, f"{pid} does not catch signal {number}")


def opened(pid):
    """What the descriptors of a process lead to, but for those that are closed while one looks."""
    folder, found = f"/proc/{pid}/fd", []
    state(pid)
    for name in os.listdir(folder):
        try:
            found.append(os.readlink(os.path.join(folder, name)))
        except FileNotFoundError:
            pass
    return found


def is_asleep(pid):
    """Whether no thread of a process has anything to do."""
    try:
        tasks = [open(f"/proc/{pid}/task/{task}/stat").read() for task in os.listdir(f"/proc/{pid}/task")]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return all(task.rsplit(")", 1)[1].split()[0] == "S" for task in tasks)


def asleep(pid, times=5):
    """Until a process waits for others: it is looked several times, since a thread may wait a moment for another one."""
    def what():
        for _ in range(times):
            state(pid)
            if not is_asleep(pid):
                return False
            time.sleep(0.02)
        return True

    until(what, f"{pid} does not come to rest")


def captures(pid):
    """Until a process captures from an interface: it has a socket of all protocols, and waits for packets."""
    def what():
        # sk, references, type, protocol, interface, running, memory, user, inode
        wanted = {f"socket:[{row[8]}]" for row in rows("packet") if row[3] == "0003"}
        return not wanted.isdisjoint(opened(pid))

    until(what, f"{pid} does not capture")
    asleep(pid)


def has_rate(line, constant):
    """Until a serial line has a rate (of termios), which is set when it is ready."""
    until(lambda: termios.tcgetattr(line)[4] == constant, "the line does not get its rate")


def drained(pid, path):
    catches(pid, signal.SIGINT)
    pipe = os.open(path, os.O_RDONLY | os.O_NONBLOCK)

    def is_empty():
        count = array.array("i", [0])
        fcntl.ioctl(pipe, termios.FIONREAD, count)
        return count[0] == 0

    until(lambda: os.path.realpath(path) in opened(pid), f"{path} is not opened")
    until(is_empty, f"{path} is not read")
    asleep(pid)


def said(path, words):
    until(lambda: os.path.exists(path) and words.encode() in open(path, "rb").read(), f"{path} does not say '{words}'")


def lines(path, count):
    until(lambda: os.path.exists(path) and open(path, "rb").read().count(b"\n") >= count,
          f"{path} does not come to {count} lines")


if __name__ == "__main__":
    kind, arguments = sys.argv[1], sys.argv[2:]
    if kind == "port":
        print(free_port(*arguments))
    elif kind == "bound":
        bound(int(arguments[0]), *arguments[1:])
    elif kind == "left":
        left(int(arguments[0]))
    elif kind == "catches":
        catches(int(arguments[0]), signal.Signals["SIG" + arguments[1]])
    elif kind == "asleep":
        asleep(int(arguments[0]))
    elif kind == "drained":
        drained(int(arguments[0]), arguments[1])
    elif kind == "said":
        said(*arguments)
    elif kind == "lines":
        lines(arguments[0], int(arguments[1]))
    else:
        sys.exit(__doc__)
