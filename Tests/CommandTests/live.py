#!/usr/bin/env python3
"""Feeds the program from sockets and prints what it made of it, for LiveCommandTests.

usage: live.py CASE PROGRAM CAPTURE FOLDER   CAPTURE is a classic pcap of UDP over IPv4 over Ethernet, little-endian
"""
import os, random, signal, socket, struct, subprocess, sys, threading, time

sys.dont_write_bytecode = True
from feeding import payloads

case, program, capture, folder = sys.argv[1:5]
random.seed(20260314)
HOST = "127.0.0.1"


def free_port(kind=socket.SOCK_STREAM):
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def start(arguments, out):
    return subprocess.Popen([program] + arguments, stdout=open(os.path.join(folder, out), "wb"), stderr=subprocess.PIPE)


def wait_for(port, table):
    """Until somebody is bound to a port: local addresses are the second column of /proc/net."""
    for _ in range(200):
        for line in open("/proc/net/" + table).read().splitlines()[1:]:
            if int(line.split()[1].rsplit(":", 1)[1], 16) == port:
                return
        time.sleep(0.02)
    sys.exit("nobody listens")


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


def framed(name, packets):
    if name == "fixed:38":
        return b"".join(p for p in packets if len(p) == 38)
    return b"".join(FRAMINGS[name](p) for p in packets if len(p) < 256 or "length:1" not in name)


def finish(process):
    words = process.communicate(timeout=60)[1].decode()
    print(process.returncode, words.replace("\n", " "))


packets = list(payloads(capture))
if case == "udp":
    packets *= 150
    pcap("file.pcap", map(udp, packets))
    port = free_port(socket.SOCK_DGRAM)
    process = start(["decode", f"udp://{HOST}:{port}", "--count", str(len(packets)), "--format", "jsonl"], "live")
    wait_for(port, "udp")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.connect((HOST, port))
        for index, packet in enumerate(packets):
            sender.send(packet)
            if index % 200 == 199:
                time.sleep(0.002)
    finish(process)
elif case == "framings":
    names = list(FRAMINGS) + ["fixed:38"]
    runs = []
    for number, name in enumerate(names):
        data = framed(name, packets)
        pcap(f"{number}.pcap", segments(data))
        server = socket.create_server((HOST, 0))
        process = start(["decode", f"tcp://{HOST}:{server.getsockname()[1]}?framing={name}", "--duration", "3",
                         "--format", "jsonl"], f"{number}.live")
        runs.append((name, server, process, data))

    def serve(server, data):
        client, _ = server.accept()
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for piece in cut(data):
            client.sendall(piece)
        time.sleep(4)
        client.close()

    for name, server, process, data in runs:
        threading.Thread(target=serve, args=(server, data), daemon=True).start()
    for number, (name, server, process, data) in enumerate(runs):
        finish(process)
        with open(os.path.join(folder, f"{number}.name"), "w") as file:
            file.write(name)
elif case == "reconnect":
    server = socket.create_server((HOST, 0))
    port = server.getsockname()[1]
    process = start(["decode", f"tcp://{HOST}:{port}", "--duration", "4", "--format", "jsonl"], "live")
    half = len(packets) // 2
    client, _ = server.accept()
    client.sendall(b"".join(packets[:half]))
    client.close()
    server.close()
    time.sleep(0.7)
    server = socket.create_server((HOST, port))
    client, _ = server.accept()
    client.sendall(b"".join(packets[half:]))
    finish(process)
elif case == "clients":
    port = free_port()
    process = start(["decode", f"tcp-listen://{HOST}:{port}?framing=length:4", "--duration", "3", "--format", "jsonl"],
                    "live")
    wait_for(port, "tcp")
    clients = [socket.create_connection((HOST, port)) for _ in range(3)]
    datas = [framed("length:4", packets) for _ in clients]
    while any(datas):
        for index, client in enumerate(clients):
            size = random.randint(1, 2000)
            client.sendall(datas[index][:size])
            datas[index] = datas[index][size:]
    for client in clients:
        client.close()
    finish(process)
elif case == "multicast":
    port = free_port(socket.SOCK_DGRAM)
    process = start(["decode", f"udp://239.255.77.1:{port}?interface=lo", "--count", str(len(packets)), "--duration",
                     "10", "--format", "jsonl"], "live")
    wait_for(port, "udp")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(HOST))
        for packet in packets:
            sender.sendto(packet, ("239.255.77.1", port))
    finish(process)
elif case == "pcap":
    port = free_port(socket.SOCK_DGRAM)
    process = start(["decode", f"pcap://lo?filter=udp%20dst%20port%20{port}", "--count", str(len(packets)), "--duration",
                     "10", "--format", "jsonl"], "live")
    time.sleep(1)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        for packet in packets:
            sender.sendto(packet, (HOST, port))
    finish(process)
elif case == "serial":
    ends = [os.path.join(folder, name) for name in ("a", "b")]
    wire = subprocess.Popen(["socat"] + [f"pty,raw,echo=0,link={end}" for end in ends])
    while not all(map(os.path.exists, ends)):
        time.sleep(0.02)
    process = start(["decode", f"serial:{ends[0]}?baud=115200", "--duration", "3", "--format", "jsonl"], "live")
    time.sleep(0.7)
    with open(ends[1], "wb", buffering=0) as line:
        for piece in cut(b"".join(packets)):
            line.write(piece)
    finish(process)
    wire.terminate()
elif case == "idle":
    begun = time.time()
    for kind in ("udp", "tcp-listen"):
        port = free_port(socket.SOCK_DGRAM if kind == "udp" else socket.SOCK_STREAM)
        process = start(["inspect", f"{kind}://{HOST}:{port}", "--format", "json"], kind)
        wait_for(port, "udp" if kind == "udp" else "tcp")
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        begun = time.time()
        finish(process)
        print("late" if time.time() - begun > 10 else "in time")
elif case == "dropped":
    # A program that stands still does not read: its buffer runs over.
    port = free_port(socket.SOCK_DGRAM)
    process = start(["inspect", f"udp://{HOST}:{port}", "--duration", "8", "--format", "json"], "live")
    wait_for(port, "udp")
    process.send_signal(signal.SIGSTOP)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.connect((HOST, port))
        big = struct.pack(">HHH", 0x0864, 0xC000, 60000 - 7) + bytes(60000 - 6)
        for _ in range(4000):
            sender.send(big)
    process.send_signal(signal.SIGCONT)
    finish(process)
else:
    sys.exit("no such case")
