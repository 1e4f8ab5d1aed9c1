"""Sentences of NMEA 0183 as receivers send them."""

import time

from .terminals import Fix, Message, angle, clock, sentence, spoken, stamp

KNOT = 1.852  # km/h


class Nmea:
    """What a receiver says. `decimals` of a minute; `signals`: whether it knows NMEA 4.10 and later."""

    def __init__(self, talker: str = "GN", decimals: int = 5, signals: bool = True):
        self.talker, self.decimals, self.signals = talker, decimals, signals

    def say(self, name, fields, parameters, talker=None) -> Message:
        return sentence("nmea-0183", talker or self.talker, name, fields, parameters)

    def place(self, fix: Fix):
        """The four fields of a place, and its values."""
        if not fix.valid:
            return ["", "", "", ""], {}
        latitude, north = angle(fix.latitude, 2, self.decimals)
        longitude, east = angle(fix.longitude, 3, self.decimals)
        fields = [latitude, "N" if north >= 0 else "S", longitude, "E" if east >= 0 else "W"]
        return fields, {"latitude": north, "longitude": east}

    def gga(self, fix: Fix) -> Message:
        now, (place, values) = clock(fix.time), self.place(fix)
        height, separation, hdop = f"{fix.height:.1f}", f"{fix.separation:.1f}", f"{fix.hdop:.2f}"
        values |= {"time_of_day": spoken(now), "quality": "fix" if fix.valid else "none"}
        if not fix.valid:
            return self.say("GGA", [now, *place, 0, "00", "99.99", "", "M", "", "M", "", ""], values)
        values |= {"height": float(height), "geoid_separation": float(separation), "hdop": float(hdop)}
        values |= {"satellites_used": fix.satellites}
        fields = [now, *place, 1, f"{fix.satellites:02}", hdop, height, "M", separation, "M", "", ""]
        return self.say("GGA", fields, values)

    def rmc(self, fix: Fix) -> Message:
        now, (place, values) = clock(fix.time), self.place(fix)
        date = time.strftime("%d%m%y", time.gmtime(int(fix.time)))
        values |= {"time_of_day": spoken(now), "utc": stamp(fix.time), "status": "valid" if fix.valid else "void"}
        speed, course = (f"{fix.speed / KNOT:.2f}", f"{fix.course:.2f}") if fix.valid else ("", "")
        if fix.valid:
            values |= {"speed": float(speed) * KNOT, "course": float(course)}
        tail = ["A" if fix.valid else "N"] + (["V"] if self.signals else [])
        return self.say("RMC", [now, "A" if fix.valid else "V", *place, speed, course, date, "", "", *tail], values)

    def gll(self, fix: Fix) -> Message:
        now, (place, values) = clock(fix.time), self.place(fix)
        values |= {"time_of_day": spoken(now), "status": "valid" if fix.valid else "void"}
        return self.say("GLL", [*place, now, "A" if fix.valid else "V", "A" if fix.valid else "N"], values)

    def vtg(self, fix: Fix) -> Message:
        if not fix.valid:
            return self.say("VTG", ["", "T", "", "M", "", "N", "", "K", "N"], {})
        course, knots, speed = f"{fix.course:.2f}", f"{fix.speed / KNOT:.2f}", f"{fix.speed:.2f}"
        fields = [course, "T", "", "M", knots, "N", speed, "K", "A"]
        return self.say("VTG", fields, {"course": float(course), "speed": float(speed)})

    def zda(self, fix: Fix) -> Message:
        date = time.strftime("%d %m %Y", time.gmtime(int(fix.time))).split()
        values = {"time_of_day": spoken(clock(fix.time)), "utc": stamp(fix.time)}
        return self.say("ZDA", [clock(fix.time), *date, "00", "00"], values)

    def gst(self, fix: Fix, sigmas=(1.2, 1.1, 2.4)) -> Message:
        names = ("latitude_sigma", "longitude_sigma", "height_sigma")
        values = {"time_of_day": spoken(clock(fix.time))} | dict(zip(names, sigmas))
        return self.say("GST", [clock(fix.time), "15", "", "", "", *(f"{s:.1f}" for s in sigmas)], values)

    def gns(self, fix: Fix) -> Message:
        now, (place, values) = clock(fix.time), self.place(fix)
        height, separation = f"{fix.height:.1f}", f"{fix.separation:.1f}"
        values |= {"time_of_day": spoken(now), "height": float(height), "geoid_separation": float(separation)}
        values |= {"satellites_used": fix.satellites, "modes": "AANA"}
        fields = [now, *place, "AANA", f"{fix.satellites:02}", f"{fix.hdop:.2f}", height, separation, "", "", "V"]
        return self.say("GNS", fields, values)

    def gsa(self, system: int, numbers: list, dops=(1.5, 0.8, 1.3)) -> Message:
        """The satellites that a fix is made of: at most twelve."""
        names = [f"{n:02}" for n in numbers] + [""] * (12 - len(numbers))
        values = {"fix": "3d"} | dict(zip(("pdop", "hdop", "vdop"), dops))
        tail = [f"{d:.2f}" for d in dops] + ([system] if self.signals else [])
        return self.say("GSA", ["A", 3, *names, *tail], values)

    def gsv(self, talker: str, satellites: list, signal: str = "") -> list:
        """The satellites in view, four a sentence: (number, elevation, azimuth, C/N0 or None)."""
        groups = [satellites[i : i + 4] for i in range(0, len(satellites), 4)] or [[]]
        result = []
        for number, group in enumerate(groups, 1):
            fields = [len(groups), number, f"{len(satellites):02}"]
            values = {"sentences": len(groups), "sentence": number, "in_view": len(satellites)}
            for place, (satellite, elevation, azimuth, strength) in enumerate(group, 1):
                fields += [f"{satellite:02}", f"{elevation:02}", f"{azimuth:03}", "" if strength is None else strength]
                values |= {f"number_{place}": satellite, f"elevation_{place}": elevation, f"cn0_{place}": strength}
            if self.signals:
                fields.append(signal)
            result.append(self.say("GSV", fields, values, talker))
        return result

    def txt(self, kind: int, text: str, talker: str = None) -> Message:
        return self.say("TXT", ["01", "01", f"{kind:02}", text], {"text": text}, talker)
