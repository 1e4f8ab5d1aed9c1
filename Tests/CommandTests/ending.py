#!/usr/bin/env python3
"""Is the other end of a program that ends, and prints a JSON object of what came and what was told, for EndingTests.

usage: ending.py CASE PROGRAM FOLDER ARGUMENT...   in the arguments, and in p.yaml, which becomes
pipeline.yaml, PORT is the port, FOLDER the folder

spoken   a server greets, and echoes what comes
slow     a client of tcp-listen:// that speaks and takes nothing until the program has ended, by WORD of the first argument
queued   the program is stopped, datagrams or streams of FILE wait for it, and it goes on with an interrupt behind it
hosts    a name with two addresses, of which the first never answers and the second late
"""
import fcntl, json, os, signal, socket, struct, subprocess, sys, termios, threading, time

sys.dont_write_bytecode = True
import waiting
from waiting import HOST, free_port, until

case, program, folder, *arguments = sys.argv[1:]


def begin(port, given, **pipes):
    pipeline = os.path.join(folder, "p.yaml")
    if os.path.exists(pipeline):
        text = open(pipeline).read().replace("PORT", str(port)).replace("FOLDER", folder)
        open(os.path.join(folder, "pipeline.yaml"), "w").write(text)
    words = [given.replace("PORT", str(port)).replace("FOLDER", folder) for given in given]
    return waiting.ended_with_us(subprocess.Popen(
        [program] + words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **pipes))


def untaken(stream):
    return struct.unpack("i", fcntl.ioctl(stream, termios.TIOCOUTQ, bytes(4)))[0]


def spoken():
    server = socket.create_server((HOST, 0))
    got = []

    def serve():
        try:
            peer, _ = server.accept()
            peer.sendall(b"220 hello\r\n")
            while piece := peer.recv(4096):
                got.append(piece)
                peer.sendall(piece)
        except OSError as error:
            got.append(str(error))

    thread = threading.Thread(target=serve)
    thread.start()
    child = begin(server.getsockname()[1], arguments)
    text, words = child.communicate()
    # Who never came is not waited for.
    server.shutdown(socket.SHUT_RDWR)
    thread.join()
    broken = [piece for piece in got if isinstance(piece, str)]
    octets = b"".join(piece for piece in got if not isinstance(piece, str))
    open(os.path.join(folder, "got"), "wb").write(octets)
    return {"status": child.returncode, "octets": len(octets), "broken": broken, "text": text, "words": words}


def slow():
    port = free_port()
    child = begin(port, arguments[1:], stdin=subprocess.PIPE)
    waiting.bound(port, "tcp")
    peer = socket.create_connection((HOST, port))
    peer.sendall(b"220 hello\r\n")
    # Until nothing more goes; what is to hold does so too where that is only for a moment.
    sent = -1
    while True:
        child.stdin.write("status\n")
        child.stdin.flush()
        now = json.loads(child.stdout.readline())["packets_sent"]
        if now == sent and now > 1000:
            break
        sent = now
        time.sleep(0.2)
    if arguments[0] == "interrupt":
        child.send_signal(signal.SIGINT)
    else:
        child.stdin.write(arguments[0] + "\n")
        child.stdin.flush()
    words = child.stderr.read()
    child.wait()
    got = b""
    while piece := peer.recv(1 << 16):
        got += piece
    open(os.path.join(folder, "got"), "wb").write(got)
    return {"status": child.returncode, "octets": len(got), "words": words}


def queued():
    """The first argument is the scheme, the second the file with what is sent, the third octets of each piece."""
    scheme, path, size = arguments[0], arguments[1], int(arguments[2])
    port = free_port(scheme)
    child = begin(port, arguments[3:])
    waiting.bound(port, scheme)
    waiting.catches(child.pid, signal.SIGINT)
    child.send_signal(signal.SIGSTOP)
    until(lambda: waiting.state(child.pid)["State"][0] == "T", "it does not stop")
    data = open(path, "rb").read()
    pieces = [data[at:at + size] for at in range(0, len(data), size)]
    streams = []
    if scheme == "udp":
        streams.append(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        streams[0].connect((HOST, port))
        for piece in pieces:
            streams[0].send(piece)
    else:
        # A connection a piece, of which each is in the system of the program.
        for piece in pieces:
            streams.append(socket.create_connection((HOST, port)))
            streams[-1].sendall(piece)
            streams[-1].shutdown(socket.SHUT_WR)
        until(lambda: all(untaken(stream) == 0 for stream in streams), "not all has come to its system")
    child.send_signal(signal.SIGINT)
    child.send_signal(signal.SIGCONT)
    text, words = child.communicate()
    return {"status": child.returncode, "pieces": len(pieces), "text": text, "words": words}


def full(address, port):
    """A server whose queue of connections is full, so that the next ones are not answered; and those that fill it."""
    server = socket.socket()
    server.bind((address, port))
    server.listen(0)
    filling = [socket.socket() for _ in range(4)]
    for one in filling:
        one.setblocking(False)
        one.connect_ex(server.getsockname())
    return server, filling


def hosts():
    with open(os.path.join(folder, "hosts"), "w") as file:
        file.write("127.0.0.3 two.test\n127.0.0.4 two.test\n127.0.0.1 localhost\n")
    good, filling = full("127.0.0.4", 0)
    port = good.getsockname()[1]
    dead = full("127.0.0.3", port)
    remote = f"0400007F:{port:04X}"

    def attempts():
        # SYN_SENT.
        return sum(row[2] == remote and row[3] == "02" for row in waiting.rows("tcp"))

    before = attempts()
    line = f"mount --bind '{folder}/hosts' /etc/hosts && getent ahosts two.test >&2 && exec \"$@\""
    child = waiting.ended_with_us(subprocess.Popen(
        ["unshare", "-rm", "sh", "-c", line, "sh", program] + [word.replace("PORT", str(port)) for word in arguments],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True))
    # The other one answers only when it has been tried: to what the system sends again, a second later.
    until(lambda: attempts() > before or child.poll() is not None, "nobody tries it")
    good.settimeout(20)
    known = {one.getsockname() for one in filling}
    octets = 0
    try:
        while child.poll() is None:
            peer, name = good.accept()
            if name in known:
                continue
            while piece := peer.recv(1 << 16):
                octets += len(piece)
            break
    except socket.timeout:
        pass
    text, words = child.communicate()
    return {"status": child.returncode, "octets": octets, "text": text, "words": words}


print(json.dumps({"spoken": spoken, "slow": slow, "queued": queued, "hosts": hosts}[case]()))
