"""The two spacecraft, and a launcher: how often each sends which packet over which channel, and what happens during the pass."""

import math
import random
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from .database import Database
from .frames import Framer
from .signals import Signals

HERE = Path(__file__).resolve().parent
SPECS = HERE.parent.parent / "Specs"
START = 1_773_541_800  # 2026-03-15T02:30:00Z: the pass begins
SEED = 20260315


@dataclass
class Plan:
    """What the databases do not say of a spacecraft."""

    name: str
    spacecraft: int
    counts: int  # where the frame counts begin
    sequence: int  # where the packet counts begin
    schedule: list  # packet type, seconds between packets, virtual channel
    events: list  # seconds, severity, source, code, text
    dips: list  # parameter, from, until, value
    event_packet: str = ""
    event_channel: int = 1


SONGJIANG = Plan(
    "songjiang",
    421,
    190,
    16300,
    [
        ("obc_housekeeping", 6, 0),
        ("eps_housekeeping", 3, 0),
        ("eps_solar", 12, 0),
        ("adcs_state", 3, 0),
        ("adcs_sensors", 6, 0),
        ("tcs_housekeeping", 12, 0),
        ("radio_housekeeping", 8, 0),
        ("xband_housekeeping", 8, 0),
        ("gnss_fix", 4, 0),
        ("gnss_channels", 15, 0),
        ("mmp_housekeeping", 8, 2),
        ("mmp_segment_packet", 1, 2),
        ("beacon", 20, 0),
    ],
    [
        (2.2, "INFO", "RADIO", 0x0101, "pass begins, downlink on"),
        (21.7, "INFO", "MMP", 0x0611, "file 7001 sent"),
        (62.4, "LOW", "EPS", 0x0207, "battery voltage falls: 25.4 V"),
        (70.9, "MEDIUM", "EPS", 0x0208, "battery undervoltage, loads are shed: payload first"),
        (71.3, "HIGH", "OBC", 0x0003, "mode LOW_POWER 低功耗模式"),
        (94.0, "INFO", "EPS", 0x0209, "battery voltage is back: 27.9 V"),
        (96.6, "INFO", "OBC", 0x0004, "mode DOWNLINK"),
        (121.5, "LOW", "ADCS", 0x0315, "star tracker blinded for 1.2 s"),
        (195.1, "INFO", "RADIO", 0x0102, "pass ends, downlink off"),
    ],
    [
        ("eps_battery_voltage", 60, 95, 22.3),
        ("eps_battery_current", 60, 95, 9.4),
        ("eps_bus_voltage", 60, 95, 22.1),
        ("eps_state_of_charge", 60, 95, 31.0),
        ("eps_charge_mode", 60, 95, "IDLE"),
        ("obc_mode", 71, 96.5, "LOW_POWER"),
        ("mmp_state", 71, 96.5, "IDLE"),
        ("mmp_input_power", 71, 96.5, 6.5),
        ("adcs_tracker_state", 121, 124, "BLINDED"),
        ("adcs_star_count", 118, 126, 2.0),
        ("radio_transmit_power", 150, 175, 0.5),
    ],
    "event_log",
)

G60 = Plan(
    "g60",
    710,
    31,
    402,
    [
        ("obc_status", 6, 0),
        ("obc_tasks", 15, 0),
        ("power_battery", 4, 0),
        ("power_solar", 8, 0),
        ("power_distribution", 8, 0),
        ("aocs_attitude", 2, 1),
        ("aocs_wheels", 6, 1),
        ("aocs_propulsion", 12, 1),
        ("thermal_status", 8, 0),
        ("comm_sband", 8, 0),
        ("comm_ka_laser", 8, 0),
        ("gnss_solution", 4, 1),
        ("media_status", 6, 3),
        ("media_data", 1.25, 3),
    ],
    [
        (1.4, "INFO", 4, 0, "ground contact with HANGZHOU"),
        (35.2, "NOTICE", 9, 0, "camera changes to NARROW"),
        (66.0, "DEBUG", 2, 0, "task aocs.estimate took 1.9 ms"),
        (88.8, "WARNING", 6, 0, "wheel 3 is warm: 46.5 degC"),
        (110.3, "INFO", 11, 0, "12 short messages of BeiDou received 收到北斗短报文"),
        (193.0, "INFO", 4, 0, "ground contact ends"),
    ],
    [
        ("aocs_wheel_3_temperature", 80, 110, 46.5),
        ("aocs_wheel_3_speed", 78, 112, 5380.0),
        ("aocs_wheel_3_health", 85, 105, "DEGRADED"),
        ("media_power", 40, 70, 149.0),
        ("comm_ebn0", 118, 140, 2.4),
    ],
    "log_entry",
    0,
)

