internal import Bytes

/// A typeface of single strokes, drawn for this program: a plain system has no fonts, and a PNG needs one.
///
/// An em has 20 units, capitals are 14 high, small letters 10, and descend 4. East Asian letters are no part of it: a
/// box of their width stands for each.
package struct StrokeFont {
    /// A letter: how far the next one stands, and its strokes, y upwards from the base line.
    package struct Glyph: Sendable {
        package var advance: Double
        package var strokes: [[Spot]]
    }

    /// The em in units.
    package static let em = 20.0

    /// The width of text in ems.
    package static func width(_ text: String) -> Double {
        text.unicodeScalars.reduce(0) { $0 + glyph($1).advance } / em
    }

    /// The letter for a code point.
    package static func glyph(_ scalar: Unicode.Scalar) -> Glyph {
        if let glyph = glyphs[scalar] { return glyph }
        // A box as wide as a terminal would draw it.
        let width = String(scalar).columns == 2 ? 20.0 : 11
        return Glyph(
            advance: width,
            strokes: [[Spot(1.5, 0), Spot(1.5, 13), Spot(width - 1.5, 13), Spot(width - 1.5, 0), Spot(1.5, 0)]])
    }

    private static let glyphs: [Unicode.Scalar: Glyph] = {
        var glyphs: [Unicode.Scalar: Glyph] = [:]
        for (letters, advance, drawing) in GlyphTable.drawings {
            let strokes = drawing.split(separator: ";").map { StrokeReader.read($0) }
            for scalar in letters.unicodeScalars { glyphs[scalar] = Glyph(advance: advance, strokes: strokes) }
        }
        for (small, plain) in zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻".unicodeScalars, "0123456789-".unicodeScalars) {
            guard let glyph = glyphs[plain] else { continue }
            let strokes = glyph.strokes.map { $0.map { Spot($0.x * 0.6, $0.y * 0.6 + 6.5) } }
            glyphs[small] = Glyph(advance: glyph.advance * 0.62, strokes: strokes)
        }
        return glyphs
    }()
}
