"""What the programs that feed starlane share."""
import struct


def payloads(capture):
    """The UDP payloads of a classic pcap over IPv4 over Ethernet, little-endian."""
    data = open(capture, "rb").read()
    at = 24
    while at < len(data):
        size = struct.unpack_from("<I", data, at + 8)[0]
        yield data[at + 16 + 42 : at + 16 + size]
        at += 16 + size
