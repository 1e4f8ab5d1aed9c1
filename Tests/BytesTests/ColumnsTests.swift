import Bytes
import Testing

/// How wide text is on a terminal.
struct ColumnsTests {
    @Test(
        "ideographs and full-width forms take two columns, all else one",
        arguments: [
            ("", 0), ("abc", 3), ("水", 2), ("水位 12.4 m", 11), ("，。（）", 8), ("ａ１", 4), ("한글", 4), ("あア", 4),
            ("–…°é", 4), ("·—", 2), ("𠀀", 2), ("😀", 2), ("\u{303F}", 1), ("￠", 2), ("｡", 1),
        ])
    func widths(_ text: String, _ width: Int) {
        #expect(text.columns == width)
        #expect(Array(text.utf8).octets.columns == width)
    }

    @Test func aPrefixHoldsWholeCharacters() {
        let octets = Array("a水b".utf8)
        #expect(octets.octets.prefix(columns: 2).octets == 1)
        #expect(octets.octets.prefix(columns: 3).octets == 4)
        #expect(octets.octets.prefix(columns: 9).octets == 5)
        #expect(octets.octets.prefix(columns: 9).columns == 4)
        #expect("a水b".prefix(columns: 2) == "a" && "a水b".prefix(columns: 3) == "a水")
        #expect(octets.octets.characters == 3)
    }

    @Test func damagedUTF8IsCountedAndNotTrusted() {
        for octets: [UInt8] in [[0xE6], [0x80, 0x80], [0xFF, 0xFE, 0xFD], [UInt8](repeating: 0x80, count: 64)] {
            #expect(octets.octets.columns <= octets.count)
            #expect(octets.octets.prefix(columns: 100).octets == octets.count)
        }
    }
}
