/// How much one exchange may bring and how long it may take; each limit's name stands in the error that it causes.
public struct HTTPLimits: Hashable, Sendable {
    /// The longest body of an answer, in bytes after decompression.
    public var body: Int
    /// The longest event of a stream, in bytes.
    public var event: Int
    /// How much of an answer may wait for its reader, in bytes.
    public var waiting: Int
    /// The time until status and headers are there, connecting included. A model that thinks first answers late.
    public var firstByte: Duration
    /// The longest silence once the answer has begun.
    public var idle: Duration

    public init(
        body: Int = 64 << 20, event: Int = 8 << 20, waiting: Int = 64 << 20, firstByte: Duration = .seconds(300),
        idle: Duration = .seconds(120)
    ) {
        self.body = body
        self.event = event
        self.waiting = waiting
        self.firstByte = firstByte
        self.idle = idle
    }
}

/// A limit of ``HTTPLimits`` that was exceeded, and its value.
@nonexhaustive
public enum HTTPLimit: Hashable, Sendable, CustomStringConvertible {
    case body(Int)
    case event(Int)
    case waiting(Int)
    case firstByte(Duration)
    case idle(Duration)

    public var description: String {
        switch self {
        case .body(let bytes): "body of \(bytes) bytes"
        case .event(let bytes): "event of \(bytes) bytes"
        case .waiting(let bytes): "waiting of \(bytes) bytes"
        case .firstByte(let time): "firstByte of \(time)"
        case .idle(let time): "idle of \(time)"
        }
    }
}
