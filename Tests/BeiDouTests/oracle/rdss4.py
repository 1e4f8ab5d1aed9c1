"""Reads frames of RDSS 4.0, a line of hexadecimal digits each, from standard input, and writes what they say as a line of
JSON each. An oracle for tests: written from the description of the protocol, with nothing of the program's own.

usage: python3 rdss4.py < frames.hex > values.jsonl
"""
import json
import sys


def number(octets):
    return int.from_bytes(octets, "big")


def card(octets):
    return number(octets) % (1 << 21)


def signed(value, sign_bit):
    size = value & ((1 << sign_bit) - 1)
    return -size if value >> sign_bit & 1 else size


def clock(octets):
    limits = [24, 60, 60, 100]
    if any(octet >= limit for octet, limit in zip(octets, limits)):
        return None
    text = ":".join("%02d" % octet for octet in octets[:3])
    return text + ".%02d" % octets[3] if len(octets) == 4 else text


def angle(octets, most, hemispheres=None):
    sign = 1
    if hemispheres:
        if chr(octets[0]) not in hemispheres:
            return None
        sign = 1 if chr(octets[0]) == hemispheres[0] else -1
        octets = octets[1:]
    degree, minute, second, tenth = octets
    if minute > 59 or second > 59 or tenth > 9:
        return None
    return sign * (degree + minute / 60 + (second + tenth / 10) / 3600)


