"""Serial logs: a drive from Songjiang to Hangzhou, one over midnight, and a session of protocol 2.1 in raw GBK."""

import random
import time

from .receivers import Nmea
from .roads import MOTORWAY, Road, distance
from .spacecraft import SEED, START
from .terminals import Content, Fix, Message, Rdss2, damaged, sentence


class Log:
    """A file of lines; knows in which line each message stands."""

    def __init__(self):
        self.octets, self.line, self.messages = [], 1, []

    def put(self, octets: bytes):
        self.octets.append(octets)
        self.line += octets.count(b"\n")

    def say(self, message: Message, front: str = "", captured: int = 0):
        message.captured = captured
        self.messages.append((message, {"line": self.line}))
        self.put(front.encode() + message.octets + (message.end or b"\r\n"))

    @property
    def file(self) -> bytes:
        return b"".join(self.octets)

    @property
    def good(self) -> list:
        return [(m, place) for m, place in self.messages if not m.defect]


def utc(seconds: float) -> str:
    whole, milli = divmod(round(seconds * 1000), 1000)
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(whole)) + f".{milli:03}Z"


def track(fixes: list, jumps: list, interval: int) -> dict:
    """What there is to know of a track of (seconds, latitude, longitude) as its sentences say them, each once."""
    good = [f for f in fixes if f[0] not in jumps]
    gaps = [(a[0], b[0]) for a, b in zip(fixes, fixes[1:]) if b[0] - a[0] > 5 * interval]
    metres = sum(distance(a[1:], b[1:]) for a, b in zip(good, good[1:]))
    return {
        "points": len(fixes),
        "interval_s": interval,
        "first": utc(fixes[0][0]),
        "last": utc(fixes[-1][0]),
        "gaps": [{"after": utc(a), "until": utc(b), "seconds": round(b - a, 2)} for a, b in gaps],
        "jumps": [{"time": utc(t), "latitude": n, "longitude": e} for t, n, e in fixes if t in jumps],
        "distance_m": round(metres, 3),
    }


class Drive:
    """A receiver on the road: where it is every `interval` seconds."""

    def __init__(self, seed: str, road: Road, first: float, pace: float, interval: int, backwards: bool = False):
        self.rng, self.road, self.metres, self.pace = random.Random(seed), road, first, pace
        self.speed, self.interval, self.sign = pace, interval, -1 if backwards else 1

    def next(self, seconds: float):
        """The next fix; None at the end of the road."""
        self.speed += 0.2 * (self.pace - self.speed) + self.rng.gauss(0, 1.1)
        self.metres += self.sign * self.speed * self.interval
        if not 0 < self.metres < self.road.length:
            return None
        latitude, longitude, course = self.road.at(self.metres, self.sign < 0)
        # A receiver is some metres off.
        latitude, longitude = latitude + self.rng.gauss(0, 1.5e-5), longitude + self.rng.gauss(0, 1.5e-5)
        height, count = 7 + self.rng.gauss(0, 1.5), self.rng.randint(14, 26)
        hdop = round(self.rng.uniform(0.6, 1.1), 2)
        return Fix(seconds, latitude, longitude, height, 9.8, 3.6 * self.speed, course, count, hdop)


VIEW = [
    (1, 47, 144),
    (3, 53, 190),
    (6, 68, 201),
    (9, 57, 222),
    (16, 71, 340),
    (24, 30, 58),
    (39, 61, 11),
    (40, 19, 245),
]


def sky(nmea: Nmea, rng, talker: str, signal: str = "") -> list:
    return nmea.gsv(talker, [(n, e, a, rng.choice((None, *range(28, 49)))) for n, e, a in VIEW], signal)


