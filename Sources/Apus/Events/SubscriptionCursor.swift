/// How far a subscription is, as it is stored.
struct SubscriptionCursor: Codable, Sendable, Equatable {
    /// An event that has failed and is tried again.
    struct Trial: Codable, Sendable, Equatable {
        var sequence: Int
        var attempts: Int
        var due: WallTime

        private enum CodingKeys: String, CodingKey { case sequence = "s", attempts = "a", due = "d" }
    }

    /// All before it are settled.
    var position: Int
    /// What is settled behind it: first and last number of each range.
    var done: [[Int]] = []
    var trials: [Trial] = []
    /// How many events were dropped before they were seen.
    var missed: Int?
    /// Who serves it.
    var owner: String?
    /// Grows with each change of owner, and when the position is set.
    var epoch = 0
    /// Grows with each commit, so that no two are the same bytes.
    var revision = 0

    private enum CodingKeys: String, CodingKey {
        case position = "p", done = "b", trials = "t", missed = "m"
        case owner = "o", epoch = "e", revision = "r"
    }

    init(position: Int) { self.position = position }

    func isDone(_ sequence: Int) -> Bool {
        sequence < position || done.contains { $0[0] <= sequence && sequence <= $0[1] }
    }

    var bytes: [UInt8] { get throws { try JSONCoding.encode(self) } }

    init(_ entry: StorageEntry) throws {
        do {
            self = try JSONCoding.decode(Self.self, from: entry.value)
        } catch {
            throw EventBusError(.damaged, detail: "what is stored at \(entry.key) is no cursor")
        }
    }
}
