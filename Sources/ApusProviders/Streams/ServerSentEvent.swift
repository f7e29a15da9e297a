/// One event of a `text/event-stream`.
public struct ServerSentEvent: Hashable, Sendable {
    /// The `event` field, or "message".
    public var type: String
    /// The `data` lines, joined by line feeds.
    public var data: [UInt8]
    /// The last `id` that the stream named, in this event or an earlier one.
    public var id: String

    public init(type: String = "message", data: [UInt8], id: String = "") {
        self.type = type
        self.data = data
        self.id = id
    }

    /// The data as text; what is not UTF-8 becomes a replacement character.
    public var text: String { String(decoding: data, as: UTF8.self) }
}
