#!/usr/bin/env python3
"""Runs pipelines beside sources that feed them and sinks that stall, fail or go away, for RunTests. Says "ok", or why not.

usage: pipelines.py CASE PROGRAM CAPTURE FOLDER   CAPTURE is a classic pcap of UDP over IPv4 over Ethernet, little-endian
"""
import json, os, resource, signal, socket, sqlite3, struct, subprocess, sys, threading, time

sys.dont_write_bytecode = True
import waiting
from feeding import payloads, send
from waiting import HOST, bound, free_port, until

case, program, capture, folder = sys.argv[1:5]
os.chdir(folder)
packets = list(payloads(capture))


def start(text, *arguments, limit=None):
    with open("pipeline.yaml", "w") as file:
        file.write(text)

    def prepare():
        if limit:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    command = [program, "run", "pipeline.yaml", "--report", "report.json", *arguments]
    return waiting.ended_with_us(subprocess.Popen(command, stderr=subprocess.PIPE, preexec_fn=prepare))


def end(process, seconds=waiting.PATIENCE):
    try:
        words = process.communicate(timeout=seconds)[1].decode()
    except subprocess.TimeoutExpired:
        process.kill()
        sys.exit(f"did not end: {process.communicate()[1].decode()}")
    return process.returncode, words


def report():
    found = json.load(open("report.json"))
    for source in found["sources"]:
        assert source["ledger"]["balanced"], source
    return found, {route["name"]: route for route in found["routes"]}


def feed(number, count):
    send(number, (packets[index % len(packets)] for index in range(count)))


def lines(name):
    return [json.loads(line) for line in open(name)]


def whole_lines(name):
    """The lines of a file whose writer was killed: only the last may be cut."""
    text = open(name).read()
    return [json.loads(line) for line in text.split("\n")[:-1]]


def values(rows):
    return [(row["apid"], row["sequence"], row["parameters"]) for row in rows]


def database(name):
    with sqlite3.connect(name) as base:
        assert base.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        tables = [row[0] for row in base.execute("SELECT table_name FROM types")]
        rows = sum(base.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0] for table in tables)
        return base.execute("SELECT name, packets, finished FROM files ORDER BY id").fetchall(), rows


def two_sources():
    ports = [free_port("udp"), free_port("udp")]
    process = start(f"""
sources: [udp://{HOST}:{ports[0]}, udp://{HOST}:{ports[1]}]
routes:
  - {{name: base, to: all.db}}
  - {{name: lines, to: all.jsonl}}
  - {{name: capture, to: all.pcapng}}
  - {{name: within, to: within.jsonl, filter: "apid == 272 and within 1 s of (apid == 257)"}}
""", "--count", "1000")
    for number in ports:
        bound(number)
    threads = [threading.Thread(target=feed, args=(number, 1000)) for number in ports]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    status, words = end(process)
    assert status == 0, words
    _, routes = report()
    assert all(routes[name]["chosen"] == 2000 == routes[name]["written"] for name in ("base", "lines", "capture")), routes
    files, rows = database("all.db")
    assert [(n, p, f) for n, p, f in sorted(files)] == sorted((f"udp://{HOST}:{p}", 1000, 1) for p in ports), files
    assert rows == 2000
    found = lines("all.jsonl")
    wanted = values(lines_of_file()) * 8
    for number in ports:
        mine = [row for row in found if row["flow"].endswith(f":{number}")]
        assert values(mine) == wanted[:1000], number
    again = json.loads(subprocess.run([program, "inspect", "--format", "json", "all.pcapng"], check=True,
                                      capture_output=True).stdout)
    assert again["capture"]["packets"] == 2000 and len(again["capture"]["interfaces"]) == 2, again["capture"]
    assert 0 < routes["within"]["written"] == len(lines("within.jsonl"))


def lines_of_file():
    text = subprocess.run([program, "decode", capture, "--format", "jsonl"], check=True, capture_output=True).stdout
    return [json.loads(line) for line in text.decode().splitlines()]


