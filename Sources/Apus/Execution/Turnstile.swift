/// Decides whose turn it is where only so many may be inside at once, and perhaps only so many may wait.
///
/// The one with the highest priority goes first, and among equals the one that came first. It decides and does not
/// wait; ``TurnstileGate`` lets tasks wait for it. Entering, leaving and withdrawing cost O(log n).
package struct Turnstile: Sendable {
    /// The caller's name for one visit.
    package typealias Ticket = UInt64

    private struct Entry: Sendable, Comparable {
        let priority: Int
        let arrival: UInt64
        let ticket: Ticket

        static func < (left: Entry, right: Entry) -> Bool {
            (right.priority, left.arrival) < (left.priority, right.arrival)
        }
    }

    /// What becomes of one who wants to enter.
    package enum Entrance: Sendable { case admitted, waits, full }

    package let capacity: Int
    /// How many may wait.
    package let queue: Int
    private let planted = Planted()
    package private(set) var inside = 0
    private var line = MinHeap<Entry>()
    /// The arrival number of each that waits. An entry of the line with another number, or none, has been withdrawn.
    private var arrivals: [Ticket: UInt64] = [:]
    private var nextArrival: UInt64 = 0

    package init(capacity: Int, queue: Int = .max) {
        precondition(capacity > 0, "a turnstile of capacity \(capacity) would never let anyone in")
        self.capacity = capacity
        self.queue = queue
    }

    package var waiting: Int { arrivals.count }
    /// Whether one may enter without waiting. Nobody waits while there is room.
    package var hasRoom: Bool { inside < capacity }

    /// A ticket that waits is admitted when ``leave()`` names it.
    package mutating func enter(_ ticket: Ticket, priority: Int = 0) -> Entrance {
        if hasRoom {
            inside += 1
            return .admitted
        }
        if waiting >= queue, !planted(.bulkheadQueueUnbounded) { return .full }
        precondition(arrivals[ticket] == nil, "ticket \(ticket) waits already")
        arrivals[ticket] = nextArrival
        line.insert(Entry(priority: priority, arrival: nextArrival, ticket: ticket))
        nextArrival += 1
        return .waits
    }

    /// Gives one place up and returns the ticket that has it now, or `nil` if nobody waits.
    package mutating func leave() -> Ticket? {
        precondition(inside > 0, "nobody is inside")
        while let entry = line.popMin() {
            if planted(.bulkheadLosesPlace), arrivals[entry.ticket] == nil { return nil }
            guard arrivals[entry.ticket] == entry.arrival else { continue }
            arrivals[entry.ticket] = nil
            return entry.ticket
        }
        inside -= 1
        return nil
    }

    /// Takes a ticket out of the line; returns `false` if it does not wait (any more).
    @discardableResult
    package mutating func withdraw(_ ticket: Ticket) -> Bool {
        guard arrivals.removeValue(forKey: ticket) != nil else { return false }
        if line.count > 64 && line.count > 2 * arrivals.count {
            line.keep { [arrivals] in arrivals[$0.ticket] == $0.arrival }
        }
        return true
    }
}