def serial_drive():
    """(log, facts): a receiver of NMEA 4.11, a time in front of each line, from Songjiang to Hangzhou."""
    log, nmea, interval = Log(), Nmea(), 15
    rng, drive = (
        random.Random(f"{SEED}/serial"),
        Drive(f"{SEED}/drive", Road(MOTORWAY, f"{SEED}/road"), 50, 25, interval),
    )
    fixes, jumps, without, repeated = [], [], [], []
    log.put(b"# serial log of /dev/ttyUSB0, 115200 8N1\n# truck 7, Songjiang to Hangzhou\n\n")
    jump, twice, tunnel, silence = 262, 301, range(200, 203), range(120, 138)

    def say(seconds: float, message: Message):
        log.say(message, utc(seconds) + " ", round(seconds * 1000) * 10**6)

    number, now = 0, START + 600
    while (fix := drive.next(now)) is not None:
        if number in silence:
            if number == silence[0]:
                cut = Message(b"$GNGGA,0310", "nmea-0183", "GGA", {}, b"\n", defect="the line ends after 11 octets")
                say(now + 0.2, cut)
                log.put(utc(now + 3).encode() + b" # the plug came out\n")
        else:
            # What a receiver writes arrives some milliseconds after the second that it is about.
            at = now + rng.randint(90, 140) / 1000
            fix.valid = number not in tunnel
            if number == jump:
                fix.latitude += 0.9
            gga, rmc = nmea.gga(fix), nmea.rmc(fix)
            if number == 50:
                rmc = damaged(rmc, "a digit of the sentence is wrong", at=24)
            burst = [gga, rmc]
            if number % 8 == 0:
                burst += [
                    nmea.gsa(4, [1, 3, 6, 9, 16, 24, 39]),
                    *sky(nmea, rng, "GB", "1"),
                    nmea.zda(fix),
                    nmea.vtg(fix),
                ]
            if number == 0:
                burst.insert(0, nmea.txt(1, "ANTENNA OK"))
            if number == 80:
                log.put(utc(at).encode() + b" $")  # the logger doubles a dollar sign
                log.say(burst.pop(0), "", round(at * 1000) * 10**6)
                at += 0.011
            for message in burst:
                say(at, message)
                at += 0.011
            if number == twice:
                for message in (nmea.gga(fix), nmea.rmc(fix)):
                    say(at, message)
                repeated.append(utc(now))
            if fix.valid:
                fixes.append((now, gga.parameters["latitude"], gga.parameters["longitude"]))
                if number == jump:
                    jumps.append(now)
            else:
                without.append(utc(now))
            if number == 150:
                log.put(utc(now + 1).encode() + b" # refuelled\n")
        number, now = number + 1, now + interval
    log.put(b"# end of log\n")
    return log, {"track": track(fixes, jumps, interval) | {"repeated": repeated, "without_fix": without}}


def plain_drive():
    """(log, facts): a BeiDou-only receiver of the old style, over midnight, from Hangzhou to the north."""
    log, nmea, interval = Log(), Nmea("BD", 4, signals=False), 10
    rng, drive = random.Random(f"{SEED}/plain"), None
    road = Road(MOTORWAY, f"{SEED}/road")
    drive = Drive(f"{SEED}/night", road, road.length - 100, 14, interval, backwards=True)
    fixes, jumps, repeated = [], [], []
    first = START - START % 86_400 - 600  # ten minutes to midnight
    for number in range(121):
        now = first + number * interval
        fix = drive.next(now)
        if number in range(84, 92):
            continue
        if number == 40:
            fix.longitude += 1.3
            jumps.append(now)
        # A solution first; the date comes a sentence later.
        gga, rmc = nmea.gga(fix), nmea.rmc(fix)
        burst = [gga, rmc]
        if number == 66:
            burst *= 2
            repeated.append(utc(now))
        if number % 6 == 0:
            burst += [nmea.gsa(4, [1, 3, 6, 9, 16, 24, 39]), *sky(nmea, rng, "BD"), nmea.gll(fix)]
        for message in burst:
            log.say(Message(message.octets, message.dialect, message.type, message.parameters, b"\r\n"))
        fixes.append((now, gga.parameters["latitude"], gga.parameters["longitude"]))
    return log, {"track": track(fixes, jumps, interval) | {"repeated": repeated, "without_fix": []}}


def raw(name: str, talker: str, fields: list, text: str, values: dict) -> Message:
    """A sentence of 2.1 whose content is GBK as it is."""
    return sentence("rdss-2.1", talker, name, [*fields, text.encode("gbk")], values)


