/// A channel as declared.
struct DraftChannel: Sendable {
    var name: String
    /// An element that was written down.
    var decode: @Sendable ([UInt8]) throws -> any Sendable
    var senders: [Int] = []
    var reader: Int?
}
