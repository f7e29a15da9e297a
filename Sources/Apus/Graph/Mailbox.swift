import Synchronization

/// The elements of a run-local channel on their way from its senders to its one reader.
///
/// The reader puts what it has read in graph order, so that its result does not depend on timing; an element can be read as
/// soon as it is visible. A round of the reader reads what was sent in its own round, each attempt from the beginning.
final class Mailbox: Sendable {
    /// An element and its place: the sender's in graph order, then the position among all that were sent.
    struct Letter: Sendable, Comparable {
        var place: [Int]
        /// The rounds of the loops around both the sender and the reader.
        var rounds: [Int]
        var position: Int
        var value: any Sendable

        static func < (left: Self, right: Self) -> Bool {
            if left.place == right.place { return left.position < right.position }
            return left.place.lexicographicallyPrecedes(right.place)
        }

        static func == (left: Self, right: Self) -> Bool { left.position == right.position }
    }

    private struct State {
        var letters: [Letter] = []
        var taken = 0
        var count = 0
        var isClosed = false
        var reader: CheckedContinuation<Letter?, Never>?
    }

    private let state = Mutex(State())

    init() {}

    /// An attempt of the reader begins, in these rounds of the loops around it.
    func begin(_ rounds: [Int]) {
        state.withLock { state in
            state.letters.removeAll { !rounds.starts(with: $0.rounds) }
            state.taken = 0
        }
    }

    /// Makes an element visible.
    func deliver(_ value: any Sendable, from place: [Int], in rounds: [Int]) {
        let wake = state.withLock { state -> (CheckedContinuation<Letter?, Never>, Letter)? in
            state.letters.append(Letter(place: place, rounds: rounds, position: state.count, value: value))
            state.count += 1
            guard let reader = state.reader, state.taken < state.letters.count else { return nil }
            state.reader = nil
            state.taken += 1
            return (reader, state.letters[state.taken - 1])
        }
        if let (reader, letter) = wake { reader.resume(returning: letter) }
    }

    /// Notes whether a sender is left.
    func set(isOpen: Bool) {
        let reader = state.withLock { state -> CheckedContinuation<Letter?, Never>? in
            state.isClosed = !isOpen
            guard state.isClosed else { return nil }
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
