internal import Bytes

/// Slots strung together, each of them in one of many chains: what waits is found by a hash, taken out of the middle, and
/// taken from the front in the order in which it came. Nothing is allocated for a slot.
struct Chains {
    private let heads = Lane<Int32>()
    /// Around a chain: behind the last comes the first.
    private let following = Lane<Int32>()
    private let preceding = Lane<Int32>()
    private let mask: UInt64

    /// - Parameter chains: how many there are, a power of two.
    init(_ chains: Int) {
        mask = UInt64(chains - 1)
        heads.resize(to: chains, filler: -1)
    }

    private func chain(_ key: UInt64) -> Int {
        // The upper bits of the product depend on all bits of the key.
        Int((key &* 0x9E37_79B9_7F4A_7C15) &>> 32 & mask)
    }

    /// Puts a slot at the end of its chain.
    func append(_ slot: Int32, _ key: UInt64) {
        let place = Int(slot)
        if place >= following.count {
            following.resize(to: place + 1, filler: -1)
            preceding.resize(to: place + 1, filler: -1)
        }
        let chain = chain(key)
        let head = heads[chain]
        guard head >= 0 else {
            (heads[chain], following[place], preceding[place]) = (slot, slot, slot)
            return
        }
        let last = preceding[Int(head)]
        (following[Int(last)], preceding[place]) = (slot, last)
        (following[place], preceding[Int(head)]) = (head, slot)
    }

    /// Takes a slot out of its chain.
    func remove(_ slot: Int32, _ key: UInt64) {
        let (next, before) = (following[Int(slot)], preceding[Int(slot)])
        (following[Int(before)], preceding[Int(next)]) = (next, before)
        let chain = chain(key)
        if heads[chain] == slot { heads[chain] = next == slot ? -1 : next }
    }

    /// The first slot of a chain; -1 where it is empty.
    func first(_ key: UInt64) -> Int32 { heads[chain(key)] }

    /// The slot behind another one of a chain; -1 behind the last.
    func next(_ slot: Int32, _ key: UInt64) -> Int32 {
        let next = following[Int(slot)]
        return next == heads[chain(key)] ? -1 : next
    }
}
