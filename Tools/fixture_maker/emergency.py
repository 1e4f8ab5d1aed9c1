"""The story of `terminals.pcapng`: half an hour of a rescue in the Yangtze delta, told by terminals on three links.

A fishing boat loses its engine in Hangzhou Bay. Its dual-mode unit calls for help; the command post in Songjiang hears
it on a BeiDou terminal and sends a rescue team, whose own boat strikes something. On the motorway a fleet carries pumps
and is sent another way; one of its drivers presses the button.
"""

import random

from . import captures
from .links import Connection, Datagrams, Network
from .receivers import Nmea
from .roads import MOTORWAY, Road, part
from .spacecraft import SEED, START
from .terminals import Content, Fix, Message, Rdss2, Rdss4, Regional, damaged
from .vehicles import Platform, Vehicle

GATEWAY, PLATFORM = "10.21.0.10", "10.21.0.20"
COMMAND, TEAM, BOAT = 311_900, 312_025, 312_017  # cards
BOAT_3 = 4_207_019  # the boat's card of BeiDou-3
CENTRE_3 = 4_207_001
LONG = 1800  # seconds
NAMES = {
    GATEWAY: "short-messages.example",
    PLATFORM: "fleet.example",
    "10.21.3.30": "command-terminal.example",
    "10.21.3.31": "team-terminal.example",
    "10.21.4.40": "boat-unit.example",
    **{f"10.21.5.{11 + i}": f"truck-{i + 1}.example" for i in range(4)},
}


def boat(seconds: float) -> Fix:
    """The boat drifts to the south-east, faster as the tide goes out."""
    drift = seconds * (1.2 + seconds / 1500)  # m
    fix = Fix(START + seconds, 30.6612 - drift * 5.1e-6, 121.4207 + drift * 7.6e-6, height=-1.4 - seconds / 900)
    fix.speed, fix.course = 3.6 * (1.2 + seconds / 750), 127.0
    return fix


