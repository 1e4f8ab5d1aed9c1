"""Steers a simulation and looks what it does: `steering.py udp|slow|idle SCRIPT COMMAND…`.

SCRIPT is JSON, a list of [when, line]: each line is written behind the answer to the one in front of it, so many seconds later, or
when datagrams have come ("heard"), or when none has for more than a second ("quiet"). COMMAND is run
with `--to` a receiver here: udp counts datagrams and when they come; slow is a stream that takes nothing before the last line is
written; idle is one that never does. Prints JSON: status, answers, how many datagrams came, the octets of the stream, how long it
took to end behind the last answer, and how long its threads waited for a processor meanwhile.
"""
import glob
import json
import socket
import subprocess
import sys
import threading
import time

sys.dont_write_bytecode = True
import waiting

kind, script, command = sys.argv[1], json.loads(sys.argv[2]), sys.argv[3:]
times, stream, over = [], bytearray(), threading.Event()


def datagrams(receiver):
    while True:
        try:
            receiver.recv(70000)
            times.append(time.monotonic())
        except socket.timeout:
            # What came before the end has been read.
            if over.is_set():
                return


def octets(connection):
    connection.settimeout(waiting.PATIENCE)
    try:
        while data := connection.recv(1 << 16):
            stream.extend(data)
    except OSError:
        pass


if kind == "udp":
    receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    receiver.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
    receiver.bind(("127.0.0.1", 0))
    receiver.settimeout(0.05)
    target = f"udp://127.0.0.1:{receiver.getsockname()[1]}"
    listening = threading.Thread(target=datagrams, args=(receiver,), daemon=True)
    listening.start()
else:
    receiver = socket.socket()
    receiver.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    receiver.bind(("127.0.0.1", 0))
    receiver.listen()
    target = f"tcp://127.0.0.1:{receiver.getsockname()[1]}"

run = waiting.ended_with_us(subprocess.Popen(
    command + ["--to", target, "--control"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE))
if kind != "udp":
    connection = receiver.accept()[0]


def wait(when):
    if when == "heard":
        waiting.until(lambda: len(times) > 3, "hardly a datagram comes")
    elif when == "quiet":
        asked = time.monotonic()
        waiting.until(lambda: time.monotonic() - max([asked, *times[-1:]]) > 1.5, "datagrams do not end")
    else:
        time.sleep(when)


answers = []
for when, line in script:
    wait(when)
    if kind == "slow" and len(answers) == len(script) - 1:
        listening = threading.Thread(target=octets, args=(connection,))
        listening.start()
    try:
        run.stdin.write(line.encode() + b"\n")
        run.stdin.flush()
    except BrokenPipeError:
        break
    found = run.stdout.readline()
    answers.append(json.loads(found) if found else None)
last = time.monotonic()
try:
    run.stdin.close()
except BrokenPipeError:
    pass
words = []
reading = threading.Thread(target=lambda: words.append(run.stderr.read().decode()))
reading.start()
delays = {}
while run.poll() is None:
    # sched-stats(8): nanoseconds that a thread was ready and did not run.
    for path in glob.glob(f"/proc/{run.pid}/task/*/schedstat"):
        try:
            delays.setdefault(path, []).append(int(open(path).read().split()[1]))
        except (OSError, IndexError):
            pass
    time.sleep(0.02)
reading.join()
status = run.returncode
ended = time.monotonic() - last
over.set()
if kind != "idle":
    listening.join()
if kind == "slow":
    open("stream", "wb").write(stream)
print(json.dumps({
    "status": status, "answers": answers, "datagrams": len(times), "octets": len(stream), "words": words[0], "ended": ended,
    "delayed": sum(seen[-1] - seen[0] for seen in delays.values()) / 1e9}))