def content(category_bit, length, octets):
    state = "wrong"
    if -(-length // 8) == len(octets):
        state = "ok"
    elif length == len(octets):
        state = "octets"
    form = "chinese"
    if category_bit:
        form = "mixed" if octets[:1] == b"\xa4" else "code"
    return {"length": length, "length_state": state, "form": form}


def glzk(b):
    return {"powers": list(b[:6])}


def dwxx(b):
    return {
        "category": b[0], "origin": ["own", "query_answer"][b[0] >> 5 & 1], "key": bool(b[0] & 16),
        "precision": b[0] >> 3 & 1, "emergency": bool(b[0] & 4), "multi_valued": bool(b[0] & 2),
        "height_kind": ["ordinary", "high"][b[0] & 1], "queried": card(b[1:4]), "time_of_day": clock(b[4:8]),
        "longitude": angle(b[8:12], 180), "latitude": angle(b[12:16], 90), "height": signed(number(b[16:18]), 14),
        "height_anomaly": signed(number(b[18:20]), 8),
    }


def txxx(b):
    out = {
        "category": b[0], "receipt": bool(b[0] & 16), "kind": ["communication", "query_answer"][b[0] >> 3 & 1],
        "key": bool(b[0] & 4), "sender": card(b[1:4]), "sent_time": clock(b[4:6]),
        "crc": {0: "good", 1: "bad"}.get(b[-1]),
    }
    out.update(content(b[0] >> 5 & 1, number(b[6:8]), b[8:-1]))
    return out


def txsq(b):
    if b[0] >> 5 == 3:
        names = {
            0: "last_position", 1: "last_two_positions", 2: "last_three_positions", 4: "newest_message",
            5: "message_by_sender", 6: "receipt",
        }
        return {"category": b[0], "query": names.get(b[0] >> 2 & 7), "queried": card(b[1:4])}
    out = {
        "category": b[0], "key": bool(b[0] & 16), "class": {0: "express", 1: "ordinary"}.get(b[0] >> 2 & 3),
        "password": bool(b[0] & 1), "receiver": card(b[1:4]), "answer": b[6],
        "kind": "communication" if b[0] >> 5 == 2 else None,
    }
    out.update(content(b[0] >> 1 & 1, number(b[4:6]), b[7:]))
    return out


def txhz(b):
    count = min(b[3], (len(b) - 4) // 4)
    rows = [b[4 + 4 * i:8 + 4 * i] for i in range(count)]
    return {
        "receiver": card(b[:3]), "count": b[3],
        "sent_times": ["%02d:%02d" % tuple(row[:2]) for row in rows],
        "received_times": ["%02d:%02d" % tuple(row[2:]) for row in rows],
    }


def icxx(b):
    if b[0]:
        return {"frame": b[0], "subordinates": [card(b[i:i + 3]) for i in range(1, len(b) - 2, 3)]}
    return {
        "frame": 0, "broadcast": card(b[1:4]), "user_kind": b[4], "service_frequency": number(b[5:7]), "level": b[7],
        "encryption": b[8], "subordinate_count": number(b[9:11]),
    }


def zjxx(b):
    return {"ic": b[0], "hardware": b[1], "battery": b[2], "inbound": b[3], "powers": list(b[4:10])}


def fkxx(b):
    kinds = [
        "success", "failure", "signal_not_locked", "battery_low", "frequency_not_reached", "encryption_error",
        "crc_error", "suppressed", "suppression_lifted",
    ]
    out = {"kind": kinds[b[0]] if b[0] < len(kinds) else None, "detail": b[1:5].hex()}
    letters = all(0x41 <= octet <= 0x5A for octet in b[1:5])
    out["sentence"] = b[1:5].decode() if letters and b[0] in (0, 1, 2, 6) else None
    wait = number(b[1:5])
    if wait > 86400 and int.from_bytes(b[1:5], "little") <= 86400:
        wait = int.from_bytes(b[1:5], "little")
    out["wait"] = wait if b[0] == 4 else None
    return out


def dwsq(b):
    out = {
        "category": b[0], "emergency": bool(b[0] & 32),
        "height_mode": ["given", "none", "method_1", "method_2"][b[0] >> 2 & 3],
        "height_kind": ["ordinary", "high"][b[0] & 1], "pressure": (number(b[5:9]) >> 12) / 10,
        "temperature": signed(number(b[5:9]) & 0xFFF, 11) / 10, "frequency": number(b[9:11]),
    }
    if b[0] & 1:
        out["height"] = signed(number(b[1:5]), 31)
    else:
        out.update({"height": signed(number(b[1:3]), 15), "antenna_height": number(b[3:5])})
    return out


def gnpx(b):
    return {
        "longitude": angle(b[:5], 180, "EW"), "latitude": angle(b[5:10], 90, "NS"),
        "height": signed(number(b[10:12]), 15), "stated_speed": number(b[12:14]),
        "stated_direction": number(b[14:16]), "satellites": b[16], "state": b[17], "dop": b[18] / 10,
        "stated_error": number(b[19:21]),
    }


BODIES = {
    "GLZK": glzk, "DWXX": dwxx, "TXXX": txxx, "TXSQ": txsq, "TXHZ": txhz, "ICXX": icxx, "ZJXX": zjxx, "FKXX": fkxx,
    "DWSQ": dwsq, "GNPX": gnpx, "GLJC": lambda b: {"frequency": b[0]}, "ICJC": lambda b: {"frame": b[0]},
    "XTZJ": lambda b: {"frequency": number(b[:2])}, "SJSC": lambda b: {"frequency": number(b[:2])},
    "CKSC": lambda b: {
        "rate": dict(enumerate("19200 1200 2400 4800 9600 38400 57600 115200".split())).get(b[0])},
    "BSSZ": lambda b: {"beams": list(b[:6]), "response_beam": b[6]}, "LZSZ": lambda b: {"zero_value": number(b[:4])},
    "XHXX": lambda b: {"serial": number(b[:4])},
    "LZXX": lambda b: {"zero_value": number(b[:4] if len(b) > 3 else b[:2])},
    "JMSZ": lambda b: {"silence": {0: "silent", 1: "not_silent"}.get(b[0])},
    "GLXX": lambda b: {"information": b[:32].hex()}, "BBXX": lambda b: {},
}


def read(frame):
    assert frame[:1] == b"$" and number(frame[5:7]) == len(frame)
    check = 0
    for octet in frame:
        check ^= octet
    assert check == 0
    out = {"name": frame[1:5].decode(), "address": card(frame[7:10])}
    out.update(BODIES[out["name"]](frame[10:-1]))
    return out


for line in sys.stdin:
    print(json.dumps(read(bytes.fromhex(line))))
