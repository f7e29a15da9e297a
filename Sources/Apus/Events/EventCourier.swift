/// Serves one subscription: takes it, delivers events as long as it has it, and takes it again.
struct EventCourier: Sendable {
    let subscription: EventSubscription
    let bus: EventBus
    let bell: Doorbell
    /// Names this courier among all who serve the subscription.
    let token: String

    init(_ subscription: EventSubscription, _ bus: EventBus, _ bell: Doorbell) {
        (self.subscription, self.bus, self.bell) = (subscription, bus, bell)
        token = RunID(from: bus.environment).value
    }

    var environment: any Environment { bus.environment }
    var cursorKey: StorageKey { bus.keys.cursor(subscription.name) }
    var leaseKey: StorageKey { bus.keys.lease(subscription.name) }
    private var lease: Duration { subscription.options.lease }

    /// Delivers until the task is cancelled; then what is under way is cancelled, and what was handled is written down.
    ///
    /// Throws when the storage can't be used at all, or what is stored is damaged.
    func serve() async throws {
        var pause = Duration.zero
        while !Task.isCancelled {
            await bell.wait(pause, environment)
            pause = min(lease / 3, bus.options.poll)
            do {
                guard let taken = try await take() else { continue }
                var round = DeliveryRound(self, taken)
                try await round.run()
                pause = .zero
            } catch let error as StorageError where error.failureKind == .transient || error.code == .conflict {
                // The storage has a bad moment, or another courier was quicker.
            } catch is CancellationError {
                return
            }
        }
    }

    /// What a courier knows of a subscription that it has.
    struct Tenure: Sendable {
        var cursor: SubscriptionCursor
        /// The cursor as it is stored.
        var bytes: [UInt8]
        /// When it began, before the storage was asked.
        var start: Instant
    }

    /// Takes the subscription, unless somebody else has it.
    private func take() async throws -> Tenure? {
        if Task.isCancelled { return nil }
        let start = environment.now()
        let found = try await bus.storage.read([cursorKey, leaseKey, bus.keys.first])
        if let owner = found[1], owner.value != Array(token.utf8) { return nil }
        var batch = StorageBatch()
        batch.require(found[0].map { .holds(cursorKey, $0.value) } ?? .absent(cursorKey))
        batch.require(found[1].map { .holds(leaseKey, $0.value) } ?? .absent(leaseKey))
        var cursor: SubscriptionCursor
        if let entry = found[0] {
            cursor = try SubscriptionCursor(entry)
            cursor.takenOver(window: subscription.options.window)
        } else {
            cursor = SubscriptionCursor(position: try await first(found[2], &batch))
        }
        cursor.owner = token
        cursor.epoch += 1
        cursor.revision += 1
        let bytes = try cursor.bytes
        batch.put(bytes, at: cursorKey)
        renew(in: &batch)
        do {
            try await bus.storage.commit(batch)
        } catch let error as StorageError where error.code == .unknownOutcome {
            guard try await environment.patiently({ try await bus.storage.value(at: cursorKey) }) == bytes else {
                throw error
            }
        }
        return Tenure(cursor: cursor, bytes: bytes, start: start)
    }

    /// Where a subscription begins that is not known yet. What it needs must not be dropped at this moment.
    private func first(_ entry: StorageEntry?, _ batch: inout StorageBatch) async throws -> Int {
        if case .now = subscription.options.start { return try await bus.log.tail().next }
        let floor = try EventFloor(entry?.value, at: bus.keys.first)
        floor.claim(entry?.value, at: bus.keys.first, in: &batch)
        return floor.first
    }

    func renew(in batch: inout StorageBatch) {
        batch.put(Array(token.utf8), at: leaseKey, expires: environment.now().wallTime.advanced(by: lease))
    }
}

extension EventFloor {
    /// Says that what is kept now is needed.
    func claim(_ old: [UInt8]?, at key: StorageKey, in batch: inout StorageBatch) {
        var floor = self
        floor.claims += 1
        batch.require(old.map { .holds(key, $0) } ?? .absent(key))
        batch.put(floor.bytes, at: key)
    }
}
