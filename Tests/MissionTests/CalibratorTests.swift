import Records
import Bytes
import Mission
import Testing

struct CalibratorTests {
    /// mode, lin, cub, step, line, far, ctx, whole.
    private static let packets: [[UInt8]] = [
        [0, 2, 2, 25, 25, 50, 50, 3], [2, 0xFE, 0xFF, 40, 40, 0, 50, 0], [0, 0, 1, 10, 10, 10, 150, 255],
        [0, 0, 1, 9, 41, 20, 0, 1],
    ]

    @Test("polynomials of any order, also with negative exponents")
    func polynomials() throws {
        let decoded = Decoded([try database("calibrators")], Self.packets)
        #expect(decoded.values(0)["lin"] == Shown(raw: "2", value: "-2.0"))
        #expect(decoded.values(1)["lin"] == Shown(raw: "-2", value: "-4.0"))
        #expect(decoded.values(0)["cub"] == Shown(raw: "2", value: "17.125"))
        #expect(decoded.values(1)["cub"] == Shown(raw: "-1", value: "-1.25"))
    }

    @Test("an integer that is calibrated keeps what stands behind the point")
    func integers() throws {
        let decoded = Decoded([try database("calibrators")], Self.packets)
        #expect(decoded.values(0)["whole"] == Shown(raw: "3", value: "1.5"))
        #expect(decoded.values(2)["whole"] == Shown(raw: "255", value: "127.5"))
    }

    @Test("splines: flat or straight between points, sorted whatever their order, the last point inside")
    func splines() throws {
        let decoded = Decoded([try database("calibrators")], Self.packets)
        #expect(decoded.texts(0)["step"] == "4.0")
        #expect(decoded.texts(1)["step"] == "0.0")
        #expect(decoded.texts(2)["step"] == "2.0")
        #expect(decoded.texts(0)["line"] == "3.0")
        #expect(decoded.texts(1)["line"] == "0.0")
        #expect(decoded.texts(2)["line"] == "2.0")
    }

    @Test("outside its points a spline has no value, unless it extrapolates with its end piece")
    func outside() throws {
        let decoded = Decoded([try database("calibrators")], Self.packets)
        #expect(decoded.values(3)["step"] == Shown(raw: "9", value: "-", validity: .notCalibrated))
        #expect(decoded.values(3)["line"] == Shown(raw: "41", value: "-", validity: .notCalibrated))
        #expect(decoded.texts(0)["far"] == "-2.0")
        #expect(decoded.texts(1)["far"] == "0.0")
        #expect(decoded.ledger.rejections.map(\.reason) == ["value is outside the range of its calibrator"])
        #expect(decoded.ledger.rejections.map(\.count) == [2])
        #expect(decoded.ledger.rejections.map(\.firstPacket) == [4])
    }

    @Test("the first context that holds goes before the standard calibrator, and may look at the raw value itself")
    func contexts() throws {
        let decoded = Decoded([try database("calibrators")], Self.packets)
        #expect(decoded.texts(0)["ctx"] == "1050.0")
        #expect(decoded.texts(1)["ctx"] == "500.0")
        #expect(decoded.texts(2)["ctx"] == "-150.0")
        #expect(decoded.texts(3)["ctx"] == "1000.0")
    }
}
