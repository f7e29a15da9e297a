/// An event that a subscriber could not handle.
public struct DeadEvent: Sendable, Hashable, Identifiable {
    public var id: Int { event.sequence }
    public var subscriber: String
    public var event: EventRecord
    /// How often it was tried.
    public var attempts: Int
    /// What the last attempt threw, 500 letters of it at most.
    public var error: String
    public var time: WallTime

    init(_ event: EventRecord, of subscriber: String, attempts: Int, error: any Error, time: WallTime) {
        self.event = event
        self.subscriber = subscriber
        self.attempts = attempts
        self.error = String("\(error)".prefix(500))
        self.time = time
    }

    var bytes: [UInt8] {
        var writer = JSONWriter()
        writer.object { object in
            object.key("a")
            object.number(attempts)
            object.key("d")
            object.number(time.milliseconds)
            object.key("e")
            object.raw(event.bytes)
            object.key("x")
            object.string(error)
        }
        return writer.bytes
    }

    init(_ entry: StorageEntry, of subscriber: String) throws {
        guard let sequence = entry.key.parts.last.flatMap(StorageKey.number),
            let json = try? JSON(parsing: entry.value),
            let attempts = json["a"]?.integerValue, let time = json["d"]?.integerValue, let event = json["e"],
            let error = json["x"]?.text
        else { throw EventBusError(.damaged, detail: "what is stored at \(entry.key) is no dead letter") }
        self.event = try EventRecord(event.bytes, sequence: Int(sequence), at: entry.key)
        self.subscriber = subscriber
        self.attempts = attempts
        self.error = error
        self.time = WallTime(milliseconds: Int64(time))
    }
}

/// What becomes of dead letters.
extension EventBus {
    /// The dead letters of a subscriber, `limit` at most, the oldest event first; those behind `sequence`.
    public func deadEvents(
        of subscriber: String, after sequence: Int = 0, limit: Int = 100
    ) async throws -> [DeadEvent] {
        let range = StorageRange.below(keys.dead(subscriber)).after(keys.dead(subscriber, sequence))
        return try await storage.scan(range, limit: limit).map { try DeadEvent($0, of: subscriber) }
    }

    /// Lets a dead letter be handled once more, with all its attempts: before the waiting events of its key, but behind those of
    /// its key that were handled meanwhile.
    ///
    /// Throws ``EventBusError/Code/unknownLetter`` if there is none.
    public func redeliver(_ sequence: Int, to subscriber: String) async throws {
        let key = keys.dead(subscriber, sequence)
        guard let entry = try await storage.read([key])[0] else {
            throw EventBusError(.unknownLetter, subscriber: subscriber, sequence: sequence)
        }
        let letter = try DeadEvent(entry, of: subscriber)
        try await settle(letter.id, of: subscriber) { batch in
            batch.require(.holds(key, entry.value))
            batch.put(letter.event.bytes, at: keys.again(subscriber, sequence))
        }
        ring()
    }

    /// Forgets a dead letter; throws ``EventBusError/Code/unknownLetter`` if there is none.
    public func drop(_ sequence: Int, of subscriber: String) async throws {
        try await settle(sequence, of: subscriber) { $0.require(.present(keys.dead(subscriber, sequence))) }
    }

    private func settle(
        _ sequence: Int, of subscriber: String, _ fill: (inout StorageBatch) -> Void
    ) async throws {
        do {
            try await storage.commit { batch in
                fill(&batch)
                batch.delete(keys.dead(subscriber, sequence))
            }
        } catch let error as StorageError where error.code == .conflict {
            throw EventBusError(.unknownLetter, subscriber: subscriber, sequence: sequence)
        }
    }
}
