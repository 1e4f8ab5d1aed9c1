#!/usr/bin/env python3
"""Feeds the program from sockets and prints what it made of it, for LiveCommandTests.

usage: live.py CASE PROGRAM CAPTURE FOLDER   CAPTURE is a classic pcap of UDP over IPv4 over Ethernet, little-endian
"""
import os, random, signal, socket, struct, subprocess, sys, termios, threading, time

sys.dont_write_bytecode = True
import waiting
from feeding import payloads, send
from waiting import HOST, free_port

case, program, capture, folder = sys.argv[1:5]
random.seed(20260314)


def start(arguments, out):
    out = open(os.path.join(folder, out), "wb")
    return waiting.ended_with_us(subprocess.Popen([program] + arguments, stdout=out, stderr=subprocess.PIPE))


def ip(number, payload):
    return struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), 0, 0x4000, 64, number, 0, bytes([10, 0, 0, 1]),
                       bytes([10, 0, 0, 2])) + payload


def pcap(name, packets):
    with open(os.path.join(folder, name), "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 101))
        for index, packet in enumerate(packets):
            file.write(struct.pack("<IIII", 1773450000, index % 1000000, len(packet), len(packet)) + packet)


def udp(payload):
    return ip(17, struct.pack(">HHHH", 40000, 14010, 8 + len(payload), 0) + payload)


def segments(data):
    sequence = 1
    yield ip(6, struct.pack(">HHIIBBHHH", 40000, 14010, 0, 0, 0x50, 2, 65535, 0, 0))
    for piece in cut(data):
        yield ip(6, struct.pack(">HHIIBBHHH", 40000, 14010, sequence, 1, 0x50, 0x18, 65535, 0, 0) + piece)
        sequence += len(piece)


def cut(data):
    at = 0
    while at < len(data):
        size = random.choice([1, 2, 3, 7, 50, 300, 1400, 1400])
        yield data[at : at + size]
        at += size


FRAMINGS = {
    "none": lambda p: p,
    "length:4": lambda p: struct.pack(">I", len(p)) + p,
    "length:2,adjust=-2": lambda p: struct.pack(">H", len(p) + 2) + p,
    "length:1,offset=2": lambda p: b"\xAA\xBB" + bytes([len(p)]) + p,
    "length:2,offset=4,adjust=1,strip=0": lambda p: p,
    "marker:1ACFFC1D": lambda p: b"\x1A\xCF\xFC\x1D" + p,
}


def carried(name, packets):
    """The packets whose lengths a framing can carry."""
    if name == "fixed:38":
        return [p for p in packets if len(p) == 38]
    return [p for p in packets if len(p) < 256 or "length:1" not in name]


def framed(name, packets):
    return b"".join(FRAMINGS.get(name, FRAMINGS["none"])(p) for p in packets)


def finish(process):
    try:
        words = process.communicate(timeout=waiting.PATIENCE)[1].decode()
    except subprocess.TimeoutExpired:
        process.kill()
        sys.exit(f"did not end: {process.communicate()[1].decode()}")
    print(process.returncode, words.replace("\n", " "))


def stop(process, out, count):
    """Interrupts a program that has written so many lines. Of a stream one packet more is sent: the last one may wait for
    what comes behind it."""
    waiting.lines(os.path.join(folder, out), count)
    process.send_signal(signal.SIGINT)
    finish(process)


def serve(server, data):
    """Sends a stream in pieces to who has connected."""
    client, _ = server.accept()
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for piece in cut(data):
        client.sendall(piece)
    client.close()


packets = list(payloads(capture))
if case == "udp":
    packets *= 150
    pcap("file.pcap", map(udp, packets))
    port = free_port("udp")
    process = start(["decode", f"udp://{HOST}:{port}", "--count", str(len(packets)), "--format", "jsonl"], "live")
    waiting.bound(port)
    send(port, packets)
    finish(process)
elif case == "framings":
    names = list(FRAMINGS) + ["fixed:38"]
    runs = []
    for number, name in enumerate(names):
        sent = carried(name, packets)
        data = framed(name, sent)
        pcap(f"{number}.pcap", segments(data))
        server = socket.create_server((HOST, 0))
        process = start(["decode", f"tcp://{HOST}:{server.getsockname()[1]}?framing={name}", "--format", "jsonl"],
                        f"{number}.live")
        runs.append((process, server, len(sent)))
        data += framed(name, sent[:1])
        threading.Thread(target=serve, args=(server, data), daemon=True).start()
        with open(os.path.join(folder, f"{number}.name"), "w") as file:
            file.write(name)
    for number, (process, _, count) in enumerate(runs):
        stop(process, f"{number}.live", count)
elif case == "reconnect":
    # The port stays ours while nobody listens.
    servers = [socket.create_server((HOST, 0), reuse_port=True), socket.socket()]
    port = servers[0].getsockname()[1]
    servers[1].setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    servers[1].bind((HOST, port))
    process = start(["decode", f"tcp://{HOST}:{port}", "--format", "jsonl"], "live")
    half = len(packets) // 2
    client, _ = servers[0].accept()
    client.sendall(b"".join(packets[:half]))
    client.close()
    servers[0].close()
    # An attempt or two is refused.
    time.sleep(0.7)
    servers[1].listen()
    client, _ = servers[1].accept()
    client.sendall(b"".join(packets[half:] + packets[:1]))
    stop(process, "live", len(packets))
elif case == "clients":
    port = free_port()
    process = start(["decode", f"tcp-listen://{HOST}:{port}?framing=length:4", "--format", "jsonl"], "live")
    waiting.bound(port, "tcp")
    clients = [socket.create_connection((HOST, port)) for _ in range(3)]
    datas = [framed("length:4", packets) for _ in clients]
    while any(datas):
        for index, client in enumerate(clients):
            size = random.randint(1, 2000)
            client.sendall(datas[index][:size])
            datas[index] = datas[index][size:]
    for client in clients:
        client.close()
    stop(process, "live", 3 * len(packets))
elif case == "multicast":
    port, group = free_port("udp"), "239.255.77.1"
    process = start(["decode", f"udp://{group}:{port}?interface=lo", "--count", str(len(packets)), "--format", "jsonl"],
                    "live")
    waiting.bound(port)
    # A group is joined behind the binding, and then there is nothing to do but to wait.
    waiting.asleep(process.pid)
    send(port, packets, group)
    finish(process)
elif case == "pcap":
    port = free_port("udp")
    process = start(["decode", f"pcap://lo?filter=udp%20dst%20port%20{port}", "--count", str(len(packets)), "--format",
                     "jsonl"], "live")
    waiting.captures(process.pid)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        for packet in packets:
            sender.sendto(packet, (HOST, port))
    finish(process)
elif case == "serial":
    ends = [os.path.join(folder, name) for name in ("a", "b")]
    wire = subprocess.Popen(["socat"] + [f"pty,raw,echo=0,link={end}" for end in ends])
    waiting.until(lambda: all(map(os.path.exists, ends)), "socat makes no line")
    # Opened before the program keeps it for itself.
    looked_at = os.open(ends[0], os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    process = start(["decode", f"serial:{ends[0]}?baud=115200", "--format", "jsonl"], "live")
    waiting.has_rate(looked_at, termios.B115200)
    with open(ends[1], "wb", buffering=0) as line:
        for piece in cut(b"".join(packets + packets[:1])):
            line.write(piece)
        stop(process, "live", len(packets))
    wire.terminate()
elif case == "idle":
    for kind in ("udp", "tcp-listen"):
        table = kind[:3]
        port = free_port(table)
        process = start(["inspect", f"{kind}://{HOST}:{port}", "--format", "json"], kind)
        waiting.bound(port, table)
        waiting.catches(process.pid, signal.SIGINT)
        process.send_signal(signal.SIGINT)
        finish(process)
    finish(start(["inspect", f"udp://{HOST}:{free_port('udp')}", "--duration", "0.2", "--format", "json"], "limited"))
elif case == "dropped":
    # A program that stands still does not read: its buffer runs over. It ends when it has read most of as many.
    port, count, most, big = free_port("udp"), 4000, 3000, struct.pack(">HHH", 0x0864, 0xC000, 60000 - 7) + bytes(60000 - 6)
    process = start(["inspect", f"udp://{HOST}:{port}", "--count", str(most), "--format", "json"], "live")
    waiting.bound(port)
    process.send_signal(signal.SIGSTOP)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        for _ in range(count):
            sender.sendto(big, (HOST, port))
    dropped = waiting.queued(port)[1]
    process.send_signal(signal.SIGCONT)
    send(port, [big] * (most - (count - dropped)))
    finish(process)
    print(dropped)
else:
    sys.exit("no such case")
