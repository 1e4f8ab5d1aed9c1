internal import Bytes
internal import Records

/// The first pass over the rows of a table: where the columns of each sentence begin and end.
///
/// For each row it keeps the positions of the commas in front of its columns and behind the last one, then where the
/// columns of the sentence end. A column that is not there has the end in front of its beginning.
struct SentenceLocator {
    let plan: SentencePlan
    let places: Lane<Int>

    /// The octets of the shortest sentence: `$AAAAA*hh`. Shorter ones have no layout.
    private static let head = 6

    func locate(_ table: DecodedTable, first: Int, count: Int) {
        let columns = plan.columns
        let stride = plan.stride
        let extents = table.packets
        let packets = extents.span
        let most = plan.leading
        for index in 0..<count {
            let message = unsafe packets[first &+ index].bytes(keptBy: table)
            let star = message.byteCount &- 3
            let base = index &* stride
            // A name of four letters has its comma a place earlier.
            var filled = message.places(
                of: ASCII.comma, from: Self.head - 1, to: star, most: most + 1, into: places, at: base)
            // Taken anew for each row: the lane was written behind its back.
            var cells = places.writable
            while filled <= columns &+ 1 {
                cells[base &+ filled] = star
                filled &+= 1
            }
            // The end stands in the last place, whatever the columns are.
            cells[base &+ columns &+ 1] = star
            switch plan.layout.tail {
            case .extra, .rest: break
            case .satellites: Self.moveBehindSatellites(&cells, at: base)
            case .content(let behind): Self.endContent(message, behind, plan, &cells, at: base)
            case .beams: Self.placeBeams(message, &cells, at: base)
            }
        }
    }

    /// Signal and system stand behind the last satellite, of which there are four or fewer.
    @inline(__always)
    private static func moveBehindSatellites(_ cells: inout MutableSpan<Int>, at base: Int) {
        let star = cells[base &+ 22]
        // The usual sentence has four satellites: nothing to move.
        if cells[base &+ 18] < star { return }
        var columns = 3
        while columns < 18, cells[base &+ columns] < star { columns &+= 1 }
        // Columns that are there: those whose comma in front is.
        let behind = (columns &- 3) & 3
        guard behind == 1 || behind == 2 else { return }
        let last = columns &- behind
        let kept = (cells[base &+ last], cells[base &+ last &+ 1], cells[base &+ last &+ 2])
        for column in (last &+ 1)..<19 { cells[base &+ column] = kept.0 }
        (cells[base &+ 19], cells[base &+ 20], cells[base &+ 21]) = kept
    }

    /// A content reaches to the last commas but so many.
    private static func endContent(
        _ message: RawSpan, _ behind: Int, _ plan: SentencePlan, _ cells: inout MutableSpan<Int>, at base: Int
    ) {
        let star = cells[base &+ plan.columns &+ 1]
        let start = cells[base &+ plan.leading]
        var place = star &- 1
        var left = behind
        while left > 0, place > start {
            if message.u8(at: place) == ASCII.comma {
                cells[base &+ plan.leading &+ left] = place
                left &-= 1
            }
            place &-= 1
        }
        // Too few commas: the content is all there is.
        if left > 0 { for step in 1...(behind + 1) { cells[base + plan.leading + step] = star } }
        cells[base &+ plan.columns] = star
    }

    /// PWI: time, a count and three columns for each, another count and the rest.
    private static func placeBeams(_ message: RawSpan, _ cells: inout MutableSpan<Int>, at base: Int) {
        let star = cells[base + 6]
        let count = FieldParser.unsigned(message, cells[base + 1] + 1, cells[base + 2]) ?? 0
        var place = cells[base + 2]
        var left = 3 * Int(truncatingIfNeeded: min(count, 1_000))
        while left > 0, place < star {
            place += 1
            while place < star, message.u8(at: place) != ASCII.comma { place += 1 }
            left -= 1
        }
        cells[base + 3] = place
        if place < star {
            place += 1
            while place < star, message.u8(at: place) != ASCII.comma { place += 1 }
        }
        cells[base + 4] = place
        cells[base + 5] = star
    }
}
