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
        /// How many of them the reader has.
        var taken = 0
        var count = 0
        var isClosed = false
        var reader: CheckedContinuation<Letter?, Never>?

        mutating func takeNext(_ isSorted: Bool) -> Letter? {
            guard taken < letters.count, !isSorted || isClosed else { return nil }
            taken += 1
            return letters[taken - 1]
        }
    }

    private let state = Guarded(State())
    /// The reader wants the final order, which several senders make known only when all of them have ended.
    private let isSorted: Bool

    init(isSorted: Bool) { self.isSorted = isSorted }

    /// An attempt of the reader begins, in these rounds of the loops around it.
    func begin(_ rounds: [Int]) {
        state.withLock { state in
            state.letters.removeAll { !rounds.starts(with: $0.rounds) }
            if isSorted { state.letters.sort() }
            state.taken = 0
        }
    }

    /// Makes an element visible.
    func deliver(_ value: any Sendable, from place: [Int], in rounds: [Int]) {
        change { state in
            state.letters.append(Letter(place: place, rounds: rounds, position: state.count, value: value))
            state.count += 1
        }
    }

    /// Notes whether a sender is left.
    func set(isOpen: Bool) {
        change { state in
            if !state.isClosed, !isOpen, isSorted { state.letters.sort() }
            state.isClosed = !isOpen
        }
    }

    /// Changes the state, and resumes the reader if there is something for it.
    private func change(_ body: (inout State) -> Void) {
        let wake = state.withLock { state -> (CheckedContinuation<Letter?, Never>, Letter?)? in
            body(&state)
            guard let reader = state.reader else { return nil }
            let letter = state.takeNext(isSorted)
            guard letter != nil || state.isClosed else { return nil }
            state.reader = nil
            return (reader, letter)
        }
        if let (reader, letter) = wake { reader.resume(returning: letter) }
    }

    /// The next element that is visible; `nil` when all senders have ended, or the reading task is cancelled.
    func next() async -> Letter? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let known = state.withLock { state -> Letter?? in
                    if let letter = state.takeNext(isSorted) { return letter }
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
