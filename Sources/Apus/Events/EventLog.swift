/// The log of a bus: events with numbers that are given in the commit which stores them.
///
/// Each append requires the tail as it was read. So numbers have no gaps, none is stored behind a reader's back, and the order of
/// the numbers is the order of the commits.
struct EventLog: Sendable {
    let storage: any Storage
    let environment: any Environment
    let keys: EventKeys
    let planted = Planted()

    /// How often an append is tried that others come before, and one that the storage can't take.
    private static let races = 64
    private static let attempts = 8

    /// Stores events with `extra` in one commit, whatever answer gets lost on the way; returns the number of the first.
    ///
    /// Throws the ``StorageError/Code/conflict`` of a precondition in `extra`; then nothing was stored.
    func append(_ events: [EventRecord], with extra: StorageBatch) async throws -> Int {
        for attempt in 1...Self.races {
            let old = try await environment.patiently { try await storage.value(at: keys.tail) }
            let tail = try EventTail(old, at: keys.tail)
            let records = numbered(events, behind: tail)
            var batch = StorageBatch()
            batch.require(old.map { .holds(keys.tail, $0) } ?? .absent(keys.tail))
            batch.put(tail.followed(by: records).bytes, at: keys.tail)
            if planted(.numberBeforeEvent), (try? await storage.commit(batch)) != nil {
                try await environment.sleep(for: .milliseconds(20))
                batch = StorageBatch()
            }
            for record in records { batch.put(record.bytes, at: keys.event(record.sequence)) }
            batch.append(extra)
            if try await isStored(batch, records) { return tail.next }
            let pause = environment.random() % UInt64(min(attempt, 16) * 500)
            try await environment.sleep(for: .microseconds(Int64(pause)))
        }
        throw EventBusError(.crowded, detail: "\(Self.races) attempts")
    }

    private func numbered(_ events: [EventRecord], behind tail: EventTail) -> [EventRecord] {
        let time = max(tail.time, environment.now().wallTime)
        return events.enumerated().map { place, event in
            var event = event
            (event.sequence, event.time) = (tail.next + place, time)
            return event
        }
    }

    /// Commits a batch; false if others have appended before.
    private func isStored(_ batch: StorageBatch, _ records: [EventRecord]) async throws -> Bool {
        var isKnown = true
        for attempt in 1... {
            do {
                try await storage.commit(batch)
                return true
            } catch let error as StorageError {
                if error.code == .unknownOutcome { isKnown = false }
                if error.code == .conflict, error.key != keys.tail { throw error }
                if isKnown, error.code == .conflict { return false }
                guard error.code == .conflict || error.failureKind == .transient else { throw error }
                if !isKnown, let verdict = try await verdict(records) { return verdict }
                guard attempt < Self.attempts else { throw error }
                try await JournalCommit.pause(attempt, environment)
            }
        }
        preconditionFailure("an endless loop has ended")
    }

    /// Whether records were stored, after an answer was lost; `nil` while that is open.
    private func verdict(_ records: [EventRecord]) async throws -> Bool? {
        if planted(.publishedTwice) { return false }
        guard let first = records.first else { return nil }
        let found = try await environment.patiently { try await storage.read([keys.tail, keys.event(first.sequence)]) }
        if let entry = found[1] { return entry.value == first.bytes }
        // As long as the tail is where it was, the commit may still arrive; trying again is in conflict with it.
        guard try EventTail(found[0]?.value, at: keys.tail).next > first.sequence else { return nil }
        throw StorageError(.unknownOutcome, key: keys.event(first.sequence), detail: "it is no longer kept")
    }
}

/// Where a log ends.
struct EventTail: Sendable, Equatable {
    /// The number that comes next.
    var next = 1
    /// No later event has an earlier time.
    var time = WallTime(milliseconds: 0)

    init(_ bytes: [UInt8]?, at key: StorageKey) throws {
        guard let bytes else { return }
        let parts = String(decoding: bytes, as: UTF8.self).split(separator: " ").compactMap { Int64($0) }
        guard parts.count == 2 else { throw EventBusError(.damaged, detail: "what is stored at \(key) is no tail") }
        (next, time) = (Int(parts[0]), WallTime(milliseconds: parts[1]))
    }

    var bytes: [UInt8] { Array("\(next) \(time.milliseconds)".utf8) }

    func followed(by records: [EventRecord]) -> EventTail {
        var tail = self
        tail.next += records.count
        tail.time = records.last?.time ?? time
        return tail
    }
}

extension EventLog {
    func tail() async throws -> EventTail { try EventTail(try await storage.value(at: keys.tail), at: keys.tail) }

    /// The events from a number on, without a gap, `limit` at most.
    ///
    /// Throws ``EventBusError/Code/trimmed`` if the first of them is no longer kept, ``EventBusError/Code/damaged`` if one is missing.
    func events(from first: Int, limit: Int) async throws -> [EventRecord] {
        let entries = try await storage.scan(keys.events(from: first), limit: limit)
        var records: [EventRecord] = []
        for entry in entries {
            guard let number = entry.key.parts.last.flatMap(StorageKey.number).map({ Int($0) }) else {
                throw EventBusError(.damaged, detail: "\(entry.key) has no number")
            }
            let expected = records.last.map { $0.sequence + 1 } ?? first
            if number != expected, !planted(.numberBeforeEvent) { try await explain(expected) }
            records.append(try EventRecord(entry.value, sequence: number, at: entry.key))
        }
        return records
    }

    /// Throws why there is no event of a number.
    private func explain(_ sequence: Int) async throws {
        let first = try EventFloor(try await storage.value(at: keys.first), at: keys.first)
        throw EventBusError(sequence < first.first ? .trimmed : .damaged, sequence: sequence, detail: "it is missing")
    }
}

/// Where a log begins.
struct EventFloor: Sendable, Equatable {
    /// The first number that is kept.
    var first = 1
    /// Raised when somebody begins to need old events, so that they are not dropped at the same moment.
    var claims = 0

    init(_ bytes: [UInt8]?, at key: StorageKey) throws {
        guard let bytes else { return }
        let parts = String(decoding: bytes, as: UTF8.self).split(separator: " ").compactMap { Int($0) }
        guard parts.count == 2 else { throw EventBusError(.damaged, detail: "what is stored at \(key) is no floor") }
        (first, claims) = (parts[0], parts[1])
    }

    var bytes: [UInt8] { Array("\(first) \(claims)".utf8) }
}
