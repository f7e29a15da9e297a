import Apus

/// What the outside of a saga has done, each thing once by its key.
final class Book: Sendable {
    private struct State {
        var keys: Set<String> = []
        var lines: [String] = []
        var calls: [String: Int] = [:]
    }

    private let state = Guarded(State())

    /// Does something unless it was done before; the first `failing` calls are refused.
    func apply(_ line: String, key: String, failing: Int = 0) throws {
        try state.withLock { state in
            state.calls[line, default: 0] += 1
            if state.calls[line, default: 0] <= failing { throw Refusal(what: line) }
            if state.keys.insert(key).inserted { state.lines.append(line) }
        }
    }

    /// What was done, in order.
    var lines: [String] { state.withLock { $0.lines } }
    func calls(_ line: String) -> Int { state.withLock { $0.calls[line] ?? 0 } }
}

struct Refusal: Error, CustomStringConvertible {
    var what: String
    var description: String { "\(what) was refused" }
}

/// The state of the sagas.
struct Trip: GraphState {
    var log: [String] = []
    var items = ["pen", "ink"]
    static let fields: [Field<Self>] = [Field("log", \.log, merging: .append), Field("items", \.items)]
}
