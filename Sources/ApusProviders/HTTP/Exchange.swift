import Apus
import ApusAgents

/// One request and its answer, between the network's side that fills it and the reader that draws from it.
final class Exchange: Sendable {
    struct Head: Sendable {
        var status: Int
        var headers: HTTPHeaders
    }

    /// What became of bytes that came.
    enum Reception: Sendable {
        case taken
        /// They were not taken: so much waits for the reader already. He says when he has drawn it.
        case full
        /// The exchange has ended.
        case over
    }

    private struct State: Sendable {
        var head: Head?
        var waiting: [UInt8] = []
        /// How many bytes have come in all.
        var total = 0
        var end: Result<Void, any Error>?
        /// Whether something was turned away since the reader drew last.
        var isFull = false
        /// Whether something has happened since the reader looked last.
        var isNews = false
        var reader: CheckedContinuation<Void, Never>?
    }

    let host: String
    let limits: HTTPLimits
    private let window: Int
    private let onRoom: @Sendable () -> Void
    private let state = Guarded(State())

    /// - Parameters:
    ///   - window: How many bytes may wait for the reader.
    ///   - onRoom: Told when they have been drawn after something was turned away.
    init(host: String, limits: HTTPLimits, window: Int, onRoom: @escaping @Sendable () -> Void = {}) {
        self.host = host
        self.limits = limits
        self.window = window
        self.onRoom = onRoom
    }

    // MARK: The reader's side

    /// Status and headers, once they are there.
    func head() async throws -> Head {
        while true {
            let head = try state.withLock { state -> Head? in
                if let head = state.head { return head }
                guard let end = state.end else { return nil }
                try end.get()
                throw HTTPError(.connectionLost, host: host, reason: "it ended before the head of the answer did")
            }
            if let head { return head }
            await news()
        }
    }

    /// All that has come since the last call, as one chunk; `nil` at the end.
    func chunk() async throws -> [UInt8]? {
        while true {
            if let ready = try ready() { return ready }
            if state.withLock({ $0.end != nil && $0.waiting.isEmpty }) { return nil }
            await news()
        }
    }

    /// What ``chunk()`` would return without waiting; `nil` if there is nothing, be it yet or any more.
    func ready() throws -> [UInt8]? {
        let (bytes, isRoom) = try state.withLock { state -> ([UInt8]?, Bool) in
            if state.waiting.isEmpty {
                if case .failure(let error)? = state.end { throw error }
                return (nil, false)
            }
            defer {
                state.waiting = []
                state.isFull = false
            }
            return (state.waiting, state.isFull)
        }
        if isRoom { onRoom() }
        return bytes
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

    // MARK: The network's side

    var isOpen: Bool { state.withLock { $0.end == nil } }

    func begin(_ head: Head) {
        wake { $0.head = head }
    }

    func receive(_ bytes: UnsafeRawBufferPointer) -> Reception {
        wake { state in
            guard state.end == nil else { return .over }
            if state.total + bytes.count > limits.body {
                state.end = .failure(HTTPError(.tooLarge, host: host, limit: .body(limits.body)))
                return .over
            }
            if !state.waiting.isEmpty, state.waiting.count + bytes.count > window {
                state.isFull = true
                return .full
            }
            state.total += bytes.count
            state.waiting.append(contentsOf: bytes)
            return .taken
        }
    }

    /// Ends the exchange, unless it has ended.
    func end(_ result: Result<Void, any Error>) {
        wake { state in
            if state.end == nil { state.end = result }
        }
    }

    private func wake<Result: Sendable>(_ change: (inout State) -> Result) -> Result {
        let (result, reader) = state.withLock { state in
            let result = change(&state)
            state.isNews = state.reader == nil
            defer { state.reader = nil }
            return (result, state.reader)
        }
        reader?.resume()
        return result
    }
}
