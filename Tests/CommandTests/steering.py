"""Steers a simulation and looks what it does: `steering.py udp|slow|idle SCRIPT COMMAND…`.

SCRIPT is JSON, a list of [seconds, line]: each line is written so many seconds behind the answer to the one in front of it. COMMAND is run
with `--to` a receiver here: udp counts datagrams and when they come; slow is a stream that takes nothing before the last line is
answered; idle is one that never does. Prints JSON: status, answers with the seconds that each took, the times of datagrams and of
lines, the octets of the stream, and how long it took to end behind the last answer.
"""
import json
import socket
import subprocess
import sys
import threading
import time

kind, script, command = sys.argv[1], json.loads(sys.argv[2]), sys.argv[3:]
begin = time.monotonic()
times, stream, over = [], bytearray(), threading.Event()


def datagrams(receiver):
    while not over.is_set():
        try:
            receiver.recv(70000)
            times.append(time.monotonic() - begin)
        except socket.timeout:
            pass


def octets(connection):
    connection.settimeout(5)
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

run = subprocess.Popen(command + ["--to", target, "--control"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
if kind != "udp":
    connection = receiver.accept()[0]
answers, lines = [], []
for seconds, line in script:
    time.sleep(seconds)
    asked = time.monotonic()
    try:
        run.stdin.write(line.encode() + b"\n")
        run.stdin.flush()
    except BrokenPipeError:
        break
    found = run.stdout.readline()
    answers.append({"seconds": time.monotonic() - asked, "answer": json.loads(found) if found else None})
    lines.append(asked - begin)
last = time.monotonic()
if kind == "slow":
    listening = threading.Thread(target=octets, args=(connection,))
    listening.start()
try:
    run.stdin.close()
except BrokenPipeError:
    pass
words = run.stderr.read().decode()
status = run.wait()
ended = time.monotonic() - last
time.sleep(0.1)
over.set()
if kind != "idle":
    listening.join()
if kind == "slow":
    open("stream", "wb").write(stream)
print(json.dumps({
    "status": status, "answers": answers, "times": times, "lines": lines, "octets": len(stream), "ended": ended, "words": words}))
