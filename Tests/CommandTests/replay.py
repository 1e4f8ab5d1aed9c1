#!/usr/bin/env python3
"""Receives what `starlane replay` sends, for ReplayTests and ReplayTargetTests.

usage: replay.py udp|tcp|listen|clients|leaving|keys FOLDER PROGRAM ARGUMENT…

PORT and PORT2 in the arguments stand for free ports. Datagrams are written to FOLDER/0.pcap and 1.pcap as packets of IPv4
with the kernel's times, streams to FOLDER/stream; a line of JSON says what the program came to and how long it took by the
kernel's clock. Clients are three: one reads all, one reads late, one leaves; leaving is one that does. Keys are pressed on
a terminal of its own, which is looked at afterwards.
"""
import fcntl, json, os, pty, select, signal, socket, struct, subprocess, sys, termios, threading, time

kind, folder, program = sys.argv[1:4]
arguments = sys.argv[4:]
HOST = "127.0.0.1"
SO_TIMESTAMPNS = 35


def bound(port=0):
    receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    receiver.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
    receiver.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
    receiver.bind((HOST, port))
    receiver.setblocking(False)
    return receiver


def started(ports):
    named = [a.replace("PORT2", str(ports[-1])).replace("PORT", str(ports[0])) for a in arguments]
    return subprocess.Popen([program] + named, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def finish(child, more):
    out, words = child.communicate(timeout=60)
    print(json.dumps({"status": child.returncode, "words": words.decode(), "text": out.decode(errors="replace"), **more}))


def take(receiver, file, times):
    while True:
        try:
            data, ancillary, _, _ = receiver.recvmsg(1 << 16, 256)
        except BlockingIOError:
            return
        seconds, nanoseconds = struct.unpack_from("qq", ancillary[0][2])
        times.append(seconds * 10**9 + nanoseconds)
        udp = struct.pack(">HHHH", 40000, 14010, 8 + len(data), 0) + data
        packet = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 0, 0x4000, 64, 17, 0, bytes([10, 0, 0, 1]),
                             bytes([10, 0, 0, 2])) + udp
        file.write(struct.pack("<IIII", seconds, nanoseconds, len(packet), len(packet)) + packet)


def datagrams():
    receivers = [bound(), bound()]
    files = [open(os.path.join(folder, f"{n}.pcap"), "wb") for n in range(2)]
    for file in files:
        file.write(struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 262144, 101))
    times = [[], []]
    child = started([r.getsockname()[1] for r in receivers])
    isStopped = False
    while child.poll() is None:
        for receiver, file, seen in zip(receivers, files, times):
            take(receiver, file, seen)
        if "--loop" in arguments and len(times[0]) > 300 and not isStopped:
            child.send_signal(signal.SIGINT)
            isStopped = True
        time.sleep(0.002)
    for receiver, file, seen in zip(receivers, files, times):
        take(receiver, file, seen)
        file.close()
    finish(child, {"counts": [len(t) for t in times], "seconds": (times[0][-1] - times[0][0]) / 1e9 if times[0] else 0})


def connected(port):
    for _ in range(200):
        try:
            return socket.create_connection((HOST, port))
        except ConnectionRefusedError:
            time.sleep(0.02)


def free_port():
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def clients():
    port = free_port()
    named = [a.replace("PORT", str(port)) for a in arguments]
    child = subprocess.Popen([program] + named, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    peers, octets = [], [0, 0, 0]
    for number in range(3):
        peer = connected(port)
        # Little room, so that who does not read is soon behind.
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 16)
        peers.append(peer)

    def read(number, delay, most):
        time.sleep(delay)
        while octets[number] < most and (piece := peers[number].recv(1 << 16)):
            octets[number] += len(piece)
        peers[number].close()

    threads = [
        threading.Thread(target=read, args=(0, 0, 1 << 40)),
        threading.Thread(target=read, args=(1, 3, 1 << 40)),
        threading.Thread(target=read, args=(2, 0, 100_000)),
    ]
    for thread in threads:
        thread.start()
    time.sleep(0.2)
    child.stdin.write(b"resume\n")
    child.stdin.flush()
    out, words = child.communicate(timeout=60)
    for thread in threads:
        thread.join()
    print(json.dumps({"status": child.returncode, "words": words.decode(), "text": out.decode(), "octets": octets}))


def leaving():
    port = free_port()
    child = started([port])
    peer = connected(port)
    peer.recv(100)
    peer.close()
    finish(child, {})


def keys():
    receiver = bound()
    named = [a.replace("PORT", str(receiver.getsockname()[1])) for a in arguments]
    screen = b""

    def begin():
        ours, theirs = pty.openpty()
        before = termios.tcgetattr(theirs)

        def lead():
            os.setsid()
            fcntl.ioctl(theirs, termios.TIOCSCTTY, 0)

        child = subprocess.Popen([program] + named, stdin=theirs, stdout=theirs, stderr=theirs, preexec_fn=lead)
        return ours, theirs, before, child

    def until(ours, word, seconds=10):
        nonlocal screen
        start, end = len(screen), time.time() + seconds
        while word not in screen[start:] and time.time() < end:
            if select.select([ours], [], [], 0.05)[0]:
                screen += os.read(ours, 1 << 16)

    def press(ours, octets):
        os.write(ours, octets)
        until(ours, b"\r", 1)
        time.sleep(0.2)

    restored = {}
    ours, theirs, before, child = begin()
    until(ours, b"paused")
    was_raw = not termios.tcgetattr(theirs)[3] & (termios.ICANON | termios.ECHO)
    for octets in [b"s", b"\x1b[C", b"s", b"/apid == 272", b"\r", b"s"]:
        press(ours, octets)
    os.write(ours, b"q")
    child.wait(10)
    until(ours, b"not sent", 2)
    status, restored["quit"] = child.returncode, termios.tcgetattr(theirs) == before
    count = 0
    while select.select([receiver], [], [], 0.1)[0]:
        receiver.recv(1 << 16)
        count += 1
    for name, number in [("interrupt", signal.SIGINT), ("terminate", signal.SIGTERM)]:
        ours, theirs, before, child = begin()
        until(ours, b"paused")
        child.send_signal(number)
        child.wait(10)
        restored[name] = termios.tcgetattr(theirs) == before
    # Nobody lets a program go on that leads its session, so a stop does not stop it; the terminal is put back all the same.
    ours, theirs, before, child = begin()
    until(ours, b"paused")
    seen = []
    os.write(ours, b"\x1a")
    for _ in range(200):
        seen.append(termios.tcgetattr(theirs) == before)
        time.sleep(0.001)
    restored["stop"] = any(seen)
    os.write(ours, b"q")
    child.wait(10)
    print(json.dumps({"status": status, "datagrams": count, "restored": restored, "was_raw": was_raw,
                      "screen": screen.decode(errors="replace")}))


def stream():
    if kind == "tcp":
        server = socket.create_server((HOST, 0))
        child = started([server.getsockname()[1]])
        peer, _ = server.accept()
    else:
        port = free_port()
        child = started([port])
        peer = connected(port)
    data = b""
    while piece := peer.recv(1 << 16):
        data += piece
    open(os.path.join(folder, "stream"), "wb").write(data)
    finish(child, {"octets": len(data)})


kinds = {"udp": datagrams, "clients": clients, "leaving": leaving, "keys": keys}
kinds.get(kind, stream)()
