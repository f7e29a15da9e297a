/// Numbers the parts of an answer in the order in which they begin.
struct PartNumbers: Sendable {
    /// What a vendor tells parts apart by.
    enum Key: Hashable, Sendable {
        case text
        case reasoning
        case block(Int)
        case call(Int)
    }

    private var known: [Key: Int] = [:]
    private(set) var count = 0

    func contains(_ key: Key) -> Bool { known[key] != nil }

    /// The part's number, a new one at first.
    mutating func number(of key: Key) -> Int { known[key] ?? renew(key) }

    /// A new number for a part that is told apart as another one was before.
    mutating func renew(_ key: Key) -> Int {
        defer { count += 1 }
        known[key] = count
        return count
    }
}
