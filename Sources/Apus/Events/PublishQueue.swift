/// Gathers what is published at the same time, so that it shares commits.
final class PublishQueue: Sendable {
    /// What one call publishes.
    struct Item: Sendable {
        var events: [EventRecord]
        /// Ids that count once.
        var once: [StorageKey]
        var batch: StorageBatch
        var isDone: CheckedContinuation<Int?, any Error>
    }

    private struct State {
        var waiting: [Item] = []
        var isBusy = false

        /// The items of the next commit; `nil` ends the work.
        ///
        /// Preconditions look at what was there before a commit, so two items that may require the same never share one.
        mutating func take(_ most: Int) -> [Item]? {
            guard let first = waiting.first else {
                isBusy = false
                return nil
            }
            var count = 1
            if first.batch.isEmpty {
                var ids = Set(first.once)
                var events = first.events.count
                while count < waiting.count {
                    let item = waiting[count]
                    events += item.events.count
                    guard item.batch.isEmpty, events <= most, ids.isDisjoint(with: item.once) else { break }
                    ids.formUnion(item.once)
                    count += 1
                }
            }
            defer { waiting.removeFirst(count) }
            return Array(waiting.prefix(count))
        }
    }

    private let log: EventLog
    private let memory: Duration
    private let state = Guarded(State())

    /// The most events that share a commit.
    private static let most = 256

    /// `memory` is how long an id counts as published.
    init(_ log: EventLog, memory: Duration) {
        self.log = log
        self.memory = memory
    }

    /// Returns the number of the first event when all are stored with `batch`; `nil` if one of the ids was published before.
    func publish(_ events: [EventRecord], once: [StorageKey], with batch: StorageBatch) async throws -> Int? {
        try await withCheckedThrowingContinuation { isDone in
            let item = Item(events: events, once: once, batch: batch, isDone: isDone)
            let isFirst = state.withLock { state in
                state.waiting.append(item)
                defer { state.isBusy = true }
                return !state.isBusy
            }
            // Awaited by those whose items it stores, and over when there are none: it can't be a task of one of them, which may be
            // cancelled before the others' items are stored.
            if isFirst { _ = log.environment.spawn { await self.drain() } }
        }
    }

    private func drain() async {
        while let items = state.withLock({ $0.take(Self.most) }) { await store(items) }
    }

    private func store(_ items: [Item]) async {
        var items = items
        while !items.isEmpty {
            do {
                var number = try await log.append(items.flatMap(\.events), with: extra(items))
                for item in items {
                    item.isDone.resume(returning: number)
                    number += item.events.count
                }
                return
            } catch let error as StorageError where error.code == .conflict {
                guard let key = error.key, let place = items.firstIndex(where: { $0.requires(key) }) else {
                    return fail(items, error)
                }
                let item = items.remove(at: place)
                if item.once.contains(key) {
                    item.isDone.resume(returning: nil)
                } else {
                    item.isDone.resume(throwing: error)
                }
            } catch {
                return fail(items, error)
            }
        }
    }

    private func extra(_ items: [Item]) -> StorageBatch {
        let expires = log.environment.now().wallTime.advanced(by: memory)
        var batch = StorageBatch()
        for item in items {
            for key in item.once { batch.create([], at: key, expires: expires) }
            batch.append(item.batch)
        }
        return batch
    }

    private func fail(_ items: [Item], _ error: any Error) {
        for item in items { item.isDone.resume(throwing: error) }
    }
}

extension PublishQueue.Item {
    fileprivate func requires(_ key: StorageKey) -> Bool {
        once.contains(key) || batch.preconditions.contains { $0.key == key }
    }
}
