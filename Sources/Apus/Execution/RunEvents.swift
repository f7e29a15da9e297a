/// The events of a run as one reader sees them: all from its start, in order and without a gap.
///
/// It attaches when it is made, not when it is first read, and leaves when it and its iterators are gone or the
/// reading task is cancelled, which ends it; neither holds up the run. A second loop goes on where the first one
/// stopped. Two loops at the same time share the events between them: take two readers instead.
public struct RunEvents: AsyncSequence, Sendable {
    let seat: EventSeat

    public func makeAsyncIterator() -> Iterator { Iterator(batch: Batch(seat: seat)) }

    public struct Iterator: AsyncIteratorProtocol {
        let batch: Batch

        /// The next event, or `nil` when the run has ended or the task is cancelled.
        public mutating func next(isolation actor: isolated (any Actor)?) async throws(EventError) -> RunEvent? {
            if let event = batch.pop() { return event }
            return try await batch.more()
        }
    }

    /// What an iterator took and has not delivered; it gives the rest back when the loop is left early.
    final class Batch {
        let seat: EventSeat
        /// The next one is the last, so that it moves out without a copy.
        private var reversed: [RunEvent] = []

        init(seat: EventSeat) { self.seat = seat }

        deinit {
            if !reversed.isEmpty { seat.hub.giveBack(reversed.reversed(), to: seat.reader) }
        }

        func pop() -> RunEvent? { reversed.popLast() }

        /// The first event of the next portion. It stands apart from ``pop()`` to keep the frame of the frequent case small.
        func more() async throws(EventError) -> RunEvent? {
            while !Task.isCancelled {
                switch refill() {
                case .events: return pop()
                case .ended: return nil
                case .cut(let sequence): throw EventError(.cut, resumeFrom: sequence)
                case .nothingYet: await seat.hub.waitForNews(seat.reader)
                }
            }
            seat.hub.leave(seat.reader)
            return nil
        }

        private func refill() -> EventBuffer.Taken {
            let taken = seat.hub.take(seat.reader, into: &reversed)
            if reversed.count > 1 { reversed.reverse() }
            return taken
        }
    }
}

/// A reader's place in a hub, given up when nobody holds it any more.
final class EventSeat: Sendable {
    let hub: EventHub
    let reader: Int

    init(hub: EventHub, reader: Int) {
        self.hub = hub
        self.reader = reader
    }

    deinit { hub.leave(reader) }
}
