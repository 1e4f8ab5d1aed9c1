/// What a plain list of numbers tells: what is missing behind the first one, and what came behind higher ones.
func told(_ order: [Int]) -> (missing: Int, late: Int) {
    var (highest, missing, late) = (order[0], 0, 0)
    for number in order.dropFirst() {
        if number > highest {
            missing += number - highest - 1
            highest = number
        } else {
            late += 1
        }
    }
    return (missing, late)
}
