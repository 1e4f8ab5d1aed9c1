/// What happens next: a heap of times, the earliest on top.
///
/// Of two at one time the one with the smaller number comes first, so the order hangs on nothing else.
struct EventHeap {
    /// When something happens, in nanoseconds since the scenario's start, and what.
    struct Event: BitwiseCopyable {
        var time: Int64
        var what: UInt64

        static func < (a: Event, b: Event) -> Bool { a.time != b.time ? a.time < b.time : a.what < b.what }
    }

    private var events: [Event] = []

    /// When the next one happens; nil when nothing does.
    var nextTime: Int64? { events.first?.time }

    mutating func push(_ event: Event) {
        events.append(event)
        var child = events.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard events[child] < events[parent] else { break }
            events.swapAt(child, parent)
            child = parent
        }
    }

    /// Takes the next one, which is there.
    mutating func pop() -> Event {
        let top = events[0]
        let last = events.removeLast()
        guard !events.isEmpty else { return top }
        events[0] = last
        var parent = 0
        while true {
            var child = 2 * parent + 1
            guard child < events.count else { break }
            if child + 1 < events.count, events[child + 1] < events[child] { child += 1 }
            guard events[child] < events[parent] else { break }
            events.swapAt(child, parent)
            parent = child
        }
        return top
    }
}
