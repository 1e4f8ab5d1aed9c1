import BeiDou
import Support
import Testing

@Suite struct PositionPayloadTests {
    private let place = PositionPayload(
        hundredths: ((8 * 60 + 49) * 60 + 36) * 100 + 50, latitude: 23.03738, longitude: 113.39447, height: -123,
        heightAnomaly: -6)

    @Test func aPositionComesBackToATenthOfASecondOfArc() throws {
        let octets = try place.encode()
        #expect(octets.count == 13)
        let back = try #require(PositionPayload(octets))
        #expect(abs(back.latitude - place.latitude) <= 0.05 / 3_600)
        #expect(abs(back.longitude - place.longitude) <= 0.05 / 3_600)
        #expect(back.hundredths == place.hundredths)
        #expect((back.height, back.heightAnomaly) == (-123, -6))
        #expect(ContentCoding.decode(octets, form: .code).position == back)
        #expect(try back.encode() == octets)
    }

    @Test func randomPositionsComeBack() throws {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<5_000 {
            let isHigh = Bool.random(using: &generator)
            let position = PositionPayload(
                hundredths: .random(in: 0..<8_640_000, using: &generator),
                latitude: Double(Int.random(in: 0..<64 * 36_000, using: &generator)) / 36_000,
                longitude: Double(Int.random(in: 0...180 * 36_000, using: &generator)) / 36_000,
                height: isHigh
                    ? .random(in: 0..<1 << 24, using: &generator) : .random(in: -16_383...16_383, using: &generator),
                heightAnomaly: isHigh ? nil : .random(in: -255...255, using: &generator))
            #expect(PositionPayload(try position.encode()) == position)
        }
    }

    @Test func whatHasNoRoomIsRefused() {
        func words(_ change: (inout PositionPayload) -> Void) -> String {
            var position = place
            change(&position)
            return refusal { _ = try position.encode() }
        }
        #expect(words { $0.latitude = 64 } == "latitude: 0 to 63.9999 degrees have room (north, east), here is 64.0")
        #expect(words { $0.latitude = -1 } == "latitude: 0 to 63.9999 degrees have room (north, east), here is -1.0")
        #expect(words { $0.longitude = 180.1 }.hasPrefix("longitude: 0 to 180 degrees"))
        #expect(words { $0.longitude = .nan }.hasPrefix("longitude:"))
        #expect(words { $0.longitude = .infinity }.hasPrefix("longitude:"))
        #expect(words { $0.height = 16_384 }.hasPrefix("height: -16383 to 16383 m has room, here is 16384"))
        #expect(words { $0.height = .min }.hasPrefix("height:"))
        #expect(words { $0.heightAnomaly = 256 } == "height_anomaly: -255 to 255 m has room, here is 256")
        #expect(words { $0.hundredths = 8_640_000 }.hasPrefix("time_of_day:"))
        #expect(
            words {
                $0.heightAnomaly = nil
                $0.height = -1
            }.hasPrefix("height: 0 to 16777215 m"))
    }

    @Test func whatIsNoPayloadIsNone() throws {
        let octets = try place.encode()
        #expect(PositionPayload(Array(octets.dropLast())) == nil)
        #expect(PositionPayload(octets + [0]) == nil)
        #expect(PositionPayload([0xA1] + octets.dropFirst()) == nil)
        #expect(PositionPayload([]) == nil)
    }
}