def killed():
    number = free_port("udp")
    process = start(f"""
sources: [udp://{HOST}:{number}]
routes:
  - to: all.db
  - to: all.jsonl
  - to: all.pcapng
  - to: all.pcap
  - to: all.csv
  - to: all.packets
""")
    bound(number)
    feeder = threading.Thread(target=feed, args=(number, 12_000), daemon=True)
    feeder.start()
    until(lambda: os.path.getsize("all.jsonl") > 1_000_000, "nothing is written")
    until(lambda: database("all.db")[1] > 0, "nothing is committed")
    for name in ("all.pcapng", "all.pcap", "all.packets"):
        until(lambda: os.path.getsize(name) > 100_000, f"{name} is not written")
    process.kill()
    process.wait()
    files, rows = database("all.db")
    assert rows > 0 and files[0][1] == rows and files[0][2] == 0, (files, rows)
    found = whole_lines("all.jsonl")
    wanted = values(lines_of_file()) * 100
    assert len(found) > 1000 and values(found) == wanted[: len(found)]
    for name in ("all.pcapng", "all.pcap", "all.packets"):
        run = subprocess.run([program, "inspect", "--format", "json", name], capture_output=True)
        count = json.loads(run.stdout)["ledger"]
        assert count["balanced"] and count["decoded"] > 30_000, (name, count)
    for name in ("all.pcapng", "all.pcap"):
        if subprocess.run(["which", "capinfos"], capture_output=True).returncode == 0:
            run = subprocess.run(["capinfos", "-c", "-M", name], capture_output=True)
            assert b"Number of packets" in run.stdout, run


def terminated():
    number = free_port("udp")
    process = start(f"""
sources: [udp://{HOST}:{number}]
routes: [{{to: all.jsonl}}, {{to: all.db}}]
""")
    bound(number)
    feed(number, 2000)
    waiting.lines("all.jsonl", 2000)
    process.send_signal(signal.SIGTERM)
    status, words = end(process)
    assert status == 130, (status, words)
    found, routes = report()
    assert found["complete"] is False
    assert routes["all.jsonl"]["written"] == 2000 == len(lines("all.jsonl")), routes
    assert database("all.db")[1] == 2000


def gone_peer():
    # The port stays ours while nobody listens.
    server, other = socket.create_server((HOST, 0), reuse_port=True), socket.socket()
    peer = server.getsockname()[1]
    other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    other.bind((HOST, peer))
    process = start(f"""
routes:
  - {{name: peer, to: "tcp://{HOST}:{peer}", format: jsonl, when_failing: retry}}
  - to: all.jsonl
""", *[capture] * 60)
    pieces = []
    # The first reader goes away in the middle, and nobody is there for a while.
    client, _ = server.accept()
    pieces.append(client.recv(100_000))
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()
    server.close()
    time.sleep(0.5)
    other.listen()
    client, _ = other.accept()
    piece = b""
    while more := client.recv(1 << 20):
        piece += more
    pieces.append(piece)
    status, words = end(process)
    assert status == 0, words
    _, routes = report()
    assert routes["peer"]["written"] == routes["all.jsonl"]["written"] == 60 * 136, routes
    assert routes["peer"]["retries"] > 0 and routes["peer"]["failure"], routes
    # What was in the system's buffers when the first one went is gone; what follows is all there, in order, from a whole line on.
    wanted = open("all.jsonl", "rb").read()
    assert wanted.endswith(pieces[1]) and wanted.startswith(pieces[0][: pieces[0].rfind(b"\n") + 1])
    assert wanted[len(wanted) - len(pieces[1]) - 1 :][:1] == b"\n"


