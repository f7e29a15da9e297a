/// How much one exchange may bring and how long it may take; each limit's name stands in the error that it causes.
public struct HTTPLimits: Hashable, Sendable {
    /// The status and the headers of an answer, in bytes.
    public var head: Int
    /// The longest body of an answer, in bytes after decompression.
    public var body: Int
    /// The longest event of a stream, in bytes.
    public var event: Int
    /// How much of an answer may wait for its reader, in bytes. A transport that can stop reading does so before; another refuses
    /// the rest.
    public var waiting: Int
    /// The time until there is a connection, from the search for the name to the last handshake.
    public var connect: Duration
    /// The time until status and headers are there, connecting included. A model that thinks first answers late.
    public var firstByte: Duration
    /// The longest silence once the answer has begun.
    public var idle: Duration

    public init(
        head: Int = 256 << 10, body: Int = 64 << 20, event: Int = 8 << 20, waiting: Int = 64 << 20,
        connect: Duration = .seconds(30), firstByte: Duration = .seconds(300), idle: Duration = .seconds(120)
    ) {
        self.head = head
        self.body = body
        self.event = event
        self.waiting = waiting
        self.connect = connect
        self.firstByte = firstByte
        self.idle = idle
    }
}

/// A limit of ``HTTPLimits`` that was exceeded, and its value.
@nonexhaustive
public enum HTTPLimit: Hashable, Sendable, CustomStringConvertible {
    case head(Int)
    case body(Int)
    case event(Int)
    case waiting(Int)
    case connect(Duration)
    case firstByte(Duration)
    case idle(Duration)

    public var description: String {
        switch self {
        case .head(let bytes): "head of \(bytes) bytes"
        case .body(let bytes): "body of \(bytes) bytes"
        case .event(let bytes): "event of \(bytes) bytes"
        case .waiting(let bytes): "waiting of \(bytes) bytes"
        case .connect(let time): "connect of \(time)"
        case .firstByte(let time): "firstByte of \(time)"
        case .idle(let time): "idle of \(time)"
        }
    }
}
