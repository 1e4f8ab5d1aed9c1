import BeiDou
import Bytes
import Testing

struct RDSS4ExplanationTests {
    private func explain(_ octets: [UInt8]) -> String {
        RDSS4Family.explain(octets.octets).map { "\($0.offset): \($0.reason)" } ?? "right"
    }

    private let frame = RDSS4.frame("XTZJ", [0, 0])

    @Test func aRightFrameNeedsNoExplanation() { #expect(explain(frame) == "right") }

    @Test func eachFaultNamesItsOctetAndWhatIsAllowed() {
        #expect(explain([]) == "0: no octet is there: a frame has 11 or more")
        #expect(explain([0x23] + frame.dropFirst()) == "0: 23 stands here: a frame begins with 24 ($)")
        var other = frame
        other[2] = 0x2C
        #expect(explain(other) == "2: 2C stands here: a name has four letters from 41 (A) to 5A (Z)")
        #expect(explain(Array(frame[..<6])) == "6: ends after 6 octets, before name and length are whole")
    }

    @Test func aValueThatCannotBeIsNamed() {
        let frame = RDSS4.frame(
            "DWXX", [0, 0, 0, 0, 24, 0, 0, 0, 10, 0, 0, 0, 22, 0, 0, 0, 0, 0, 0, 0])
        #expect(explain(frame) == "0: time_of_day: field is not written as its message writes it")
    }

    @Test func aWrongLengthIsToldFromAWrongCheck() {
        #expect(
            explain(Array(frame.dropLast()))
                == "5: the length says 13, 12 octets are there; of all 12 the last is 00, the XOR of those in front 35")
        var long = frame
        long[6] = 14
        #expect(explain(long).hasPrefix("5: the length says 14, 13 octets are there"))
        long[12] ^= 13 ^ 14
        #expect(
            explain(long)
                == "5: the length says 14, 13 octets are there; "
                + "the check of all 13 is right, so the length is what is wrong")
        var damaged = frame
        damaged[11] = 1
        #expect(explain(damaged) == "12: the check of 13 octets is 35, the XOR of those in front is 34")
        #expect(explain(frame + [0]) == "13: the frame ends here: the length says 13, 14 octets are there")
        var impossible = frame
        (impossible[5], impossible[6]) = (0, 5)
        #expect(explain(impossible).hasPrefix("5: the length says 5: 11 to 128 are allowed for XTZJ"))
    }
}