ZHUQUE2 = Plan(
    "zhuque2",
    202,
    0,
    0,
    [
        ("vehicle_status", 4, 0),
        ("guidance_state", 2, 0),
        ("stage_1_propulsion", 3, 1),
        ("stage_2_propulsion", 3, 1),
        ("structure_state", 2, 1),
        ("event_report", 5, 0),
    ],
    [],
    [],
)


@dataclass(eq=False)
class Packet:
    """A packet that a spacecraft sent, with all its raw values."""

    plan: Plan
    database: Database
    kind: str
    channel: int
    time: float
    raw: dict
    octets: bytes
    capture: int = 0  # number of the capture packet that completed it
    captured: int = field(default=0)  # when that was, nanoseconds since 1970


def fly(plan: Plan, seconds: float):
    """The packets and frames of the first seconds of the pass."""
    database = Database(SPECS / f"{plan.name}.xml")
    start = Fraction(START)
    signals = Signals(database, HERE / f"{plan.name}.tsv", start, plan.dips, SEED)
    framer = Framer(plan.spacecraft, {c for _, _, c in plan.schedule} | {plan.event_channel}, plan.counts)
    due, order = [], random.Random(f"{SEED}/{plan.name}")
    for kind, every, channel in plan.schedule:
        time = order.uniform(0, min(every, 3))
        while time < seconds:
            due.append((round(time, 3), kind, channel, None))
            time += every
    for time, severity, source, code, text in plan.events:
        if time < seconds:
            event = {"severity": severity, "source": source, "sourcenumber": source, "code": code, "text": text}
            due.append((time, plan.event_packet, plan.event_channel, event))
    due.sort(key=lambda d: d[:2])
    packets, counts, tick = [], {}, 0
    for time, kind, channel, event in due:
        while tick < time:
            housekeep(framer, tick)
            tick += 1
        container = database.containers[kind]
        raw = {"SEQ_FLGS": 3, "PKT_LEN": 0} | database.fixed_values(container)
        apid = raw["PKT_APID"]
        counts[apid] = counts.get(apid, plan.sequence) + 1 & 0x3FFF
        raw["SRC_SEQ_CTR"] = counts[apid]
        epoch = database.parameters["packet_time"]
        unix = start + Fraction(round(time * 1000), 1000)
        raw["packet_time"] = math.floor((unix - (database.unix_time("packet_time", {"packet_time": 0}))) / epoch.scale)
        make(database, container, signals, raw, time, event)
        packet = Packet(plan, database, kind, channel, time, raw, database.pack(container, raw))
        packets.append(packet)
        framer.add(channel, packet, packet.octets, time)
    for channel in sorted(framer.channels):
        framer.flush(channel, seconds)
    return packets, framer


def housekeep(framer: Framer, tick: int):
    """Once a second: what has waited long is sent, and a frame of idle data when there was nothing to send."""
    for channel, queue in sorted(framer.channels.items()):
        if queue.waiting and tick - queue.since > 8:
            framer.flush(channel, tick)
    if not framer.frames or tick - framer.frames[-1].time > 2.5:
        framer.idle(tick)


def make(database: Database, container, signals: Signals, raw: dict, time: float, event):
    """All the raw values of a packet."""
    late = []
    for name in container.entries:
        if name in raw:
            continue
        kind, arguments = signals.rows[name]
        if kind in ("length", "sum"):
            late.append((name, kind, arguments[0]))
        else:
            raw[name] = signals.raw(name, time, raw, event)
    for name, kind, of in late:
        raw[name] = len(raw[of]) if kind == "length" else sum(raw[of]) & 0xFFFF
