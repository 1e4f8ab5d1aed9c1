"""The part of Tools/bench that is about packets of telemetry: what runs, what is compared, what proves equal work."""

import json
import subprocess

APIDS, FIRST_APID, FIELDS = 12, 0x120, 30
DATABASE, IMPORT = "starlane decode, SQLite", "SQLite's .import"
SLOW_PACKETS = 50_000  # what the slowest peer gets; its rate is scaled


def layout():
    """Rows (APID, parameter, bit offset, bits, signed, intercept, slope): fields of 4 to 40 bits back to back, the same
    thirty in every APID and in another order in each, so that every APID needs a plan of its own."""
    widths = [8, 12, 16, 4, 24, 10, 14, 32, 16, 8, 11, 13, 16, 40, 8]
    for number in range(APIDS):
        at = 96
        for i in sorted(range(FIELDS), key=lambda i: (i * 7 + number * 11) % FIELDS):
            bits = widths[i % len(widths)]
            yield FIRST_APID + number, i, at, bits, i % 3 == 0, (i - 9) * 1.25, 0.01 * (i + 1)
            at += bits


def database() -> str:
    """The same layout as an XTCE database, for the programs that read one."""
    types, parameters, order = {}, [], {}
    for apid, i, at, bits, signed, intercept, slope in layout():
        order.setdefault(apid, []).append(i)
        rest = 167 * 8 - at - bits
        types[i] = (
            f'<FloatParameterType name="p{i}_type" sizeInBits="64"><IntegerDataEncoding sizeInBits="{bits}"'
            f' encoding="{"twosComplement" if signed else "unsigned"}"><DefaultCalibrator><PolynomialCalibrator>'
            f'<Term coefficient="{intercept!r}" exponent="0"/><Term coefficient="{slope!r}" exponent="1"/>'
            "</PolynomialCalibrator></DefaultCalibrator></IntegerDataEncoding></FloatParameterType>"
        )
    header = {
        "VERSION": 3,
        "TYPE": 1,
        "SEC_HDR_FLG": 1,
        "PKT_APID": 11,
        "SEQ_FLGS": 2,
        "SRC_SEQ_CTR": 14,
        "PKT_LEN": 16,
    }
    for name, bits in header.items():
        types[name] = (
            f'<IntegerParameterType name="{name}_type" signed="false"><IntegerDataEncoding sizeInBits="{bits}"/>'
            "</IntegerParameterType>"
        )
    types["time"] = (
        '<AbsoluteTimeParameterType name="packet_time_type"><Encoding scale="0.0000152587890625"><IntegerDataEncoding'
        ' sizeInBits="48"/></Encoding><ReferenceTime><Epoch>TAI</Epoch></ReferenceTime></AbsoluteTimeParameterType>'
    )
    types["rest"] = (
        f'<BinaryParameterType name="rest_type"><BinaryDataEncoding><SizeInBits><FixedValue>{rest}</FixedValue>'
        "</SizeInBits></BinaryDataEncoding></BinaryParameterType>"
    )
    names = [*header, "packet_time", *(f"p{i}" for i in range(FIELDS)), "rest"]
    parameters = [f'<Parameter name="{n}" parameterTypeRef="{n}_type"/>' for n in names]

    def entries(some):
        return "<EntryList>" + "".join(f'<ParameterRefEntry parameterRef="{n}"/>' for n in some) + "</EntryList>"

    containers = [
        f'<SequenceContainer name="CCSDSPacket" abstract="true">{entries([*header, "packet_time"])}</SequenceContainer>'
    ]
    for apid, some in order.items():
        containers.append(
            f'<SequenceContainer name="packet_{apid:x}">{entries([f"p{i}" for i in some] + ["rest"])}<BaseContainer'
            f' containerRef="CCSDSPacket"><RestrictionCriteria><Comparison parameterRef="PKT_APID" value="{apid}"/>'
            "</RestrictionCriteria></BaseContainer></SequenceContainer>"
        )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<SpaceSystem name="bench" xmlns="http://www.omg.org/spec/XTCE/20180204">'
        "<TelemetryMetaData><ParameterTypeSet>"
        + "\n".join(types.values())
        + "</ParameterTypeSet><ParameterSet>"
        + "\n".join(parameters)
        + "</ParameterSet><ContainerSet>"
        + "\n".join(containers)
        + "</ContainerSet></TelemetryMetaData></SpaceSystem>\n"
    )


