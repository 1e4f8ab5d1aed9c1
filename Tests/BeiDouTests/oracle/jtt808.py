"""A small decoder of JT/T 808, written from the facts of the protocol and sharing nothing with Starlane.

Reads frames from standard input, a line of hexadecimal digits each; writes a JSON object a line: the type's id and form,
and its values as texts.
"""
import json
import sys
from datetime import datetime, timedelta

ALARM = """emergency overspeed fatigue danger gnss_fault antenna_open antenna_short power_low power_off display_fault
speech_fault camera_fault card_reader_fault overspeed_warning fatigue_warning illegal_driving tyre_pressure blind_zone
driving_time_over parking_overtime area_crossed route_crossed section_time off_route vss_fault fuel_abnormal stolen
illegal_ignition illegal_movement collision_warning rollover_warning illegal_door""".split()
STATUS = {0: "acc_on", 1: "positioned", 2: "south", 3: "west", 4: "out_of_service", 5: "coordinates_encrypted",
          10: "fuel_cut", 11: "circuit_cut", 12: "doors_locked", 13: "front_door_open", 14: "middle_door_open",
          15: "rear_door_open", 16: "driver_door_open", 17: "own_door_open", 18: "gps", 19: "beidou", 20: "glonass",
          21: "galileo"}
STATUS_2019 = {6: "forward_collision_warning", 7: "lane_departure_warning", 22: "moving"}
ITEMS = {1: 4, 2: 2, 3: 2, 4: 2, 5: 30, 6: 2, 0x12: 6, 0x13: 7, 0x25: 4, 0x2A: 2, 0x2B: 4, 0x30: 1, 0x31: 1}


def u(octets):
    return int.from_bytes(octets, "big")


def unescape(frame):
    assert frame[0] == frame[-1] == 0x7E
    inner = frame[1:-1].replace(b"\x7d\x02", b"\x7e").replace(b"\x7d\x01", b"\x7d")
    check = 0
    for octet in inner:
        check ^= octet
    assert check == 0
    return inner[:-1]


def text(octets):
    return octets.decode("gbk", "strict")


def padded(octets):
    return text(octets.rstrip(b"\0"))


def listed(values):
    return json.dumps(values, separators=(",", ":"), ensure_ascii=False)


