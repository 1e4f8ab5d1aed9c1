"""Makes space packets with the PyPI package spacepackets and writes them: `spacepacketer.py COUNT OUTPUT`. Their data fields are
packed of numbers by struct, one format a type, as a script for a rig does it."""

import struct
import sys

from spacepackets.ccsds.spacepacket import PacketType, SpHeader

count, path = int(sys.argv[1]), sys.argv[2]
formats = [(272, ">IHhHhBBBHHHHHHI"), (288, ">IHhhhhhhhhhhHI"), (336, ">IHBBiiiiiiHB"), (257, ">IHBBHHIHhI")]
packers = [(apid, struct.Struct(form), [7 + i for i in range(len(struct.unpack(form, bytes(struct.calcsize(form)))))])
           for apid, form in formats]
with open(path, "wb") as file:
    for number in range(count):
        apid, packer, values = packers[number & 3]
        data = packer.pack(*values)
        header = SpHeader(
            packet_type=PacketType.TM, apid=apid, seq_count=number & 0x3FFF, data_len=len(data) - 1, sec_header_flag=True)
        file.write(header.pack() + data)