def make(folder, rivals, total: int):
    """The capture, its packets bare, a tenth of it, and its database: made once for all parts."""
    if (folder / "bench.xml").exists():
        return
    subprocess.run(["gcc", "-O3", "-Wall", "-o", folder / "make", rivals / "make.c"], check=True)
    subprocess.run([folder / "make", str(total), folder / "bench.pcap", folder / "bench.packets"], check=True)
    with open(folder / "bench.pcap", "rb") as whole:
        (folder / "tenth.pcap").write_bytes(whole.read(24 + total // 10 * 225))
    (folder / "bench.xml").write_text(database())


SPACE_PACKET_PARSER = """
import sys, warnings
warnings.simplefilter("ignore")
import space_packet_parser as spp
definition = spp.load_xtce(sys.argv[1])
with open(sys.argv[2], "rb") as file:
    print(sum(len(definition.parse_bytes(packet)) for packet in spp.ccsds_generator(file)))
"""
CCSDSPY = """
import sys, warnings
warnings.simplefilter("ignore")
import ccsdspy, ccsdspy.utils
tables = {}
for line in open(sys.argv[1]):
    apid, offset, bits, signed = line.split()[:4]
    tables.setdefault(int(apid), []).append((int(bits), signed == "1", int(offset)))
count = 0
for apid, stream in ccsdspy.utils.split_by_apid(sys.argv[2]).items():
    fields = [ccsdspy.PacketField(name="time", data_type="uint", bit_length=48)]
    for i, (bits, signed, offset) in enumerate(tables[apid]):
        fields.append(ccsdspy.PacketField(name=f"p{i}", data_type="int" if signed else "uint", bit_length=bits))
    fields.append(ccsdspy.PacketField(name="rest", data_type="fill", bit_length=167 * 8 - offset - bits))
    count += len(ccsdspy.FixedLength(fields).load(stream)["p0"])
print(count)
"""


class Telemetry:
    """Rows of the benchmark for packets of telemetry."""

    title = "packets of telemetry"

    def __init__(self, bench, chosen, starlane, python, rivals):
        self.bench, self.total, self.rounds = bench, chosen.packets, chosen.rounds
        self.starlane, self.python, self.rivals, self.only = starlane, python, rivals, chosen.only
        self.few = min(SLOW_PACKETS, self.total)
        names = ("bench.pcap", "bench.packets", "bench.xml", "bench.table", "tenth.pcap")
        self.capture, self.bare, self.spec, self.table, self.tenth = (bench.folder / name for name in names)

    def prepare(self):
        """Makes the input and says what is to run on it."""
        folder = self.bench.folder
        make(folder, self.rivals, self.total)
        for name in ("mapped", "blocks", "libpcap"):
            libraries = ["-lpcap"] if name == "libpcap" else []
            subprocess.run(
                ["gcc", "-O3", "-Wall", "-o", folder / name, self.rivals / f"{name}.c", *libraries], check=True
            )
        capture, bare, spec, table, tenth = self.capture, self.bare, self.spec, self.table, self.tenth
        few, part = self.few, folder / "part.packets"
        with open(bare, "rb") as whole:
            part.write_bytes(whole.read(few * 167))
        table.write_text("".join(f"{a} {o} {b} {s:d} {i!r} {k!r}\n" for a, _, o, b, s, i, k in layout()))
        for name, text in (("spp.py", SPACE_PACKET_PARSER), ("ccsdspy_run.py", CCSDSPY)):
            (folder / name).write_text(text)

        n, octets, rounds = self.total, capture.stat().st_size, self.rounds

        def add(name, command, group, packets=n, octets=octets, rounds=rounds):
            self.bench.add(name, command, packets, octets, rounds, group, self)

        if self.starlane.exists():
            parameters = ",".join(f"p{i}" for i in range(FIELDS))
            decode = [self.starlane, "decode", capture, "--spec", spec, "--fields", parameters, "--format"]
            add("starlane --version", [self.starlane, "--version"], "starlane", 1, 0)
            add("starlane inspect", [self.starlane, "inspect", capture], "starlane")
            size = tenth.stat().st_size
            add("starlane inspect, a tenth", [self.starlane, "inspect", tenth], "starlane", n // 10, size)
            add("starlane decode, 30 parameters", [*decode, "null"], "starlane")
            add("starlane decode, JSON lines", [*decode, "jsonl"], "starlane", rounds=min(3, rounds))
            add("starlane decode, CSV", [*decode, "csv"], "starlane", rounds=min(3, rounds))
            if self.only in DATABASE or self.only in IMPORT:
                self.databases(decode, add)
        add("C over libpcap", [folder / "libpcap", capture], "C")
        add("C over mmap", [folder / "mapped", capture], "C")
        add("C over read(2)", [folder / "blocks", capture], "C")
        add("C over mmap, 30 parameters", [folder / "mapped", capture, table], "C")
        add("C over read(2), 30 parameters", [folder / "blocks", capture, table], "C")
        fields = ["-T", "fields", "-e", "frame.time_epoch", "-e", "udp.dstport", "-e", "frame.len"]
        add("tshark -T fields", ["tshark", "-n", "-r", capture, *fields], "peer", rounds=1)
        ccsdspy = [self.python, folder / "ccsdspy_run.py", table, bare]
        add("ccsdspy, raw", ccsdspy, "peer", octets=bare.stat().st_size, rounds=min(3, rounds))
        spp = [self.python, folder / "spp.py", spec, part]
        add("space_packet_parser", spp, "peer", few, part.stat().st_size, 1)

    def databases(self, decode, add):
        """The same rows into a new database, and by sqlite3 from CSV into tables and indexes that are made the same."""
        ours, theirs, script = (self.bench.folder / name for name in ("ours.db", "theirs.db", "import.sql"))
        subprocess.run([*decode, "sqlite", "-o", ours], check=True)

        def ask(*words):
            return subprocess.run(["sqlite3", "-batch", ours, *words], check=True, capture_output=True, text=True).stdout

        lines = ask("SELECT sql || ';' FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type = 'view', rowid")
        for table in ask("SELECT table_name FROM types").split():
            rows = self.bench.folder / f"{table}.csv"
            with open(rows, "w") as file:
                command = ["sqlite3", "-batch", "-csv", ours, f"SELECT * FROM {table}"]
                subprocess.run(command, check=True, stdout=file)
            lines += f".import --csv {rows} {table}\n"
        script.write_text(lines)
        into = [*map(str, decode), "sqlite", "-o", str(ours)]
        rounds = min(3, self.rounds)
        add(DATABASE, ["sh", "-c", 'rm -f "$0"*; exec "$@"', ours, *into], "starlane", rounds=rounds)
        command = 'rm -f "$0"*; exec sqlite3 -batch "$0" <"$1"'
        add(IMPORT, ["sh", "-c", command, theirs, script], "peer", rounds=rounds)
        self.pair = (ours, theirs)

    def about(self) -> str:
        size = self.capture.stat().st_size / 1e6
        return f"{self.total:,} packets, {size:.1f} MB; space_packet_parser reads {self.few:,} of them."

    def goals(self):
        """(this, beside, how many times faster it should be)."""
        return [
            ("starlane inspect", "C over libpcap", 3),
            ("starlane inspect", "C over mmap", None),
            ("starlane inspect", "C over read(2)", 1),
            ("starlane inspect", "tshark -T fields", 300),
            ("starlane decode, 30 parameters", "C over mmap, 30 parameters", None),
            ("starlane decode, 30 parameters", "C over read(2), 30 parameters", 1),
            ("starlane decode, 30 parameters", "ccsdspy, raw", 25),
            ("starlane decode, 30 parameters", "space_packet_parser", 1000),
            ("starlane decode, JSON lines", "space_packet_parser", None),
            ("starlane decode, CSV", "space_packet_parser", None),
            (DATABASE, IMPORT, 1),
        ]

    def values(self):
        """Lines of the table of ratios that say how many values a second were written."""
        for name in ("starlane decode, JSON lines", "starlane decode, CSV"):
            if median := self.bench.median(name):
                values = self.bench.rows[name]["packets"] * FIELDS / median * 1e9
                yield (
                    f"| {name} | values a second | {values / 1e6:,.1f} million | |"
                    f" 10 million: {'met' if values >= 1e7 else 'missed'} |"
                )

    def unequal(self):
        """What shows that one did not do the work that the others did: other counts, or values that are missing."""
        counts = [r["result"] for r in self.bench.rows.values() if r["part"] == self.title and "result" in r]
        if len({json.dumps([c[k] for k in ("packets", "bytes", "apids", "missing")]) for c in counts}) > 1:
            yield f"the C rivals do not count alike: {counts}"
        run = subprocess.run(
            [self.starlane, "inspect", "--format", "json", self.capture], capture_output=True, text=True
        )
        try:
            apids = json.loads(run.stdout.splitlines()[0])["apids"]
            found = [sum(a[k] for a in apids) for k in ("packets", "bytes", "missing")]
            if counts and found != [counts[0][k] for k in ("packets", "bytes", "missing")]:
                yield f"inspect counts {found}, the C loops {counts[0]}"
        except (ValueError, LookupError, TypeError) as error:
            yield f"inspect --format json gives no counts: {error!r}"
        if self.bench.median(DATABASE) and self.bench.median(IMPORT):
            counts = [
                subprocess.run(
                    ["sqlite3", "-readonly", database, "SELECT count(*) FROM packets"], capture_output=True, text=True
                ).stdout.strip()
                for database in self.pair
            ]
            if counts != [str(self.total)] * 2:
                yield f"the databases hold {' and '.join(counts)} rows"
        fields = ",".join(f"p{i}" for i in range(FIELDS))
        command = [self.starlane, "decode", self.tenth, "--spec", self.spec, "--fields", fields, "--format", "jsonl"]
        run = subprocess.run(command, capture_output=True, text=True)
        try:
            values = sum(len(json.loads(line)["parameters"]) for line in run.stdout.splitlines())
        except (ValueError, LookupError, TypeError) as error:
            yield f"decode --format jsonl gives no values: {error!r}"
        else:
            if values != self.total // 10 * FIELDS:
                yield f"decode gives {values} values of a tenth of the capture, which holds {self.total // 10 * FIELDS}"
