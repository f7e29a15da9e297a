/// How far a subscription is, as it is stored.
struct SubscriptionCursor: Codable, Sendable, Equatable {
    /// An event that has failed and is tried again.
    struct Trial: Codable, Sendable, Equatable {
        var sequence: Int
        var attempts: Int
        var due: WallTime
        /// Whether another attempt has begun.
        var isBegun: Bool?

        private enum CodingKeys: String, CodingKey { case sequence = "s", attempts = "a", due = "d", isBegun = "b" }
    }

    /// All before it are settled.
    var position: Int
    /// What is settled behind it: first and last number of each range.
    var done: [[Int]] = []
    var trials: [Trial] = []
    /// How many events were dropped before they were seen.
    var missed: Int?
    /// How many owners in a row have died soon, or where the first of them stood.
    var falls: Int?
    var fallen: Int?
    /// An attempt of an event before this one is written down before it begins.
    var careful: Int?
    /// Who serves it.
    var owner: String?
    /// Grows with each change of owner, and when the position is set.
    var epoch = 0
    /// Grows with each commit, so that no two are the same bytes.
    var revision = 0

    private enum CodingKeys: String, CodingKey {
        case position = "p", done = "b", trials = "t", missed = "m"
        case falls = "f", fallen = "l", careful = "c"
        case owner = "o", epoch = "e", revision = "r"
    }

    init(position: Int) { self.position = position }

    func isDone(_ sequence: Int) -> Bool {
        sequence < position || done.contains { $0[0] <= sequence && sequence <= $0[1] }
    }

    /// The owner before has not let go of it: if that happens again and again, each attempt is written down before it begins.
    mutating func takenOver(window: Int) {
        guard owner != nil else { return (falls, fallen) = (nil, nil) }
        fallen = fallen ?? position
        falls = (falls ?? 0) + 1
        if let falls, falls >= SubscriptionOptions.patience { careful = max(careful ?? 0, position + window) }
    }

    /// It has been served for long by one owner, and got on.
    mutating func served() {
        if let fallen, position > fallen { (falls, self.fallen) = (nil, nil) }
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
