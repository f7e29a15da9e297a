/// Folds events into a read model: page by page, each in one commit with the place up to which it was folded.
struct ModelFolder<State: Codable & Sendable>: Sendable {
    let model: ReadModel<State>
    let bus: EventBus
    let bell: Doorbell

    private static var page: Int { 256 }

    init(_ model: ReadModel<State>, _ bus: EventBus, _ bell: Doorbell) {
        (self.model, self.bus, self.bell) = (model, bus, bell)
    }

    /// Folds until the task is cancelled. Throws ``EventBusError/Code/unfoldable`` at an event that can't be folded.
    func serve() async throws {
        while !Task.isCancelled {
            do {
                while try await step(), !Task.isCancelled {}
            } catch let error as StorageError where error.failureKind == .transient || error.code == .conflict {
                // Another process folds the model, too, or the storage has a bad moment.
            } catch is CancellationError {
                return
            }
            await bell.wait(bus.options.poll, bus.environment)
        }
    }

    /// Folds one page; returns whether there may be more.
    private func step() async throws -> Bool {
        let key = bus.keys.model(model.name)
        let found = try await bus.storage.read([key, bus.keys.first])
        var cursor = try found[0].map { try ModelCursor($0) } ?? ModelCursor()
        var batch = StorageBatch()
        batch.require(found[0].map { .holds(key, $0.value) } ?? .absent(key))
        if (cursor.next ?? cursor.live)?.version != model.version {
            let floor = try EventFloor(found[1]?.value, at: bus.keys.first)
            if cursor.live != nil, floor.first > 1 {
                throw EventBusError(.trimmed, subscriber: model.name, sequence: 1, detail: "it has another version")
            }
            cursor.restart(version: model.version, at: floor.first)
            floor.claim(found[1]?.value, at: bus.keys.first, in: &batch)
        }
        guard var pass = cursor.next ?? cursor.live else { preconditionFailure("a model without a pass: \(cursor)") }
        guard let events = try await events(from: pass.position, unlessOvertaken: found[0]?.value) else { return true }
        try await fold(events, pass.generation, &batch)
        pass.position = events.last.map { $0.sequence + 1 } ?? pass.position
        let isAtEnd = events.count < Self.page
        if cursor.next == nil {
            if events.isEmpty { return false }
            cursor.live = pass
        } else if isAtEnd {
            if let old = cursor.live { batch.delete(.below(bus.keys.rows(model.name, old.generation))) }
            (cursor.live, cursor.next) = (pass, nil)
        } else {
            cursor.next = pass
        }
        cursor.revision += 1
        batch.put(try JSONCoding.encode(cursor), at: key)
        try await bus.storage.commit(batch)
        return !isAtEnd
    }

    /// What is folded next; `nil` if another process has folded the model further meanwhile, and what it had was dropped.
    private func events(from first: Int, unlessOvertaken cursor: [UInt8]?) async throws -> [EventRecord]? {
        do {
            return try await bus.log.events(from: first, limit: Self.page)
        } catch let error as EventBusError where error.code == .trimmed {
            if try await bus.storage.value(at: bus.keys.model(model.name)) == cursor { throw error }
            return nil
        }
    }

    /// Lets a batch store what rows have become.
    private func fold(_ events: [EventRecord], _ generation: Int, _ batch: inout StorageBatch) async throws {
        var order: [String] = []
        var work: [String: [EventRecord]] = [:]
        for event in events where model.filter.admits(event) {
            let row = try told(event) { try model.row(event) }
            if work[row] == nil { order.append(row) }
            work[row, default: []].append(event)
        }
        let key = bus.keys.rows(model.name, generation)
        let found = try await bus.storage.read(order.map { key.appending($0) })
        var rows = StorageBatch()
        for (row, entry) in zip(order, found) {
            var state = try entry?.load(State.self) ?? model.initial
            for event in work[row] ?? [] { try told(event) { try model.fold(&state, event) } }
            try rows.save(state, at: key.appending(row))
        }
        if bus.planted(.modelBesideCursor) { try await bus.storage.commit(rows) } else { batch.append(rows) }
    }

    private func told<Value>(_ event: EventRecord, _ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch {
            throw EventBusError(
                .unfoldable, subscriber: model.name, sequence: event.sequence, event: event.id, detail: "\(error)")
        }
    }
}
