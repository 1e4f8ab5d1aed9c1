#!/usr/bin/env python3
"""Receives what `starlane replay` sends, for ReplayTests and ReplayTargetTests.

usage: replay.py udp|tcp|listen|clients:OCTETS|leaving|keys FOLDER PROGRAM ARGUMENT…

PORT and PORT2 in the arguments stand for free ports. Datagrams are written to FOLDER/0.pcap and 1.pcap as packets of IPv4
with the kernel's times, streams to FOLDER/stream; a line of JSON says what the program came to and how long it took by the
kernel's clock. Clients are three: one reads all, which are so many octets, one reads when that has come, one leaves; leaving is one
that does. Keys are pressed on a terminal of its own, which is looked at afterwards.
"""
import fcntl, json, os, pty, select, signal, socket, struct, subprocess, sys, termios, threading, time

sys.dont_write_bytecode = True
import waiting
from waiting import HOST, free_port

kind, folder, program = sys.argv[1:4]
kind, _, whole = kind.partition(":")
arguments = sys.argv[4:]
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
    return waiting.ended_with_us(subprocess.Popen([program] + named, stdout=subprocess.PIPE, stderr=subprocess.PIPE))


def finish(child, more):
    out, words = child.communicate(timeout=waiting.PATIENCE)
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
    waiting.bound(port, "tcp")
    return socket.create_connection((HOST, port))


def clients():
    port = free_port()
    named = [a.replace("PORT", str(port)) for a in arguments]
    child = waiting.ended_with_us(subprocess.Popen(
        [program] + named, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE))
    peers, octets, has_come = [], [0, 0, 0], threading.Event()
    for number in range(3):
        peer = connected(port)
        # Little room, so that who does not read is soon behind.
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 16)
        peers.append(peer)

    def read(number, waits, most):
        if waits:
            has_come.wait()
        while octets[number] < most and (piece := peers[number].recv(1 << 16)):
            octets[number] += len(piece)
            if number == 0 and octets[0] >= int(whole):
                has_come.set()
        if number == 0:
            has_come.set()
        peers[number].close()

    threads = [
        threading.Thread(target=read, args=(0, False, 1 << 40)),
        threading.Thread(target=read, args=(1, True, 1 << 40)),
        threading.Thread(target=read, args=(2, False, 100_000)),
    ]
    for thread in threads:
        thread.start()
    waiting.accepted(port, 3)
    child.stdin.write(b"resume\n")
    child.stdin.flush()
    out, words = child.communicate(timeout=waiting.PATIENCE)
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
    screen, count = b"", 0
    # What a shell is: it leads the session of the terminal, and what it starts is a job of its own, which a stop does stop.
    ours, theirs = pty.openpty()
    before = termios.tcgetattr(theirs)
    os.setsid()
    fcntl.ioctl(theirs, termios.TIOCSCTTY, 0)
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)

    def is_restored():
        return termios.tcgetattr(theirs) == before

    def begin():
        def become_job():
            os.setpgid(0, 0)
            os.tcsetpgrp(theirs, os.getpid())
            signal.signal(signal.SIGTTOU, signal.SIG_DFL)

        child = waiting.ended_with_us(subprocess.Popen(
            [program] + named, stdin=theirs, stdout=theirs, stderr=theirs, preexec_fn=become_job))
        shows(b"paused")
        return child

    def read(seconds):
        nonlocal screen
        if select.select([ours], [], [], seconds)[0]:
            screen += os.read(ours, 1 << 16)

    def shows(word):
        """Until the terminal shows something new."""
        nonlocal screen
        old, screen = screen, b""

        def what():
            read(0.05)
            return word in screen

        waiting.until(what, f"{word} is not shown")
        screen = old + screen

    def steps():
        """Until a datagram has come."""
        nonlocal count

        def what():
            read(0)
            return select.select([receiver], [], [], 0.05)[0]

        os.write(ours, b"s")
        waiting.until(what, "no datagram comes of a step")
        receiver.recv(1 << 16)
        count += 1

    def end(child):
        child.wait(waiting.PATIENCE)
        return is_restored()

    restored = {}
    child = begin()
    was_raw = not termios.tcgetattr(theirs)[3] & (termios.ICANON | termios.ECHO)
    steps()
    os.write(ours, b"\x1b[C")
    steps()
    os.write(ours, b"/apid == 272")
    shows(b"filter: apid == 272")
    os.write(ours, b"\r")
    steps()
    os.write(ours, b"q")
    restored["quit"], status = end(child), child.returncode
    shows(b"not sent")
    while select.select([receiver], [], [], 0)[0]:
        receiver.recv(1 << 16)
        count += 1
    for name, number in [("interrupt", signal.SIGINT), ("terminate", signal.SIGTERM)]:
        child = begin()
        child.send_signal(number)
        restored[name] = end(child)
    child = begin()
    os.write(ours, b"\x1a")
    waiting.until(lambda: os.waitid(os.P_PID, child.pid, os.WSTOPPED | os.WNOHANG), "it does not stop")
    restored["stop"] = is_restored()
    child.send_signal(signal.SIGCONT)
    # It goes on where it was, and takes keys again.
    waiting.until(lambda: not is_restored(), "the terminal is not raw again")
    os.write(ours, b"q")
    restored["go on"] = end(child)
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
