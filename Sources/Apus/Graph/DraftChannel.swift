/// A channel as declared.
struct DraftChannel: Sendable {
    var name: String
    var senders: [Int] = []
    var reader: Int?
}