def clock(octets, hours):
    return (datetime.strptime("20" + octets.hex(), "%Y%m%d%H%M%S") - timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")


def location(body, new, out):
    alarm, status = u(body[0:4]), u(body[4:8])
    reserved = {31} if new else {15, 16, 17}
    out["alarm"] = listed([f"bit_{b}" if b in reserved else ALARM[b] for b in range(32) if alarm >> b & 1])
    out["emergency"] = "true" if alarm & 1 else "false"
    names = {**STATUS, **(STATUS_2019 if new else {})}
    out["status_flags"] = listed(
        [names.get(b, f"bit_{b}") for b in range(32) if status >> b & 1 and b not in (8, 9)])
    out["acc_on"] = "true" if status & 1 else "false"
    out["positioned"] = "true" if status & 2 else "false"
    out["satellite_systems"] = listed([STATUS[b] for b in range(18, 22) if status >> b & 1])
    out["load"] = {0: "empty", 1: "half", 3: "full"}[status >> 8 & 3]
    out["latitude"] = str((-1 if status & 4 else 1) * (u(body[8:12]) / 1e6))
    out["longitude"] = str((-1 if status & 8 else 1) * (u(body[12:16]) / 1e6))
    out["height"] = str(float(u(body[16:18])))
    out["speed"] = str(u(body[18:20]) / 10)
    out["course"] = str(float(u(body[20:22])))
    out["utc"] = clock(body[22:28], 8)
    rest, seen, others = body[28:], set(), []
    while len(rest) >= 2 and len(rest) >= 2 + rest[1]:
        key, value = rest[0], rest[2:2 + rest[1]]
        rest = rest[2 + len(value):]
        fits = len(value) in (1, 5) if key == 0x11 else ITEMS.get(key) == len(value)
        if not fits or key in seen:
            others.append(f"{key:02X}:{value.hex().upper()}")
            continue
        seen.add(key)
        item(key, value, out)
    if len(body) > 28:
        out["items"] = listed(others)
    if rest:
        out["extra"] = rest.hex().upper()


def item(key, value, out):
    places = ["none", "circle", "rectangle", "polygon", "route"]
    if key in (1, 2, 3):
        out[{1: "mileage", 2: "fuel", 3: "recorder_speed"}[key]] = str(u(value) / 10)
    elif key == 5:
        out["tyre_pressures"] = listed(list(value))
    elif key == 6:
        out["carriage_temperature"] = str(int.from_bytes(value, "big", signed=True))
    elif key == 0x11:
        out["overspeed_place"] = places[value[0]]
        if len(value) == 5:
            out["overspeed_area"] = str(u(value[1:]))
    elif key == 0x12:
        out.update(area_kind=places[value[0]], area_id=str(u(value[1:5])), area_direction=["in", "out"][value[5]])
    elif key == 0x13:
        out.update(section_id=str(u(value[:4])), section_time=str(u(value[4:6])),
                   section_result=["too_short", "too_long"][value[6]])
    elif key == 0x2B:
        out.update(analog_1=str(u(value[:2])), analog_0=str(u(value[2:])))
    else:
        out[{4: "event_id", 0x25: "vehicle_signals", 0x2A: "io_status", 0x30: "network_strength",
             0x31: "satellites"}[key]] = str(u(value))


def settings(octets, out):
    out["count"], rest, found = str(octets[0]), octets[1:], []
    for _ in range(octets[0]):
        key, value = u(rest[:4]), rest[5:5 + rest[4]]
        rest = rest[5 + len(value):]
        if key in (1, 0x18, 0x29):
            found.append(f"0x{key:04X}={u(value)}")
        elif key == 0x13:
            found.append(f"0x{key:04X}={text(value)}")
        else:
            found.append(f"0x{key:04X}:{value.hex().upper()}")
    out["parameters"] = listed(found)


def decode(frame):
    message = unescape(frame)
    key, properties = u(message[:2]), u(message[2:4])
    new = bool(properties & 0x4000)
    start, digits = (5, 10) if new else (4, 6)
    out = {"id": f"0x{key:04X}", "phone": message[start:start + digits].hex().lstrip("0") or "0",
           "version": "2019" if new else "2013", "properties": str(properties)}
    start += digits
    out["flow_number"] = str(u(message[start:start + 2]))
    body = message[start + 2:]
    if properties & 0x2000:
        out.update(id="unknown", message_id=f"0x{key:04X}", encryption="none", part_total=str(u(body[:2])),
                   part_index=str(u(body[2:4])), body=body[4:].hex().upper())
        return out
    assert len(body) == properties & 0x3FF
    if key in (0x0001, 0x8001):
        results = ["success", "failure", "bad_message", "not_supported", "alarm_confirmed"]
        out.update(answered_flow=str(u(body[:2])), answered_id=f"0x{u(body[2:4]):04X}", result=results[body[4]])
    elif key == 0x0100:
        if new:
            widths = (11, 30, 30)
        elif len(body) < 37:
            widths, out["version"] = (5, 8, 7), "2011"
        else:
            widths = (5, 20, 7)
        out.update(province=str(u(body[:2])), city=str(u(body[2:4])))
        rest = body[4:]
        for name, width in zip(("maker", "model", "terminal_id"), widths):
            out[name], rest = padded(rest[:width]), rest[width:]
        colours = {0: "unregistered", 1: "blue", 2: "yellow", 3: "black", 4: "white", 9: "other"}
        out["plate_colour"] = colours[rest[0]]
        if rest[1:]:
            out["plate"] = text(rest[1:])
    elif key == 0x8100:
        results = ["success", "vehicle_already_registered", "vehicle_unknown", "terminal_already_registered",
                   "terminal_unknown"]
        out.update(answered_flow=str(u(body[:2])), result=results[body[2]])
        if body[3:]:
            out["code"] = text(body[3:])
    elif key == 0x0102:
        if new:
            out["code"], rest = text(body[1:1 + body[0]]), body[1 + body[0]:]
            out.update(imei=padded(rest[:15]), software_version=padded(rest[15:35]))
            if not out["code"]:
                del out["code"]
        elif body:
            out["code"] = text(body)
    elif key == 0x0200:
        location(body, new, out)
    elif key == 0x0201:
        out["answered_flow"] = str(u(body[:2]))
        location(body[2:], new, out)
    elif key == 0x0704:
        out.update(count=str(u(body[:2])), kind=["ordinary", "late"][body[2]])
        if body[3:]:
            out["entries"] = body[3:].hex().upper()
    elif key == 0x8300:
        flags = body[0]
        out["source"] = ["navigation", "can_fault_code"][flags >> 5 & 1]
        names = ["emergency", "bit_1", "display", "speech", "advertising_screen", "can_fault_code", "bit_6", "bit_7"]
        if new:
            names[4] = "bit_4"
            out.update(urgency=["", "service", "urgent", "notice"][flags & 3], text_kind=["", "notice", "service"][body[1]])
        else:
            out["emergency"] = "true" if flags & 1 else "false"
        out["flags"] = listed([names[b] for b in range(2 if new else 0, 8) if flags >> b & 1])
        rest = body[2 if new else 1:]
        if rest:
            out["text"] = text(rest)
    elif key in (0x0900, 0x8900):
        kinds = {0: "gnss", 0x0B: "permit_card", 0x41: "serial_1", 0x42: "serial_2", 0xF7: "peripheral_state",
                 0xF8: "peripheral_information"}
        if body[0] in kinds or body[0] >= 0xF0:
            out["kind"] = kinds.get(body[0], f"user_{body[0]:02x}")
        if body[1:]:
            out["content"] = body[1:].hex().upper()
    elif key == 0x8004:
        out["utc"] = clock(body, 0)
    elif key == 0x8103:
        settings(body, out)
    elif key == 0x0104:
        out["answered_flow"] = str(u(body[:2]))
        settings(body[2:], out)
    elif key in (0x8003, 0x0005):
        width = 1 if len(body) % 2 else 2
        rest = body[2 + width:]
        out.update(first_flow=str(u(body[:2])), count=str(u(body[2:2 + width])),
                   indices=listed([u(rest[i:i + 2]) for i in range(0, len(rest), 2)]))
    elif key not in (0x0002, 0x0003, 0x0004, 0x8104):
        out.update(id="unknown", message_id=f"0x{key:04X}", encryption="none", body=body.hex().upper())
        if not body:
            del out["body"]
    return out


for line in sys.stdin:
    print(json.dumps(decode(bytes.fromhex(line.strip()))))
