/// Counts of calls and failures in a window that moves on by tenths of its length. It takes the same few words however many calls there are.
struct FailureWindow: Sendable {
    private struct Slot: Sendable {
        var calls = 0
        var failures = 0
    }

    private let width: Duration
    private var slots = [Slot](repeating: Slot(), count: 10)
    /// The number of the youngest tenth, counted from the clock's origin, and where it ends.
    private var current = 0
    private var end = Duration.zero
    private(set) var calls = 0
    private(set) var failures = 0

    init(_ length: Duration) { width = length / 10 }

    mutating func add(isFailure: Bool, at now: Duration) {
        if now >= end { advance(to: now) }
        let slot = current % 10
        slots[slot].calls += 1
        calls += 1
        guard isFailure else { return }
        slots[slot].failures += 1
        failures += 1
    }

    mutating func clear() {
        guard calls > 0 else { return }
        for slot in slots.indices { slots[slot] = Slot() }
        calls = 0
        failures = 0
    }

    private mutating func advance(to now: Duration) {
        let number = Int(now.attoseconds / width.attoseconds)
        for passed in 1...max(1, min(10, number - current)) {
            let slot = (current + passed) % 10
            calls -= slots[slot].calls
            failures -= slots[slot].failures
            slots[slot] = Slot()
        }
        current = number
        end = width * (number + 1)
    }
}