def command_post(network: Network):
    """RDSS 4.0 over UDP: the post's terminal, and the team's."""
    rng = random.Random(f"{SEED}/command")
    post, team = Rdss4(COMMAND), Rdss4(TEAM)
    ask = Datagrams(network, 0, (GATEWAY, 5100), ("10.21.3.30", 4001))
    say = Datagrams(network, 0, ("10.21.3.30", 4001), (GATEWAY, 5100))
    powers = lambda: [rng.randint(0, 4) for _ in range(6)]  # noqa: E731
    here = Fix(START, 31.03562, 121.22481, height=8.0)

    def fix(seconds: float) -> Fix:
        return Fix(START + seconds, here.latitude, here.longitude, height=8.0)

    # What a peripheral that does not know the card yet sends has the address 0.
    stranger = Rdss4(0)
    ask.send(2.0, stranger.icjc(), stranger.gljc(60), stranger.xtzj(0), comment="three requests in one datagram")
    say.send(2.3, post.icxx(311_000, 4, 60, 3, 2))
    say.send(2.4, post.glzk(powers()), post.zjxx(87, powers()))
    ask.send(30.0, post.sjsc(0))
    say.send(30.2, post.sjxx(START + 30))
    ask.send(60.0, post.dwsq())
    say.send(60.3, post.fkxx(0, "DWSQ"))
    say.send(61.9, post.dwxx(fix(61.5), 9), comment="own position")
    warning = Content.chinese("大风预警，请立即返航。")
    ask.send(120.0, post.txsq(BOAT, warning))
    say.send(120.3, post.fkxx(0, "TXSQ"))
    ask.send(140.0, post.txsq(TEAM, Content.chinese("二号码头待命")))
    say.send(140.2, post.fkxx(4, 40), comment="the service frequency is not reached: wait 40 s")
    ask.send(181.5, post.txsq(TEAM, Content.chinese("二号码头待命")))
    say.send(181.8, post.fkxx(0, "TXSQ"))
    say.send(318.0, post.txxx(BOAT, Content.mixed("主机故障,漂流中,5人 MAYDAY")), post.glzk(powers()), cut=6)
    place = boat(330)
    say.send(331.0, post.txxx(BOAT, Content.position(place.time, place.latitude, place.longitude, -2, 10)))
    ask.send(345.0, post.txsq(BOAT, Content.chinese("收到，救援已出发。"), express=True))
    say.send(345.4, post.fkxx(0, "TXSQ"))
    ask.send(
        420.0, post.txsq(TEAM, Content.mixed("SOS 121.43E 30.65N 出发")), cut=11, comment="a frame in two datagrams"
    )
    say.send(420.3, post.fkxx(1, "TXSQ"), comment="refused")
    ask.send(482.0, post.txsq(TEAM, Content.mixed("SOS 121.43E 30.65N 出发")))
    say.send(482.3, post.fkxx(0, "TXSQ"))
    say.send(560.0, post.txxx(TEAM, Content.code("13800138000")), comment="eleven digits: the last octet is filled up")
    ask.send(600.0, post.receipt_query(TEAM))
    say.send(600.6, post.txhz(TEAM, [("1033", "1034"), ("1038", "1039")]))
    say.send(660.0, post.fkxx(3, 0))
    say.send(690.0, post.fkxx(8, 0))
    wrong = damaged(post.glzk(powers()), "one bit of a frame is wrong", at=12)
    say.send(720.0, wrong, post.zjxx(86, powers()))
    cut = damaged(post.txxx(TEAM, Content.chinese("已看到渔船")), "the frame ends after 19 octets", cut=19)
    say.send(780.0, cut)
    say.send(790.0, post.txxx(TEAM, Content.chinese("已看到渔船")), comment="sent again")
    say.send(840.0, post.named("GBSC", bytes(rng.randrange(256) for _ in range(24))), comment="no layout is published")
    for minute in range(4, 30, 2):
        say.send(minute * 60 + 7.0, post.glzk(powers()))
    for seconds, battery in ((300, 86), (900, 85), (1500, 83)):
        say.send(seconds + 11.5, post.zjxx(battery, powers()))

    ask = Datagrams(network, 0, (GATEWAY, 5101), ("10.21.3.31", 4001))
    say = Datagrams(network, 0, ("10.21.3.31", 4001), (GATEWAY, 5101))

    def team_fix(seconds: float) -> Fix:
        way = (seconds - 500) / 800
        return Fix(START + seconds, 30.7246 - 0.071 * way, 121.3480 + 0.088 * way, height=1.0)

    ask.send(5.0, stranger.icjc(), stranger.gljc(0))
    say.send(5.3, team.icxx(311_000, 5, 60, 3, 0), team.glzk([4, 3, 0, 0, 2, 1]))
    say.send(183.6, team.txxx(COMMAND, Content.chinese("二号码头待命")))
    say.send(484.1, team.txxx(COMMAND, Content.mixed("SOS 121.43E 30.65N 出发")))
    for seconds in range(520, 1100, 60):
        ask.send(seconds, team.dwsq())
        say.send(seconds + 0.3, team.fkxx(0, "DWSQ"), team.dwxx(team_fix(seconds), 10))
    ask.send(555.0, team.txsq(COMMAND, Content.code("13800138000")))
    say.send(555.3, team.fkxx(0, "TXSQ"))
    ask.send(1110.0, team.dwsq(emergency=True), comment="the rescue boat is in trouble itself")
    say.send(1110.3, team.fkxx(0, "DWSQ"))
    say.send(1111.2, team.dwxx(team_fix(1110), 10, emergency=True))
    ask.send(1172.0, team.txsq(COMMAND, Content.chinese("碰撞进水，请求支援！"), express=True))
    say.send(1172.3, team.fkxx(0, "TXSQ"))
    ask.send(1235.0, team.dwsq(emergency=True))
    say.send(1235.4, team.fkxx(0, "DWSQ"), team.dwxx(team_fix(1150), 10, emergency=True))


IN_VIEW = {
    ("GP", "1"): [(2, 41, 310), (5, 22, 221), (7, 14, 50), (13, 63, 12), (15, 48, 166), (29, 33, 280), (30, 8, 120)],
    ("GB", "1"): [(1, 47, 144), (3, 53, 190), (6, 68, 201), (9, 57, 222), (16, 71, 340), (24, 30, 58), (39, 61, 11)],
    ("GB", "5"): [(24, 30, 58), (25, 55, 312), (39, 61, 11), (40, 19, 245), (41, 36, 77)],
}


