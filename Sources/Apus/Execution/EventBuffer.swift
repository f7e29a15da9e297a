/// The events that some reader still needs, and how far each reader has come.
///
/// It decides and does not wait: ``EventHub`` holds it in a lock and resumes whom it names.
struct EventBuffer: Sendable {
    struct Reader: Sendable {
        let id: Int
        let policy: EventPolicy
        /// The next event to take from the buffer.
        var cursor: UInt64
        /// The first event that counts against the bound: the oldest one that the reader has not finished with.
        var settled: UInt64
        /// Events that an iterator took and did not deliver.
        var returned: [RunEvent] = []
        var isCut = false

        /// The buffer's end at which the reader must be waited for or is cut.
        var alarm: UInt64 {
            switch policy {
            case .wait(let bound): settled &+ UInt64(max(1, bound))
            case .cut(let bound): settled &+ UInt64(max(1, bound)) &+ 1
            }
        }

        /// How much it may take at a time: half its bound, so that the run goes on while the reader works on it.
        var portion: Int {
            switch policy {
            case .wait(let bound), .cut(let bound): max(1, bound / 2)
            }
        }
    }

    enum Taken: Sendable, Equatable { case events, nothingYet, ended, cut(resumeFrom: UInt64) }

    private var events: [RunEvent] = []
    /// The index of the first event that is still needed.
    private var head = 0
    /// The sequence number that follows the last event recorded.
    private var end: UInt64 = 0
    private var retention: Int
    private var readers: [Reader] = []
    private var nextReader = 0
    private(set) var hasEnded = false
    /// Whether a reader that asked to be waited for is at its bound.
    private(set) var isFull = false
    /// Whether an event would be recorded.
    private(set) var isWatched: Bool
    /// The number of the event after which a reader comes to its bound, so that the others need no weighing.
    private var alarm = UInt64.max

    init(retaining: Int) {
        retention = retaining
        isWatched = retaining > 0
    }

    mutating func append(_ event: RunEvent) {
        if readers.isEmpty && events.count >= retention { return forgetRetained() }
        events.append(event)
        end = event.sequence &+ 1
        if end >= alarm { weigh() }
    }

    /// Adds a reader at the first retained event, or at `present`, the next number, if there is none.
    mutating func attach(_ policy: EventPolicy, present: UInt64) -> Int {
        if events.isEmpty { end = present }
        let first = readers.isEmpty ? end &- UInt64(events.count) : end
        retention = 0
        nextReader += 1
        readers.append(Reader(id: nextReader, policy: policy, cursor: first, settled: present))
        weigh()
        return nextReader
    }

    mutating func leave(_ id: Int) {
        readers.removeAll { $0.id == id }
        weigh()
        trim()
    }

    /// Whether ``take(_:into:)`` would answer something else than ``Taken/nothingYet``.
    func hasNews(_ id: Int) -> Bool {
        guard !hasEnded, let reader = readers.first(where: { $0.id == id }) else { return true }
        return reader.cursor < end || reader.isCut || !reader.returned.isEmpty
    }

    /// Moves what the reader may have next into `batch`, which must be empty.
    mutating func take(_ id: Int, into batch: inout [RunEvent]) -> Taken {
        guard let index = readers.firstIndex(where: { $0.id == id }) else { return .ended }
        if !readers[index].returned.isEmpty {
            swap(&batch, &readers[index].returned)
        } else if readers[index].isCut {
            return .cut(resumeFrom: readers[index].cursor)
        } else {
            fill(&batch, for: index)
        }
        readers[index].settled = max(readers[index].settled, batch.first?.sequence ?? readers[index].cursor)
        weigh()
        if !batch.isEmpty { return .events }
        return hasEnded ? .ended : .nothingYet
    }

    mutating func giveBack(_ rest: [RunEvent], to id: Int) {
        guard let index = readers.firstIndex(where: { $0.id == id }) else { return }
        readers[index].returned = rest + readers[index].returned
    }

    mutating func finish() {
        hasEnded = true
        weigh()
    }

}

extension EventBuffer {
    /// Cuts the readers that are over their bound, and notes whether one is at it that must be waited for.
    private mutating func weigh() {
        isFull = false
        alarm = .max
        var hasCut = false
        for index in readers.indices where !hasEnded && !readers[index].isCut {
            let reader = readers[index]
            if end < reader.alarm {
                alarm = min(alarm, reader.alarm)
            } else if case .wait = reader.policy {
                isFull = true
            } else {
                readers[index].isCut = true
                hasCut = true
            }
        }
        isWatched = !hasEnded && (retention > 0 || readers.contains { !$0.isCut })
        if hasCut { trim() }
    }

    private mutating func fill(_ batch: inout [RunEvent], for index: Int) {
        let from = events.count - Int(end - readers[index].cursor)
        let count = min(readers[index].portion, events.count - from)
        guard count > 0 else { return }
        readers[index].cursor += UInt64(count)
        if readers.count == 1 && head == 0 && count == events.count {
            swap(&batch, &events)
        } else {
            batch.append(contentsOf: events[from..<from + count])
            trim()
        }
    }

    /// Forgets the events that every reader has taken.
    private mutating func trim() {
        var low = end
        for reader in readers where !reader.isCut { low = min(low, reader.cursor) }
        head = events.count - Int(end - low)
        if head == events.count {
            events.removeAll(keepingCapacity: events.capacity <= 4_096)
            head = 0
        } else if head > 64 && head * 2 > events.count {
            events.removeFirst(head)
            head = 0
        }
    }

    private mutating func forgetRetained() {
        events = []
        retention = 0
        isWatched = false
    }
}
