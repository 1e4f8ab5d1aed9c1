/// Where an axis of numbers has its lines, and what stands there.
package struct Ticks: Sendable {
    /// The values with a line.
    package let values: [Double]
    /// What stands at each.
    package let labels: [String]

    /// Ticks of a range at multiples of 1, 2 or 5 times a power of ten, so many at most.
    package init(_ range: ClosedRange<Double>, most: Int) {
        let span = range.upperBound - range.lowerBound
        let rough = span / Double(max(1, most))
        let exponent = NumberText.decimalExponent(rough)
        let power = NumberText.powerOfTen(exponent)
        let steps = [(1.0, 0), (2, 0), (5, 0), (10, 1)]
        let (factor, shift) = steps.first { rough <= $0.0 * power * 1.000_001 } ?? (10, 1)
        let step = factor * power
        var values: [Double] = []
        if step > 0, step.isFinite {
            let first = (range.lowerBound / step).rounded(.up)
            let last = (range.upperBound / step).rounded(.down)
            if last - first <= 1000 {
                var index = first
                while index <= last {
                    // A multiple of 5e-1 is told exactly by dividing.
                    values.append(exponent < 0 ? index * factor / NumberText.powerOfTen(-exponent) : index * step)
                    // Beyond 2^53 there is no next one.
                    guard index + 1 > index else { break }
                    index += 1
                }
            }
        }
        self.values = values
        let largest = max(range.lowerBound.magnitude, range.upperBound.magnitude)
        let decimals = max(0, -(exponent + shift))
        if largest >= 1e7 || decimals > 5 {
            let digits = max(0, min(15, NumberText.decimalExponent(largest) - (exponent + shift)))
            labels = values.map { NumberText.scientific($0, digits: digits) }
        } else {
            labels = values.map { NumberText.fixed($0, decimals: decimals) }
        }
    }

    /// The range that shows values with some room above and below them.
    package static func range(of values: ClosedRange<Double>) -> ClosedRange<Double> {
        // Halves of the largest number, so that spans are numbers, too.
        let most = Double.greatestFiniteMagnitude / 8
        let (low, high) = (max(-most, min(most, values.lowerBound)), max(-most, min(most, values.upperBound)))
        guard high > low, high - low > max(low.magnitude, high.magnitude) * 1e-12 else {
            let room = low == 0 ? 1 : max(low.magnitude * 0.01, Double.leastNormalMagnitude * 1e16)
            return low - room...low + room
        }
        let room = (high - low) * 0.06
        return low - room...high + room
    }
}
