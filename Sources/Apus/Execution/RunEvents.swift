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
            while !Task.isCancelled {
                switch batch.refill() {
                case .events: return batch.pop()
                case .ended: return nil
                case .cut(let sequence): throw EventError(.cut, resumeFrom: sequence)
                case .nothingYet: await batch.seat.hub.waitForNews(batch.seat.reader)
                }
            }
            batch.seat.hub.leave(batch.seat.reader)
            return nil
        }
    }

    /// What an iterator took and has not delivered; it gives the rest back when the loop is left early.
    final class Batch {
        let seat: EventSeat
        private var events: [RunEvent] = []
        private var index = 0

        init(seat: EventSeat) { self.seat = seat }

        deinit {
            if index < events.count { seat.hub.giveBack(events[index...], to: seat.reader) }
        }

        func pop() -> RunEvent? {
            guard index < events.count else { return nil }
            defer { index += 1 }
            return events[index]
        }

        func refill() -> EventBuffer.Taken {
            index = 0
            events.removeAll(keepingCapacity: true)
            return seat.hub.take(seat.reader, into: &events)
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
