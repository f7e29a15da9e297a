import Synchronization

/// The elements of a run-local channel on their way from its senders to its one reader.
///
/// Each sender's elements keep their order, and the senders follow each other in graph order, so that what is read does not depend
/// on timing; an element can be read as soon as it is visible.
final class Mailbox: Sendable {
    /// An element and its place: the sender in graph order, then the position among that sender's elements.
    struct Letter: Sendable, Comparable {
        var sender: Int
        var position: Int
        var value: any Sendable

        static func < (left: Self, right: Self) -> Bool {
            (left.sender, left.position) < (right.sender, right.position)
        }

        static func == (left: Self, right: Self) -> Bool {
            (left.sender, left.position) == (right.sender, right.position)
        }
    }

    private struct State {
        var letters: [Letter] = []
        var taken = 0
        var counts: [Int: Int] = [:]
        var isClosed = false
        var reader: CheckedContinuation<Letter?, Never>?
    }

    private let state = Mutex(State())

    init() {}

    /// Makes elements visible that `sender` has sent.
    func deliver(_ values: [any Sendable], from sender: Int) {
        let wake = state.withLock { state -> (CheckedContinuation<Letter?, Never>, Letter)? in
            for value in values {
                let position = state.counts[sender, default: 0]
                state.counts[sender] = position + 1
                state.letters.append(Letter(sender: sender, position: position, value: value))
            }
            guard let reader = state.reader, state.taken < state.letters.count else { return nil }
            state.reader = nil
            state.taken += 1
            return (reader, state.letters[state.taken - 1])
        }
        if let (reader, letter) = wake { reader.resume(returning: letter) }
    }

    /// No sender is left.
    func close() {
        let reader = state.withLock { state in
            state.isClosed = true
            defer { state.reader = nil }
            return state.reader
        }
        reader?.resume(returning: nil)
    }

    /// The next element in order of arrival; `nil` when all senders have ended, or the reading task is cancelled.
    func next() async -> Letter? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let known = state.withLock { state -> Letter?? in
                    if state.taken < state.letters.count {
                        state.taken += 1
                        return state.letters[state.taken - 1]
                    }
                    if state.isClosed || Task.isCancelled { return .some(nil) }
                    state.reader = continuation
                    return .none
                }
                if let known { continuation.resume(returning: known) }
            }
        } onCancel: {
            let reader = state.withLock { state in
                defer { state.reader = nil }
                return state.reader
            }
            reader?.resume(returning: nil)
        }
    }
}