def session():
    """(log, facts): a command terminal of protocol 2.1 whose program writes what goes and comes, Chinese in raw GBK."""
    log, two, rng = Log(), Rdss2(), random.Random(f"{SEED}/session")
    own, ships = (
        312_194,
        [(455_998, 31.22, 120.14, 61.0), (166_166, 31.30, 120.02, 148.0), (139_311, 31.08, 120.21, 305.0)],
    )
    tracks = {own: []} | {card: [] for card, *_ in ships}

    def say(seconds: float, message: Message, goes: bool = False):
        local = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(int(seconds) + 8 * 3600))
        millis = round(seconds * 1000) % 1000
        log.say(message, f"[{local}.{millis:03}+08:00] {'>>' if goes else '<<'} ", round(seconds * 1000) * 10**6)

    def ask(seconds, message):
        say(seconds, message, goes=True)

    log.put("== 太湖巡逻队 RDSS 2.1, COM3 19200 ==\r\n".encode("gbk"))
    ask(START + 1.1, two.ica())
    say(START + 1.4, two.ici(own, "02097151", 11, 6, 60, 3, 0))
    ask(START + 2.0, two.rmo("BSI", 2, 10))
    say(START + 2.5, two.bsi(1, 3, [3, 2, 2, 0, 3, 0, 0, 3, 0, 0]))
    ask(START + 30, two.txa(ships[0][0], Content.chinese("各船报告位置")))
    say(START + 30.4, two.fki("TXA", True, 60))
    # What programs write into the form for Chinese, commas, stars and dollar signs with it.
    text = "水位3.2米,流量*42偏高,$收费站关闭"
    fields = {"receiver": ships[1][0], "kind": "ordinary", "form": "chinese", "text": text}
    ask(START + 95, raw("TXA", "CC", [f"{ships[1][0]:07}", 1, 0], text, fields))
    say(START + 95.3, two.fki("TXA", True, 60))
    text = "一号船收到,*完毕*"
    fields = {"sender": ships[0][0], "kind": "ordinary", "form": "chinese", "text": text}
    say(START + 130, raw("TXR", "BD", [1, f"{ships[0][0]:07}", 0, ""], text, fields))
    # A module that writes mixed content as the text itself.
    fields = {"sender": ships[2][0], "kind": "ordinary", "form": "mixed", "time_sent": "10:33"}
    say(START + 200, raw("TXR", "BD", [1, f"{ships[2][0]:07}", 2, "1033"], "3号船ETA 11:20,油60%", fields))
    wrong = damaged(
        raw("TXR", "BD", [1, "0166166", 0, ""], "中继站电压偏低", {}), "one bit of a character is wrong", at=20
    )
    say(START + 240, wrong)
    log.put("-- 操作员换班 --\r\n".encode("gbk"))
    say(START + 300, two.txr(ships[1][0], Content.chinese("繁體與囧字測試", "gbk")))
    ask(START + 360, two.txa(ships[0][0], Content.mixed("SOS演习 11:30")))
    say(START + 360.4, two.fki("TXA", False, 22))
    say(START + 390, two.hzr(ships[0][0], [("1030", "1031"), ("1036", "1037")]))
    for number in range(40):
        seconds = START + 400 + 60 * number
        if number not in range(17, 24):
            fix = Fix(seconds + 0.5, 31.1642 + 0.0006 * number, 120.1219 + 0.0011 * number, height=3)
            ask(seconds, two.dwa(own))
            emergency = number == 31
            message = two.dwr(own, fix, -6, emergency)
            say(seconds + 1.2, message)
            tracks[own].append((seconds + 0.5, message.parameters["latitude"], message.parameters["longitude"]))
        card, north, east, course = ships[number % 3]
        step = 0.0024 * (number // 3)
        fix = Fix(seconds + 20.37, north + step * (-1 if course > 90 else 1), east + step, height=2)
        message = two.waa(card, fix)
        say(seconds + 21 + rng.random(), message)
        tracks[card].append((seconds + 20.37, message.parameters["latitude"], message.parameters["longitude"]))
    facts = {str(card): track(points, [], 60 if card == own else 180) for card, points in tracks.items()}
    return log, {"tracks": facts}
