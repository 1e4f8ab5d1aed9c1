"""What the programs that feed starlane share."""
import socket, struct, time

from waiting import HOST, queued


def payloads(capture):
    """The UDP payloads of a classic pcap over IPv4 over Ethernet, little-endian."""
    data = open(capture, "rb").read()
    at = 24
    while at < len(data):
        size = struct.unpack_from("<I", data, at + 8)[0]
        yield data[at + 16 + 42 : at + 16 + size]
        at += 16 + size


def send(port, packets, host=HOST, most=1 << 15):
    """Sends datagrams to a program that is bound to a port, never more than it has room for: however long it does nothing,
    the kernel drops none. Ends where the program does."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(HOST))
        room = 0
        for packet in packets:
            # It takes more memory than its octets.
            room -= 2 * len(packet) + 1024
            while room < 0:
                if not (waiting := queued(port)):
                    return
                if waiting[0] <= most:
                    room = most
                    break
                time.sleep(0.002)
            sender.sendto(packet, (host, port))
