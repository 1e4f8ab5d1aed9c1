import Plot
import Records
import Testing

struct ZoneTests {
    private let battery = [
        LimitRange(level: .watch, minimum: 25, maximum: 33), LimitRange(level: .critical, minimum: 22, maximum: 34),
    ]

    @Test func nestedRangesMakeBandsFromLowToHigh() {
        #expect(
            Zone.zones(battery) == [
                Zone(low: -.infinity, high: 22, state: .critical), Zone(low: 22, high: 25, state: .watch),
                Zone(low: 33, high: 34, state: .watch), Zone(low: 34, high: .infinity, state: .critical),
            ])
    }

    @Test func aBandBeginsWhereAValueBecomesMoreSevere() {
        let edges = Zone.edges(Zone.zones(battery))
        #expect(edges.map(\.value) == [22, 25, 33, 34])
        #expect(edges.map(\.state) == [.critical, .watch, .watch, .critical])
        #expect(Zone.nominalEdges(Zone.zones(battery)) == [25, 33])
    }

    @Test func rangesWhoseInsideIsAlarmingAreTheBands() {
        let inside = [LimitRange(level: .warning, minimum: -1, maximum: 1, isInside: true)]
        #expect(Zone.zones(inside) == [Zone(low: -1, high: 1, state: .warning)])
    }

    @Test func rangesOpenAtOneSideHaveOneBand() {
        let open = [LimitRange(level: .watch, minimum: -.infinity, maximum: 80)]
        #expect(Zone.zones(open) == [Zone(low: 80, high: .infinity, state: .watch)])
        #expect(Zone.zones([LimitRange(level: .watch, minimum: -.infinity, maximum: .infinity)]).isEmpty)
        #expect(Zone.zones([]).isEmpty)
    }

    @Test func limitsFarAwayAreWordsAndNoEmptyPanel() {
        let zones = Zone.zones(battery)
        let far = Zone.range(of: 28...28.1, zones)
        #expect(far.lowerBound > 27 && far.upperBound < 29)
        #expect(Zone.words(zones, outside: far) == "watch below 25 · watch above 33")
        let near = Zone.range(of: 26...31, zones)
        #expect(near.contains(25) && near.contains(33))
        #expect(Zone.words(zones, outside: near) == "critical below 22 · critical above 34")
        // A constant has no height of its own to fill.
        #expect(Zone.range(of: 28...28, zones).contains(25))
    }
}