def sky(nmea: Nmea, rng) -> list:
    """The satellites in view, with strengths that change."""
    result = []
    for (talker, signal), rows in IN_VIEW.items():
        seen = [(n, e, a, rng.choice((None, *range(28, 49)))) for n, e, a in rows]
        result += nmea.gsv(talker, seen, signal)
    return result


def boat_unit(network: Network):
    """NMEA, RDSS 2.1, BeiDou-3 and a frame of 4.0 in one TCP connection."""
    rng = random.Random(f"{SEED}/boat")
    link = Connection(network, 1, ("10.21.4.40", 50022), (GATEWAY, 9100), rng)
    nmea, two, three, four = Nmea(), Rdss2(), Regional(), Rdss4(BOAT)
    plan = [  # seconds, side (0: the unit speaks), messages
        (1.0, 0, [nmea.txt(2, "SJ-DUAL B1C/B2a RDSS 3.2"), nmea.txt(1, "ANTENNA OK")]),
        (2.0, 1, [two.ica(), two.rmo("BSI", 2, 60)]),
        (2.6, 0, [two.ici(BOAT, "00312017", 311_000, 6, 60, 3, 0)]),
        (4.0, 1, [three.icr()]),
        (4.5, 0, [three.icp(BOAT_3, 2_032_472, 60, 3), three.pwi(START + 4, [(2, 51, 44), (4, 50, 43), (11, 43, 36)])]),
        (123.0, 0, [two.txr(COMMAND, Content.chinese("大风预警，请立即返航。"))]),
        (301.0, 0, [two.dwr(BOAT, boat(300), 10, emergency=True)]),
        (302.0, 1, [two.dwa(BOAT, emergency=True)]),
        (303.0, 0, [two.fki("DWA", True)]),
        (305.0, 0, [two.dwr(BOAT, boat(304), 10, emergency=True)]),
        (312.0, 1, [two.txa(COMMAND, Content.mixed("主机故障,漂流中,5人 MAYDAY"))]),
        (312.5, 0, [two.fki("TXA", True, 60)]),
        (325.0, 1, [two.txa(COMMAND, Content.mixed("请回复"))]),
        (325.4, 0, [two.fki("TXA", False, 47)]),
        (
            330.0,
            0,
            [four.txsq(COMMAND, Content.position(boat(330).time, boat(330).latitude, boat(330).longitude, -2, 10))],
        ),
        (330.4, 0, [four.fkxx(0, "TXSQ")]),
        (348.0, 0, [two.txr(COMMAND, Content.chinese("收到，救援已出发。"), kind=2)]),
        (400.0, 1, [three.tcq(CENTRE_3, 2, Content.mixed("船号:浙嘉渔00417 5人 进水0.3m"), confirm=True)]),
        (400.8, 0, [three.fki(START + 400, "TCQ", True)]),
        (405.0, 0, [three.tci(CENTRE_3, BOAT_3, 2, START + 405, Content.mixed("收到,保持通话"))]),
        (440.0, 1, [three.tcq(CENTRE_3, 3, Content.code("0417305"))]),
        (440.6, 0, [three.fki(START + 440, "TCQ", False, 1, 20)]),
        (462.0, 1, [three.tcq(CENTRE_3, 3, Content.code("0417305"))]),
        (462.5, 0, [three.fki(START + 462, "TCQ", True)]),
        (700.0, 0, [three.tci(CENTRE_3, BOAT_3, 2, START + 700, Content.chinese("救援艇二十分钟后到达"))]),
        (905.0, 0, [two.txr(TEAM, Content.chinese("已看到你船"), kind=4, sent="0244")]),
        (960.0, 0, [two.hzr(COMMAND, [("1035", "1036")]), two.zda(START + 960)]),
        (1200.0, 1, [two.txa(TEAM, Content.chinese("正靠近"), express=True)]),
        (1200.5, 0, [two.fki("TXA", True, 60)]),
    ]
    for seconds in range(66, LONG, 240):
        powers = [rng.randint(0, 4) for _ in range(10)]
        plan.append((seconds, 0, [two.bsi(rng.randint(1, 10), rng.randint(1, 10), powers)]))
        beams = [(n, rng.randint(38, 52), rng.randint(30, 45)) for n in (2, 4, 11, 16)[: rng.randint(1, 4)]]
        plan.append((seconds + 60, 0, [three.pwi(START + seconds + 60, beams)]))
        plan.append((seconds + 120, 0, [three.snr([rng.choice((0, 0, rng.randint(38, 50))) for _ in range(21)])]))
    for number, seconds in enumerate(range(10, LONG, 30)):
        fix = boat(seconds)
        fix.valid = number > 0
        burst = [nmea.gga(fix), nmea.rmc(fix)]
        if number % 4 == 1:
            burst += [nmea.gsa(1, [2, 5, 13, 15, 29]), nmea.gsa(4, [1, 3, 6, 9, 16, 24, 39]), *sky(nmea, rng)]
            burst += [nmea.zda(fix), nmea.gst(fix)]
        if number == 20:
            burst[1] = damaged(burst[1], "a digit of the sentence is wrong", at=30)
        if number == 40:
            burst[0] = damaged(burst[0], "the sentence ends after 33 octets", cut=33)
        plan.append((seconds + 0.1, 0, burst))
    link.open(0.5)
    for seconds, side, messages in sorted(plan, key=lambda p: p[0]):
        # One sentence that another program waits for is never held back.
        link.say(seconds, side, *messages, whole=side == 1)
    link.close(LONG - 3)


