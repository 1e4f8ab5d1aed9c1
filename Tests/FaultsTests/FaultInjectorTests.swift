import Bytes
import Capture
import Faults
import Testing

/// Whether a count of things that happen with a probability is within 4.5 deviations, once in 150,000 it is not.
private func expectRate(
    _ found: Int, of count: Int, _ probability: Double, sourceLocation: SourceLocation = #_sourceLocation
) {
    let mean = Double(count) * probability
    let deviation = (mean * (1 - probability)).squareRoot()
    #expect(abs(Double(found) - mean) < 4.5 * deviation, "\(found) for \(mean)", sourceLocation: sourceLocation)
}

@Suite("Faults")
struct FaultInjectorTests {
    @Test("fall as often as the plan says")
    func rates() throws {
        let count = 100_000
        let broken = try Broken(
            "bit-error=1e-4,loss=0.02,duplicate=0.01,reorder=3:0.05,truncate=0.03,jitter=1ms", count: count, octets: 50)
        let counts = broken.counts
        expectRate(counts.lost, of: count, 0.02)
        // What befalls a lost packet is not told, and nothing hits what is cut away.
        expectRate(counts.doubled, of: count, 0.01 * 0.98)
        expectRate(counts.putBack, of: count, 0.05 * 0.98)
        expectRate(counts.cut, of: count, 0.03 * 0.98)
        expectRate(counts.delayed, of: count, 1000.0 / 1001 * 0.98)
        #expect(broken.packets.count == count - counts.lost + counts.doubled)
        let hit = try Broken("bit-error=1e-4", count: count, octets: 50)
        expectRate(hit.counts.bits, of: count * 400, 1e-4)
        expectRate(hit.counts.changed, of: count, 0.039_211)
    }

    @Test("turn bits over, and no others, and every bit as often as another")
    func bits() throws {
        let broken = try Broken("bit-error=0.01", count: 20_000, octets: 16)
        var counts = [Int](repeating: 0, count: 128)
        var wrong = 0
        let turned = broken.turned
        for packet in broken.packets {
            var expected = Broken.body(Int(packet.number), 16)
            for bit in turned[packet.number] ?? [] {
                expected[Int(bit) / 8] ^= 0x80 >> UInt8(bit % 8)
                counts[Int(bit)] += 1
            }
            wrong += packet.octets == expected ? 0 : 1
        }
        #expect(wrong == 0)
        // 127 degrees of freedom: above 192 once in 7,000.
        let square = counts.reduce(0.0) { $0 + (Double($1) - 200) * (Double($1) - 200) / 200 }
        #expect(square < 192, "\(counts)")
        #expect(try Broken("bit-error=1", count: 3, octets: 5).packets[2].octets == Broken.body(3, 5).map { ~$0 })
    }

    @Test(
        "lose packets in runs of a mean length, and as many as the loss says",
        arguments: [(0.01, 20.0), (0.2, 1.0), (0.3, 5.5)])
    func bursts(_ loss: Double, _ burst: Double) throws {
        let count = 1_000_000
        let lost = try Broken("loss=\(loss),burst=\(burst)", count: count, octets: 1, gap: 1).numbers(.loss)
        var runs = 1
        for index in 1..<lost.count where lost[index] != lost[index - 1] + 1 { runs += 1 }
        // Runs begin `loss / burst` times a packet, and the deviation of their lengths is about their mean.
        let expected = Double(count) * loss / burst
        #expect(abs(Double(runs) - expected) < 5 * expected.squareRoot(), "\(runs) runs for \(expected)")
        let mean = Double(lost.count) / Double(runs)
        #expect(abs(mean - burst) < 5 * burst / expected.squareRoot() + 1e-9, "\(mean) for \(burst)")
        let share = Double(lost.count) / Double(count)
        #expect(abs(share - loss) < 7 * loss / expected.squareRoot(), "\(share) for \(loss)")
    }

    @Test("are the same for the same seed in whatever batches packets come, and others for another seed")
    func seeds() throws {
        let plan = "bit-error=1e-3,loss=0.05,burst=3,duplicate=0.05,reorder=4:0.1,truncate=0.05,jitter=3ms"
        let one = try Broken(plan, count: 3000)
        for size in [1, 7, 511] {
            let other = try Broken(plan, count: 3000, batch: size)
            #expect(other.packets == one.packets)
            #expect(other.faults.map(\.packet) == one.faults.map(\.packet))
            #expect(other.faults.map(\.index) == one.faults.map(\.index))
            #expect(other.bits == one.bits)
        }
        #expect(try Broken(plan, seed: 8, count: 3000).packets != one.packets)
    }

