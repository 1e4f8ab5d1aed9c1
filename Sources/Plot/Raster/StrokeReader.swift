internal import Glibc

/// Reads a stroke of the glyph table: points `x,y`, and arcs of ellipses `@x,y,rx,ry,from,to` in degrees, upwards and to
/// the left, with blanks between them.
enum StrokeReader {
    /// The stroke as spots. The table is part of the program: what is no number in it is 0.
    static func read(_ drawing: Substring) -> [Spot] {
        var spots: [Spot] = []
        for word in drawing.split(separator: " ") {
            let isArc = word.hasPrefix("@")
            let numbers = word.dropFirst(isArc ? 1 : 0).split(separator: ",").map { Double($0) ?? 0 }
            if isArc, numbers.count == 6 {
                let sweep = numbers[5] - numbers[4]
                let steps = max(2, Int((sweep.magnitude / 15).rounded(.up)))
                for step in 0...steps {
                    let angle = (numbers[4] + sweep * Double(step) / Double(steps)) * .pi / 180
                    spots.append(Spot(numbers[0] + numbers[2] * cos(angle), numbers[1] + numbers[3] * sin(angle)))
                }
            } else if numbers.count == 2 {
                spots.append(Spot(numbers[0], numbers[1]))
            }
        }
        return spots
    }
}
