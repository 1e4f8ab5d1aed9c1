"""Holds the encoders of the fixtures against messages that others published: `Fixtures/vectors`."""

from calendar import timegm
from pathlib import Path

from .receivers import Nmea
from .terminals import Content, Fix, Rdss2, Rdss4, Regional
from .vehicles import Platform, Vehicle

VECTORS = Path(__file__).resolve().parent.parent.parent / "Fixtures/vectors"


def published(name: str, coding: str) -> set:
    """The messages of a table, as octets."""
    lines = (VECTORS / name).read_text(encoding="utf-8").splitlines()
    first = [line.split("\t")[0].strip() for line in lines if not line.startswith("#")]
    return {bytes.fromhex(f) if coding == "hex" else f.encode(coding, "replace") for f in first}


def at(*clock) -> float:
    return timegm((2026, 1, 1, *clock))


def frames():
    stranger, card, other = Rdss4(0), Rdss4(0x022AC4), Rdss4(0x02ADF7)
    text = Content.chinese("我爱你")
    yield from (stranger.icjc(), stranger.gljc(1), stranger.xtzj(0), stranger.sjsc(1), stranger.dwsq())
    yield from (card.xtzj(0), card.icxx(0x1D7714, 6, 60, 4, 0), card.zjxx(100, [2, 4, 2, 0, 4, 2]))
    yield from (card.fkxx(0, "TXSQ"), other.txsq(0x02ADF7, text), other.txxx(0x02ADF7, text))


def sentences():
    two, three, digits = Rdss2(), Regional(), Content.code("3132333433333335")
    yield from (two.ica(), two.ici(166_166, "02097151", 11, 6, 40, 3, 0), two.rmo("BSI", 2, 0), two.rmo("BSI", 2, 10))
    yield from (two.txa(967_760, Content.mixed("123_ABC汉字")), two.txr(179_773, Content.mixed("hello")))
    yield from (two.txa(166_166, digits), two.txr(166_166, digits), two.bsi(1, 3, [3, 2, 2, 0, 3, 0, 0, 3, 0, 0]))
    yield from (two.fki("TXA", True, 40), two.fki("TXA", False), three.icr(), three.icp(15_240_507, 2_032_472, 1, 5))
    yield two.dwr(242_407, Fix(at(8, 49, 36) + 0.5, 23 + 2.2434 / 60, 113 + 23.6667 / 60, height=14), -6)
    yield two.waa(312_194, Fix(at(7, 22, 36) + 0.37, 38 + 2.69 / 60, 114 + 26.16 / 60, height=61))
    yield three.pwi(at(0, 0, 0), [(51, 40, 33)])
    yield three.pwi(at(2, 36, 28), [(2, 51, 44), (4, 50, 43), (11, 43, 36), (16, 51, 44)])
    yield three.snr([0] * 6 + [48] + [0] * 5 + [41, 0, 0, 0, 44, 44, 0, 0, 0])
    yield three.fki(at(0, 0, 0), "TCQ", True, 5)
    yield Nmea("GP").txt(1, "ANTENNA OK")


def vehicles():
    old, new = Platform("012345678900", 2013, 10), Platform("12345678900", 2019, 1)
    asked = Vehicle("012345678900", 2013, 100).locate(b"", {})
    yield from (old.registered(asked, "123456"), new.text("smallchi 518", 5))
    old.flow = 10
    yield old.answer(asked)
    old.flow = 1
    yield old.text("smallchi 518", 5)
    yield from (Vehicle("012345678900", 2013, 10).heartbeat(), Vehicle("40021679287", 2013, 43).heartbeat())
    yield from (
        Vehicle("012345678900", 2013, 1).log_out(),
        Vehicle("012345678900", 2013, 12345).authenticate("456121111"),
    )
    yield Vehicle("012345678900", 2013, 1203).answer(Vehicle("012345678900", 2013, 1000).heartbeat())
    yield from Vehicle("123456789", 2013, 10).transparent(0x0900, 0x83, b"smallchi", "")


def check():
    """(messages, those that nobody published)."""
    known = published("beidou-binary.tsv", "hex") | published("jtt808.tsv", "hex")
    known |= published("beidou-text.tsv", "gbk") | published("nmea-beidou.tsv", "gbk")
    made = [*frames(), *sentences(), *vehicles()]
    return len(made), [m for m in made if m.octets not in known]
