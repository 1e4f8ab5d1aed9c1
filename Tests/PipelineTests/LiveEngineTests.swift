import Bytes
import Capture
import FoundationEssentials
import Pipeline
import Records
import Support
import Testing

/// A source that gives packets of a capture, then nothing for as long as it is asked, as a live one does.
private final class SlowSource: PacketSource {
    private let reader: CaptureReader
    private let most: Int
    private var given = 0
    var isEnded = false
    let isLive: Bool
    var name: String { reader.name }
    var format: CaptureFormat { reader.format }
    var interfaces: [Interface] { reader.interfaces }
    var packets: UInt64 { reader.packets }
    var uncompressedBytes: UInt64 { reader.uncompressedBytes }

    init(_ reader: CaptureReader, most: Int, isLive: Bool = true) {
        (self.reader, self.most, self.isLive) = (reader, most, isLive)
    }

    func next(into batch: inout Batch<Packet>, ledger: inout Ledger) -> Bool {
        var one = Batch<Packet>(capacity: 1)
        batch.removeAll()
        if isEnded { return false }
        guard given < most, reader.next(into: &one, ledger: &ledger) else { return true }
        given += 1
        batch.append(one[0])
        return true
    }
}

@Suite struct LiveEngineTests {
    private func source(_ most: Int, isLive: Bool = true) throws -> SlowSource {
        SlowSource(try CaptureReader.open(fixture("songjiang-packets.pcap").path), most: most, isLive: isLive)
    }

    @Test func aFlowThatHasWaitedASecondIsJudgedByWhatThereIs() throws {
        let source = try source(3)
        let engine = Engine(source)
        var units = Batch<Unit>()
        let begun = SteadyClock.now()
        var (count, first) = (0, Int64.max)
        while count < 3, SteadyClock.now() - begun < 60_000_000_000, engine.next(into: &units) {
            if units.count > 0 { first = min(first, SteadyClock.now() - begun) }
            count += units.count
        }
        #expect(count == 3)
        #expect(first > 900_000_000)
        source.isEnded = true
        while engine.next(into: &units) { count += units.count }
        #expect(count == 3)
        #expect(engine.ledger.isBalanced)
        #expect(engine.ledger.rejections.isEmpty)
    }

    @Test func aSourceThatEndsBeforeIsJudgedAtItsEnd() throws {
        let source = try source(5)
        let engine = Engine(source)
        var units = Batch<Unit>()
        let begun = SteadyClock.now()
        var count = 0
        for _ in 0..<20 {
            let goesOn = engine.next(into: &units)
            #expect(goesOn)
            // Where the machine stands still for a second, it has waited that second.
            #expect(units.count == 0 || SteadyClock.now() - begun > 900_000_000)
            count += units.count
        }
        source.isEnded = true
        while engine.next(into: &units) { count += units.count }
        #expect(count == 5)
        #expect(engine.ledger.isBalanced)
    }

    @Test func whatIsNotLiveWaitsForAsLongAsItTakes() throws {
        let source = try source(3, isLive: false)
        let engine = Engine(source)
        var units = Batch<Unit>()
        let begun = SteadyClock.now()
        while SteadyClock.now() - begun < 1_300_000_000 {
            let goesOn = engine.next(into: &units)
            #expect(goesOn)
            if !units.isEmpty { break }
        }
        #expect(units.count == 0)
    }

    @Test func stoppingBringsWhatWasReadToItsEnd() throws {
        let engine = Engine(try source(7))
        var units = Batch<Unit>()
        var count = 0
        for _ in 0..<10 where engine.next(into: &units) { count += units.count }
        engine.stop()
        while engine.next(into: &units) { count += units.count }
        #expect(count == 7)
        #expect(engine.ledger.isBalanced)
    }

    @Test func aLimitOfPacketsCutsABatchAndItsOctets() throws {
        let whole = try CaptureReader.open(fixture("songjiang-packets.pcap").path)
        let source = LimitedSource(whole, most: 120, seconds: nil)
        let engine = Engine(source)
        var units = Batch<Unit>()
        var count = 0
        while engine.next(into: &units) { count += units.count }
        #expect(count == 120)
        #expect(source.packets == 120)
        #expect(source.isCutOff)
        #expect(engine.ledger.isBalanced)
    }

    @Test func aLimitOfTimeEndsWhatHasNoEnd() throws {
        let source = LimitedSource(try source(3), most: nil, seconds: 0.2)
        let engine = Engine(source)
        var units = Batch<Unit>()
        let begun = SteadyClock.now()
        while engine.next(into: &units) { #expect(SteadyClock.now() - begun < 60_000_000_000) }
        #expect(!source.isCutOff, "what is live is never all there")
        #expect(engine.ledger.isBalanced)
    }
}
