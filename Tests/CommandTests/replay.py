#!/usr/bin/env python3
"""Receives what `starlane replay` sends, for ReplayTests.

usage: replay.py udp|tcp|listen FOLDER PROGRAM ARGUMENT…

PORT and PORT2 in the arguments stand for free ports. Datagrams are written to FOLDER/0.pcap and 1.pcap as packets of IPv4
with the kernel's times, streams to FOLDER/stream; a line of JSON says what the program came to and how long it took by the
kernel's clock.
"""
import json, os, signal, socket, struct, subprocess, sys, time

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


def stream():
    if kind == "tcp":
        server = socket.create_server((HOST, 0))
        child = started([server.getsockname()[1]])
        peer, _ = server.accept()
    else:
        with socket.socket() as probe:
            probe.bind((HOST, 0))
            port = probe.getsockname()[1]
        child = started([port])
        for _ in range(200):
            try:
                peer = socket.create_connection((HOST, port))
                break
            except ConnectionRefusedError:
                time.sleep(0.02)
    data = b""
    while piece := peer.recv(1 << 16):
        data += piece
    open(os.path.join(folder, "stream"), "wb").write(data)
    finish(child, {"octets": len(data)})


datagrams() if kind == "udp" else stream()