def stalled_peer():
    server = socket.create_server((HOST, 0))
    server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    process = start(f"""
routes:
  - {{name: peer, to: "tcp://{HOST}:{server.getsockname()[1]}", format: jsonl, when_slow: drop, queue_megabytes: 1}}
  - to: all.jsonl
""", *[capture] * 300)
    client, _ = server.accept()
    until(lambda: os.path.exists("all.jsonl") and os.path.getsize("all.jsonl") > 20_000_000, "the other is held back")
    text = b""
    while more := client.recv(1 << 20):
        text += more
    status, words = end(process)
    assert status == 1 and "dropped, since it was too slow" in words, (status, words)
    _, routes = report()
    peer = routes["peer"]
    assert routes["all.jsonl"]["written"] == 300 * 136 == peer["written"] + peer["dropped"], routes
    assert peer["dropped"] > 0 and peer["lost"] == 0
    assert len([json.loads(line) for line in text.splitlines()]) == peer["written"]


def dead_peer():
    process = start(f"""
routes:
  - {{name: peer, to: "tcp://{HOST}:{free_port()}", format: jsonl, when_failing: continue}}
  - to: all.jsonl
""", capture)
    status, words = end(process)
    assert status == 1 and "136 lost" in words and "Connection refused" in words, (status, words)
    _, routes = report()
    assert routes["peer"]["lost"] == 136 and routes["peer"]["written"] == 0
    assert len(lines("all.jsonl")) == 136
    process = start(f"""
routes:
  - {{name: peer, to: "tcp://{HOST}:{free_port()}", format: jsonl}}
  - to: other.jsonl
""", capture)
    status, words = end(process)
    assert status == 2 and "Connection refused" in words, (status, words)


def stuck_end():
    """Nobody ever takes anything, and the source waits: Ctrl-C ends it all the same."""
    process = start(f"""
routes:
  - {{name: peer, to: "tcp://{HOST}:{free_port()}", format: jsonl, when_failing: retry, queue_megabytes: 1}}
""", *[capture] * 300)
    # When its queue is full it rests, but for an attempt now and then.
    waiting.catches(process.pid, signal.SIGINT)
    waiting.asleep(process.pid)
    process.send_signal(signal.SIGINT)
    status, words = end(process)
    assert status == 130, (status, words)
    _, routes = report()
    assert routes["peer"]["lost"] == routes["peer"]["chosen"] > 0, routes


def full_disk():
    """A file may have so many octets and no more."""
    process = start("""
routes:
  - {name: lines, to: all.jsonl, when_failing: continue}
  - {name: table, to: all.csv, when_failing: continue}
  - {name: folder, to: tables/, when_failing: continue}
  - {name: base, to: all.db, when_failing: continue}
  - {name: capture, to: all.pcapng, when_failing: continue}
  - {name: nothing, to: "null"}
""", *[capture] * 300, limit=2_000_000)
    status, words = end(process)
    assert status == 1, (status, words)
    _, routes = report()
    assert routes["nothing"]["chosen"] == 300 * 136
    for name in ("lines", "table", "folder", "base"):
        route = routes[name]
        assert route["failure"] and route["written"] + route["lost"] == 300 * 136, route
    assert len(lines("all.jsonl")) == routes["lines"]["written"] > 0
    text = open("all.csv").read()
    assert text.endswith("\n") and text.count("\n") == routes["table"]["written"] + 1
    rows = 0
    for name in os.listdir("tables"):
        text = open(f"tables/{name}").read()
        assert name.endswith(".csv") and text.endswith("\n"), name
        rows += text.count("\n") - 1
    assert rows == routes["folder"]["written"]
    assert database("all.db")[1] == routes["base"]["written"]
    run = subprocess.run([program, "inspect", "--format", "json", "all.pcapng"], capture_output=True)
    assert json.loads(run.stdout)["capture"]["packets"] == routes["capture"]["written"], routes
    process = start("routes: [{to: other.jsonl}, {to: other.pcapng}]", *[capture] * 300, limit=2_000_000)
    status, words = end(process)
    assert status == 2 and "other.jsonl cannot be written: File too large" in words, (status, words)


cases = [two_sources, killed, terminated, gone_peer, stalled_peer, dead_peer, stuck_end, full_disk]
{function.__name__: function for function in cases}[case]()
print("ok")
