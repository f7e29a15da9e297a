import Synchronization

/// Where the events of one run are numbered and handed to whoever reads them.
///
/// Numbers have no gap, also while nobody listens; an event then costs one atomic increment and its arguments are not
/// evaluated. Every reader sees every event from its start, in order.
package final class EventHub: Sendable {
    private static let watched: UInt64 = 1 << 63
    private static let full: UInt64 = 1 << 62
    private static let ended: UInt64 = 1 << 61
    private static let number: UInt64 = ended - 1

    /// The next sequence number below three flags. The flags change under the lock only; the number changes under the
    /// lock while `watched` is set and by compare-and-exchange while it is not, so that none is given twice and none
    /// between two recorded events is lost.
    private let word: Atomic<UInt64>
    private let state: Guarded<State>

    private struct State {
        var buffer: EventBuffer
        var watchers: [any RunWatcher] = []
        var readers: [Parked] = []
        var drivers: [Parked] = []
        var nextTicket = 0

        /// Takes out those whose wait is over, in the order in which they came.
        mutating func wake() -> [Parked] {
            var woken: [Parked] = []
            if !readers.isEmpty {
                woken = readers.filter { buffer.hasNews($0.id) }
                readers.removeAll { buffer.hasNews($0.id) }
            }
            if !drivers.isEmpty && !buffer.isFull {
                woken += drivers
                drivers = []
            }
            return woken
        }
    }

    private struct Parked {
        /// The reader's identity, or the ticket of a driver that waits for room.
        let id: Int
        let continuation: CheckedContinuation<Void, Never>
    }

    /// A hub that keeps its first `retaining` events until the first reader attaches. When more have passed by then,
    /// it forgets them all and the reader begins at the present.
    package init(retaining: Int = 1_024) {
        word = Atomic(retaining > 0 ? Self.watched : 0)
        state = Guarded(State(buffer: EventBuffer(retaining: retaining)))
    }

    /// Whether events are recorded at the moment.
    package var isWatched: Bool { word.load(ordering: .relaxed) & Self.watched != 0 }

    /// Whether a reader that must be waited for is at its bound.
    var isFull: Bool { word.load(ordering: .relaxed) & Self.full != 0 }

    /// Numbers an event and hands it to the readers; after ``end()`` it does nothing.
    package func emit(_ kind: @autoclosure () -> RunEvent.Kind, at instant: @autoclosure () -> Instant) {
        var seen = word.load(ordering: .relaxed)
        while seen & (Self.watched | Self.ended) == 0 {
            let result = word.weakCompareExchange(expected: seen, desired: seen &+ 1, ordering: .relaxed)
            if result.exchanged { return }
            seen = result.original
        }
        if seen & Self.ended == 0 { record(kind(), at: instant()) }
    }

    /// Lets these, in place of those before, have each event from the next one on, before the readers.
    func follow(_ watchers: [any RunWatcher]) {
        state.withLock { state in
            state.watchers = watchers
            _ = settle(&state)
        }
    }

    /// Returns when no reader that must be waited for is at its bound, or when the calling task is cancelled.
    package func room() async {
        while isFull && !Task.isCancelled { await waitForRoom() }
    }

    /// Lets the readers have what is left, and then ends them.
    package func end() {
        change { $0.finish() }
    }

    /// A reader that begins with the next event, or with the first one retained.
    package func events(_ policy: EventPolicy = .wait) -> RunEvents {
        RunEvents(seat: EventSeat(hub: self, reader: attach(policy)))
    }
}

extension EventHub {
    private func attach(_ policy: EventPolicy) -> Int {
        change { $0.attach(policy, present: word.load(ordering: .relaxed) & Self.number) }
    }

    func leave(_ reader: Int) {
        change { $0.leave(reader) }
    }

    func take(_ reader: Int, into batch: inout [RunEvent]) -> EventBuffer.Taken {
        change { $0.take(reader, into: &batch) }
    }

    func giveBack(_ rest: [RunEvent], to reader: Int) {
        change { $0.giveBack(rest, to: reader) }
    }

    /// Returns when there is something to take for the reader. A reader whose task is cancelled leaves.
    func waitForNews(_ reader: Int) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                park(continuation, in: \.readers, as: reader) { !$0.hasNews(reader) }
            }
        } onCancel: {
            leave(reader)
        }
    }

    private func waitForRoom() async {
        let ticket = state.withLock { state in
            state.nextTicket += 1
            return state.nextTicket
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                park(continuation, in: \.drivers, as: ticket) { $0.isFull && !Task.isCancelled }
            }
        } onCancel: {
            let left = state.withLock { state in
                state.drivers.firstIndex { $0.id == ticket }.map { state.drivers.remove(at: $0) }
            }
            left?.continuation.resume()
        }
    }

    private func park(
        _ continuation: CheckedContinuation<Void, Never>, in line: WritableKeyPath<State, [Parked]>, as id: Int,
        if mustWait: (EventBuffer) -> Bool
    ) {
        let isParked = state.withLock { state in
            guard mustWait(state.buffer) else { return false }
            state[keyPath: line].append(Parked(id: id, continuation: continuation))
            return true
        }
        if !isParked { continuation.resume() }
    }

    private func record(_ kind: RunEvent.Kind, at instant: Instant) {
        let woken = state.withLock { state -> [Parked] in
            let now = word.load(ordering: .relaxed)
            guard now & Self.ended == 0 else { return [] }
            guard now & Self.watched != 0 else {
                word.wrappingAdd(1, ordering: .relaxed)
                return []
            }
            word.store(now &+ 1, ordering: .relaxed)
            let event = RunEvent(sequence: now & Self.number, instant: instant, kind: kind)
            for watcher in state.watchers.indices { state.watchers[watcher].observe(event) }
            guard state.buffer.isWatched else { return [] }
            state.buffer.append(event)
            return settle(&state)
        }
        for parked in woken { parked.continuation.resume() }
    }

    /// Changes the buffer, brings the flags up to date and resumes whom the change concerns.
    private func change<Result: Sendable>(_ body: (inout EventBuffer) -> Result) -> Result {
        let (result, woken) = state.withLock { state in (body(&state.buffer), settle(&state)) }
        for parked in woken { parked.continuation.resume() }
        return result
    }

    private func settle(_ state: inout State) -> [Parked] {
        if state.buffer.hasEnded { state.watchers = [] }
        set(Self.watched, state.buffer.isWatched || !state.watchers.isEmpty)
        set(Self.full, state.buffer.isFull)
        set(Self.ended, state.buffer.hasEnded)
        return state.readers.isEmpty && state.drivers.isEmpty ? [] : state.wake()
    }

    private func set(_ flag: UInt64, _ isOn: Bool) {
        guard (word.load(ordering: .relaxed) & flag != 0) != isOn else { return }
        if isOn {
            word.bitwiseOr(flag, ordering: .relaxed)
        } else {
            word.bitwiseAnd(~flag, ordering: .relaxed)
        }
    }
}
