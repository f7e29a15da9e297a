/// Status and headers of an answer, and its body as it arrives.
public struct HTTPResponse: Sendable {
    public var status: Int
    public var headers: HTTPHeaders
    public var body: HTTPBody

    public init(status: Int, headers: HTTPHeaders = [:], body: HTTPBody = HTTPBody([])) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

/// The bytes of an answer, drawn by one reader chunk by chunk.
///
/// Whoever lets go of the last copy before the end gives up the exchange: the transport ends it.
public struct HTTPBody: Sendable {
    /// The next chunk, never an empty one, or `nil` at the end.
    /// - Throws: ``HTTPError``, or `CancellationError` when the task is cancelled.
    public let next: @Sendable () async throws -> [UInt8]?

    public init(next: @escaping @Sendable () async throws -> [UInt8]?) { self.next = next }

    /// A body that is there as a whole.
    public init(_ bytes: [UInt8]) { self.init(chunks: [bytes]) }

    /// A body that comes in these chunks.
    public init(chunks: [[UInt8]]) {
        let rest = ChunkQueue(chunks.filter { !$0.isEmpty })
        self.init { rest.pop() }
    }

    /// Everything up to the end.
    /// - Throws: ``HTTPError`` with the code `tooLarge` beyond `limit` bytes, and what ``next`` throws.
    public func collect(limit: Int) async throws -> [UInt8] {
        var whole: [UInt8] = []
        while let chunk = try await next() {
            if whole.count + chunk.count > limit { throw HTTPError(.tooLarge, limit: .body(limit)) }
            whole.append(contentsOf: chunk)
        }
        return whole
    }
}