FLEET = [  # plate, phone, edition, first metre, metres a second, backwards, first flow number
    ("沪A·J8081", "13916540001", 2019, 2_000, 22.0, False, 120),
    ("沪A·J8082", "13916540002", 2019, 24_000, 24.5, False, 0),
    ("浙F·3K117", "13957300117", 2019, 78_500, 21.0, True, 65_515),
    ("浙A·77Q02", "013805710202", 2013, 41_000, 18.0, False, 7),
]


def fleet(network: Network):
    """JT/T 808 over TCP: three vehicles of 2019 and one of 2013 on 79 km of motorway."""
    road = part(Road(MOTORWAY, f"{SEED}/road"), 79_000)
    for number in range(len(FLEET)):
        Trip(network, road, number).tell()


class Trip:
    """What one vehicle and the platform say."""

    def __init__(self, network: Network, road: Road, number: int):
        self.plate, phone, edition, self.first, self.pace, self.backwards, flow = FLEET[number]
        self.number, self.road, self.rng = number, road, random.Random(f"{SEED}/{phone}")
        ends = (f"10.21.5.{11 + number}", 42_000 + 7 * number), (PLATFORM, 8808)
        self.link = Connection(network, 2, *ends, self.rng)
        self.truck, self.platform = Vehicle(phone, edition, flow), Platform(phone, edition, 100 * number)

    def report(self, seconds: float, emergency: bool = False):
        """(body, values) of where the vehicle is."""
        metres = self.first + (-1 if self.backwards else 1) * self.pace * seconds
        latitude, longitude, course = self.road.at(metres, self.backwards)
        fix = Fix(START + int(seconds), latitude, longitude, height=6 + 3 * self.number, course=course)
        fix.speed, fix.satellites = 3.6 * (self.pace + self.rng.uniform(-1.5, 1.5)), self.rng.randint(14, 26)
        kilometres = 48_213.0 + 1000 * self.number + self.pace * seconds / 1000
        return self.truck.report(fix, kilometres, 160 - seconds / 90, emergency, (3, 1, 0, 3)[self.number])

    def asks(self, seconds: float, message: Message, result: int = 0):
        """The vehicle says something and the platform acknowledges it."""
        self.link.say(seconds, 0, message)
        self.link.say(seconds + 0.08, 1, self.platform.answer(message, result))

    def told(self, seconds: float, message: Message):
        """The platform says something and the vehicle acknowledges it."""
        self.link.say(seconds, 1, message, whole=True)
        self.link.say(seconds + 1, 0, self.truck.answer(message))

    def enter(self, seconds: float):
        """Registration and authentication, each waiting for the answer."""
        province, colour = (31 if self.number < 2 else 33), (2, 2, 2, 1)[self.number]
        code = f"SJ-{self.truck.phone[-4:]}-{self.rng.randrange(10**6):06}"
        self.link.open(seconds)
        register = self.truck.register(self.plate, f"SJ{self.number:05}", province, 117, colour)
        self.link.say(seconds + 0.1, 0, register, whole=True)
        self.link.say(seconds + 0.15, 1, self.platform.registered(register, code), whole=True)
        enter = self.truck.authenticate(code)
        self.link.say(seconds + 0.3, 0, enter, whole=True)
        self.link.say(seconds + 0.34, 1, self.platform.answer(enter), whole=True)

    def spoilt(self, seconds: int, message: Message) -> Message:
        """Three reports do not come as they were sent."""
        if self.number == 0 and 600 < seconds < 680:
            return damaged(message, "one bit of the message is wrong", at=40)
        if self.number == 0 and 1120 < seconds < 1200:
            return damaged(message, "the message ends after 37 octets", cut=37)
        if self.number == 3 and 950 < seconds < 1030:
            octets = message.octets[:30] + b"\x7d\x05" + message.octets[32:]
            return Message(octets, message.dialect, message.type, {}, defect="7D is followed by 05")
        return message

    def tell(self):
        self.enter(3.0 + 1.7 * self.number)
        silent = range(700, 1010) if self.number == 1 else range(0)  # no network there: reports are stored
        stored, confirmed = [], False
        for seconds in range(20 + 3 * self.number, LONG - 20, 75):
            if seconds in silent:
                stored.append(self.report(seconds))
                continue
            if stored:
                self.asks(seconds - 1, self.truck.batch(stored, late=True))
                stored = []
            emergency = self.number == 2 and 800 < seconds < 1000
            message = self.spoilt(seconds, self.truck.locate(*self.report(seconds, emergency)))
            if message.defect:
                self.link.say(seconds, 0, message)
                continue
            # A person at the platform confirms the alarm at its second report; then the terminal takes it back.
            self.asks(seconds, message, 4 if emergency and confirmed else 0)
            confirmed |= emergency
            self.besides(seconds)
        if self.number == 3:
            self.link.say(LONG - 15, 0, self.truck.log_out())
        self.link.close(LONG - 8 + self.number)

    def besides(self, seconds: int):
        """What is no position report, by the time of the report in front of it."""
        if self.number in (0, 3) and 500 < seconds < 580:
            flags = 0x0D if self.truck.edition == 2013 else 0x0E
            self.told(seconds + 4, self.platform.text("前方事故,请改走申嘉湖高速", flags))
        if seconds % 600 < 75:
            self.asks(seconds + 30, self.truck.heartbeat())
        if self.number == 0 and 1300 < seconds < 1380:
            rows = ((i, 3.5 + self.rng.random(), 4 + self.rng.random()) for i in range(60))
            content = b"".join(b"REEFER,T%d,%04.1f,%04.1f\r\n" % row for row in rows)
            *parts, last = self.truck.transparent(0x0900, 0x41, content, "serial_1", parts=3)
            for index, piece in enumerate(parts):
                self.link.say(seconds + 8 + index, 0, piece)
            self.asks(seconds + 10.6, last)
        if self.number == 2 and 1300 < seconds < 1380:
            content = bytes(range(0x70, 0x90))
            self.told(seconds + 8, *self.platform.transparent(0x8900, 0xF1, content, "user_f1"))


def capture():
    """(the file, rows as `Network.sorted` has them)."""
    network = Network(START)
    command_post(network)
    boat_unit(network)
    fleet(network)
    rows = network.sorted()
    blocks = [
        captures.section("Half an hour of a rescue in the Yangtze delta; made by Tools/fixtures"),
        captures.interface("command-post", "Songjiang command post: RDSS 4.0 terminals behind serial servers", 9),
        captures.interface("boat", "Jinshan shore radio: a dual-mode unit on a fishing boat", 6),
        captures.interface("fleet", "Fleet platform: vehicle terminals on the motorway", 6),
        captures.names(NAMES),
    ]
    for time, link, wire, _, _, comment in rows:
        blocks.append(captures.enhanced(link, time if link == 0 else time // 1000, wire, comment))
    for link in range(3):
        count = sum(row[1] == link for row in rows)
        blocks.append(captures.statistics(link, rows[-1][0] // (1 if link == 0 else 1000), count, 0))
    return b"".join(blocks), rows
