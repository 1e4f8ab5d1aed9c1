"""Writes what other programs read of a simulated capture as their users would: score_results.py CAPTURE DATABASE.xml FOLDER

Frames are cut into packets by simulated.py, interface by interface, to FOLDER/packets.bin and, for tshark, FOLDER/packets.pcap with
a packet a datagram. Then space_packet_parser's values go to FOLDER/spp.jsonl, and ccsdspy's, of the power of the test satellite
Songjiang, to FOLDER/ccsdspy.csv. Prints counts as JSON.
"""

import collections
import io
import json
import logging
import struct
import sys
from pathlib import Path

logging.disable()
import ccsdspy  # noqa: E402
import ccsdspy.utils  # noqa: E402
import pandas  # noqa: E402
import space_packet_parser as spp  # noqa: E402
from ccsdspy import PacketArray, PacketField, VariableLength  # noqa: E402
from ccsdspy.converters import EnumConverter, LinearConverter  # noqa: E402

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.dont_write_bytecode = True
import simulated  # noqa: E402


def packets(capture):
    """The octets of each packet, once for each interface."""
    names, captured = simulated.blocks(capture)
    frames = collections.defaultdict(list)
    for interface, _, octets in captured:
        frames[interface, octets[43] >> 1 & 7].append(octets[42:])
    found = []
    for (_, channel), sequence in frames.items():
        if channel != 7:
            found += [octets for _, _, octets, _ in simulated.packets_of([(frame, None) for frame in sequence], len(sequence[0]))]
    return found


def datagrams(found):
    """A capture file of UDP datagrams from port 5000 to port 5001."""
    out = struct.pack("<IHHIIII", 0xA1B2C3D4, 2, 4, 0, 0, 1 << 18, 1)
    for octets in found:
        udp = struct.pack(">HHHH", 5000, 5001, 8 + len(octets), 0) + octets
        head = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0, b"\x7f\0\0\1", b"\x7f\0\0\1")
        frame = bytes(12) + b"\x08\0" + head + udp
        out += struct.pack("<IIII", 0, 0, len(frame), len(frame)) + frame
    return out


def plain(value):
    """A value as `json` writes it."""
    for kind in (bool, int, float, str):
        if isinstance(value, kind):
            return kind(value)
    return value.hex() if isinstance(value, bytes) else str(value)


def parsed(data, database):
    definition = spp.load_xtce(database)
    lines, beyond = [], 0
    for octets in spp.ccsds_generator(io.BytesIO(data)):
        try:
            values = definition.parse_bytes(octets)
            lines.append({name: plain(value) for name, value in values.items()})
        except ValueError:
            # It finds no value for the last point of a spline.
            beyond += 1
    return lines, beyond


def housekeeping():
    """Housekeeping of Songjiang's power, as a user of ccsdspy writes it down: names, bits, and how raw numbers are converted."""
    def scaled(name, bits, step, kind="uint"):
        return PacketField(name, kind, bits), LinearConverter(step, 0)

    def whole(name, bits, converter=None):
        return PacketField(name, "uint", bits), converter

    modes = EnumConverter({0: "IDLE", 1: "BULK", 2: "TAPER", 3: "TRICKLE"})
    fields = [
        whole("time_seconds", 32), whole("time_fraction", 16),
        scaled("eps_battery_voltage", 12, 0.01), scaled("eps_battery_current", 14, 0.0025, "int"),
        whole("eps_eclipse", 1), whole("eps_heater_auto", 1), whole("eps_charge_mode", 2, modes), whole("spare", 2),
        scaled("eps_state_of_charge", 8, 0.5), whole("temperature_1", 12), whole("temperature_2", 12),
        scaled("eps_bus_voltage", 12, 0.01), scaled("eps_bus_current", 12, 0.005, "int"),
        PacketArray(name="rest", data_type="uint", bit_length=8, array_shape="expand"),
    ]
    definition = VariableLength([field[0] if isinstance(field, tuple) else field for field in fields])
    for field in fields:
        if isinstance(field, tuple) and field[1]:
            definition.add_converted_field(field[0]._name, field[0]._name, field[1])
    return definition


def tables(data):
    """What ccsdspy reads: values of housekeeping, and of all other APIDs the headers."""
    octets = PacketArray(name="octets", data_type="uint", bit_length=8, array_shape="expand")
    for apid, stream in sorted(ccsdspy.utils.split_by_apid(io.BytesIO(data)).items()):
        definition = housekeeping() if apid == 272 else VariableLength([octets])
        columns = definition.load(stream, include_primary_header=True)
        yield pandas.DataFrame({name: values for name, values in columns.items() if name not in ("octets", "rest")})


def main(capture, database, folder):
    folder = Path(folder)
    found = packets(capture)
    data = b"".join(found)
    (folder / "packets.bin").write_bytes(data)
    (folder / "packets.pcap").write_bytes(datagrams(found))
    lines, beyond = parsed(data, database)
    (folder / "spp.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    pandas.concat(tables(data)).to_csv(folder / "ccsdspy.csv", index=False)
    print(json.dumps({"packets": len(found), "parsed": len(lines), "beyond": beyond}))


main(*sys.argv[1:])
