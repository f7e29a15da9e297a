import Apus
import ApusAgents

/// One request and its answer, between the session's delegate that fills it and the reader that draws from it.
final class Exchange: Sendable {
    struct Head: Sendable {
        var status: Int
        var headers: HTTPHeaders
    }

    private struct State: Sendable {
        var head: Head?
        var chunks: [[UInt8]] = []
        /// How many bytes wait in `chunks`, and how many have come in all.
        var waiting = 0
        var total = 0
        var end: Result<Void, any Error>?
        /// Whether something has happened since the reader looked last.
        var isNews = false
        var reader: CheckedContinuation<Void, Never>?
    }

    private let host: String
    private let limits: HTTPLimits
    private let state = Guarded(State())

    init(host: String, limits: HTTPLimits) {
        self.host = host
        self.limits = limits
    }

    // MARK: The reader's side

    /// Status and headers, once they are there.
    func head() async throws -> Head {
        while true {
            let head = try state.withLock { state -> Head? in
                if let head = state.head { return head }
                try state.end?.get()
                return nil
            }
            if let head { return head }
            await news()
        }
    }

    /// All that has come since the last call, as one chunk; `nil` at the end.
    func chunk() async throws -> [UInt8]? {
        while true {
            if let ready = try ready() { return ready }
            if state.withLock({ $0.end != nil && $0.chunks.isEmpty }) { return nil }
            await news()
        }
    }

    /// What ``chunk()`` would return without waiting; `nil` if there is nothing, be it yet or any more.
    func ready() throws -> [UInt8]? {
        try state.withLock { state -> [UInt8]? in
            if state.chunks.isEmpty {
                if case .failure(let error)? = state.end { throw error }
                return nil
            }
            defer {
                state.chunks = []
                state.waiting = 0
            }
            return state.chunks.count == 1 ? state.chunks[0] : Array(state.chunks.joined())
        }
    }

    /// Waits until something has happened. Between a look at the state and this call it may have: then it returns at once.
    private func news() async {
        await withCheckedContinuation { reader in
            let isNews = state.withLock { state -> Bool in
                if !state.isNews { state.reader = reader }
                defer { state.isNews = false }
                return state.isNews
            }
            if isNews { reader.resume() }
        }
    }

    // MARK: The session's side

    var isOpen: Bool { state.withLock { $0.end == nil } }

    func begin(_ head: Head) {
        wake { $0.head = head }
    }

    /// Takes a chunk in; `false` if the exchange is to be ended.
    func receive(_ chunk: [UInt8]) -> Bool {
        wake { state in
            guard state.end == nil, !chunk.isEmpty else { return }
            state.total += chunk.count
            state.waiting += chunk.count
            let refusal: HTTPLimit? =
                state.total > limits.body
                ? .body(limits.body) : state.waiting > limits.waiting ? .waiting(limits.waiting) : nil
            if let refusal {
                state.end = .failure(HTTPError(.tooLarge, host: host, limit: refusal))
            } else {
                state.chunks.append(chunk)
            }
        }
        return isOpen
    }

    /// Ends the exchange, unless it has ended.
    func end(_ result: Result<Void, any Error>) {
        wake { state in
            if state.end == nil { state.end = result }
        }
    }

    private func wake(_ change: @Sendable (inout State) -> Void) {
        let reader = state.withLock { state in
            change(&state)
            state.isNews = state.reader == nil
            defer { state.reader = nil }
            return state.reader
        }
        reader?.resume()
    }
}