    /// What has to stay the same on every machine and in every version: when this changes, truths of earlier runs can no longer
    /// be made again, and the changelog has to say so.
    @Test("of a seed are these on every machine")
    func digest() throws {
        let plan = "bit-error=1e-4,loss=0.05,burst=3,duplicate=0.02,reorder=4:0.05,truncate=0.02,jitter=3ms"
        let broken = try Broken(plan, seed: 20_260_315, count: 5000)
        var octets: [UInt8] = []
        for packet in broken.packets {
            for value in [packet.number, UInt64(bitPattern: packet.time)] {
                for shift in stride(from: 0 as UInt64, to: 64, by: 8) {
                    octets.append(UInt8(truncatingIfNeeded: value >> shift))
                }
            }
            octets += packet.octets
        }
        let hash = SHA256.of(octets.octets).prefix(8).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        #expect(hash == "35ccf038efee9fc3")
    }

    @Test("of one kind fall in the same places with all others and without them")
    func independence() throws {
        let others = [
            "bit-error=1e-3", "loss=0.05", "duplicate=0.05", "reorder=4:0.1", "truncate=0.05", "jitter=3ms",
        ]
        let all = try Broken(others.joined(separator: ","), count: 4000)
        let lost = Set(all.numbers(.loss))
        #expect(try Broken("loss=0.05", count: 4000).numbers(.loss) == all.numbers(.loss))
        for (text, kind) in [
            ("duplicate=0.05", Fault.Kind.duplicate), ("truncate=0.05", .truncate), ("jitter=3ms", .jitter),
        ] {
            let alone = try Broken(text, count: 4000)
            #expect(alone.numbers(kind).filter { !lost.contains($0) } == all.numbers(kind))
            let values = Dictionary(uniqueKeysWithValues: alone.faults.map { ($0.packet, $0.value) })
            for fault in all.faults where fault.kind == kind { #expect(values[fault.packet] == fault.value) }
        }
        let alone = try Broken("bit-error=1e-3", count: 4000).turned
        let cuts = Dictionary(
            uniqueKeysWithValues: all.faults.filter { $0.kind == .truncate }.map { ($0.packet, $0.value) })
        for (number, bits) in alone where !lost.contains(number) {
            let left = bits.filter { Int64($0) < (cuts[number] ?? .max / 8) * 8 }
            #expect(all.turned[number] ?? [] == left)
        }
    }

    @Test("cut packets to a length from 1 to one less than they had, each as often")
    func cuts() throws {
        let broken = try Broken("truncate=1", count: 9000, octets: 10)
        var counts = [Int](repeating: 0, count: 11)
        for packet in broken.packets {
            counts[packet.octets.count] += 1
            #expect(packet.octets == Array(Broken.body(Int(packet.number), 10).prefix(packet.octets.count)))
        }
        #expect(counts[0] == 0 && counts[10] == 0)
        for length in 1...9 { expectRate(counts[length], of: 9000, 1.0 / 9) }
        // What has no octet to lose is whole.
        for octets in [0, 1] {
            let whole = try Broken("truncate=1", count: 50, octets: octets)
            #expect(whole.faults.isEmpty && whole.packets.allSatisfy { $0.octets.count == octets })
        }
    }

    @Test("put packets back by at most so many places, and those that stay keep their order")
    func places() throws {
        let broken = try Broken("reorder=3:0.05", count: 20_000)
        let moved = Set(broken.numbers(.reorder))
        let order = broken.packets.map(\.number)
        #expect(order.filter { !moved.contains($0) } == (1...20_000).filter { !moved.contains($0) }.map { $0 })
        var counts = [Int](repeating: 0, count: 4)
        for fault in broken.faults {
            #expect((1...3).contains(fault.value))
            counts[Int(fault.value)] += 1
            #expect(order[fault.index] == fault.packet)
            // Behind the packet that came so many places behind it, and at its time.
            #expect(fault.moved.nanoseconds == (Int64(fault.packet) - 1 + fault.value) * 1_000_000)
        }
        for places in 1...3 { expectRate(counts[places], of: broken.counts.putBack, 1.0 / 3) }
        #expect(zip(broken.packets, broken.packets.dropFirst()).allSatisfy { $0.time <= $1.time })
        #expect(broken.mostHeld <= 3)
        // All of them: each is passed by at most three.
        let all = try Broken("reorder=3:1", count: 1000)
        #expect(all.packets.map(\.number).sorted() == (1...1000).map { $0 })
        #expect(all.packets.enumerated().allSatisfy { abs($0.offset + 1 - Int($0.element.number)) <= 3 })
    }

    @Test("make packets late by at most so much, and send them in the order of their new times")
    func jitter() throws {
        let broken = try Broken("jitter=5ms", count: 20_000)
        #expect(zip(broken.packets, broken.packets.dropFirst()).allSatisfy { $0.time <= $1.time })
        #expect(broken.packets.map(\.number).sorted() == (1...20_000).map { $0 })
        for packet in broken.packets {
            let delay = packet.time - Int64(packet.number - 1) * 1_000_000
            #expect((0...5_000_000).contains(delay) && delay % 1000 == 0)
        }
        let mean = broken.faults.reduce(0.0) { $0 + Double($1.value) } / 20_000
        #expect(abs(mean - 2_500_000) < 5 * 5_000_000 / 12.0.squareRoot() / 20_000.0.squareRoot())
        #expect(broken.mostHeld <= 6)
    }

    @Test("move times by whole units of their clocks", arguments: [1, 1000, 1_000_000])
    func units(_ step: Int64) throws {
        // Some are off the units of the others.
        let times = (0..<2000).map { Int64($0) * 10_000_000 + ($0 % 3 == 0 ? 123 : 0) }
        let broken = try Broken("jitter=50ms,reorder=3:0.2", count: 2000, times: times) { count in
            var place = FaultPlace(start: 0, count: count)
            place.step = step
            return place
        }
        #expect(broken.counts.delayed > 1900 && broken.counts.putBack > 300)
        for packet in broken.packets {
            let shift = packet.time - times[Int(packet.number) - 1]
            #expect(shift >= 0 && shift % step == 0)
        }
    }

    @Test("leave packets without times, and times that go back, in their places")
    func times() throws {
        let unknown = CaptureTime.unknown.nanoseconds
        let untimed = try Broken("jitter=5ms", count: 100, times: [Int64](repeating: unknown, count: 100))
        #expect(untimed.faults.isEmpty)
        #expect(untimed.packets.map(\.number) == (1...100).map { $0 })
        // Far apart, so that none overtakes another, but the second half is an hour earlier.
        let jump = (0..<100).map { Int64($0) * 1_000_000_000 - ($0 < 50 ? 0 : 3_600_000_000_000) }
        let back = try Broken("jitter=5ms", count: 100, times: jump)
        let moved = Set(back.numbers(.jitter))
        #expect(back.packets.filter { !moved.contains($0.number) }.map(\.number).allSatisfy { $0 > 0 })
        #expect(back.packets.map(\.number).sorted() == (1...100).map { $0 })
        let edge = try Broken("jitter=5ms", count: 2, times: [.max - 5, .max])
        #expect(edge.packets.allSatisfy { $0.time >= .max - 5 })
    }

    @Test("hold back no more than so many packets, whatever the jitter")
    func held() throws {
        let broken = try Broken("jitter=60s", count: 150_000, octets: 2, gap: 10)
        #expect(broken.mostHeld <= FaultInjector.mostHeld)
        #expect(broken.packets.map(\.number).sorted() == (1...150_000).map { $0 })
    }

    @Test("keep a checksum as right, or as wrong, as it was")
    func checksums() throws {
        // Two octets of sum, then octets that it counts in.
        func place(_ isNeverZero: Bool) -> (Int) -> FaultPlace {
            { count in
                var place = FaultPlace(start: 2, count: count - 2)
                (place.checksum, place.isNeverZero) = (0, isNeverZero)
                return place
            }
        }
        for octets in [7, 8, 33] {
            let broken = try Broken("bit-error=0.02,truncate=0.1", count: 5000, octets: octets, place: place(true))
            let cut = Set(broken.numbers(.truncate))
            for packet in broken.packets where !cut.contains(packet.number) {
                let (before, after) = (Broken.body(Int(packet.number), octets), packet.octets)
                let sums = (InternetChecksum.plainSum(before.octets), InternetChecksum.plainSum(after.octets))
                // Both zeros of the ones' complement are one number.
                #expect(sums.0 % 0xFFFF == sums.1 % 0xFFFF, "\(before) \(after)")
                #expect(broken.turned[packet.number] != nil || before == after)
            }
        }
    }
}
