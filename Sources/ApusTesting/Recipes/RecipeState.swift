public import Apus

/// The state of a recipe's graph: one field for each way in which changes come together.
public struct RecipeState: GraphState {
    /// Who ran, each with a fingerprint of what it saw.
    public var log: [String] = []
    public var sum = 0
    public var keys: [String: Int] = [:]
    /// What routes and selects read: the choice that their node made, by its name.
    public var chosen: [String: Int] = [:]
    public var exclusive0 = 0
    public var exclusive1 = 0
    public var exclusive2 = 0

    public init() {}

    public static let fields: [Field<Self>] = [
        Field("log", \.log, merging: .append),
        Field("sum", \.sum, merging: .sum),
        Field("keys", \.keys, merging: .keys),
        Field("chosen", \.chosen, merging: .keys),
        Field("exclusive0", \.exclusive0),
        Field("exclusive1", \.exclusive1),
        Field("exclusive2", \.exclusive2),
    ]

    static let exclusives: [any WritableKeyPath<RecipeState, Int> & Sendable] = [
        \.exclusive0, \.exclusive1, \.exclusive2,
    ]

    /// A number that depends on all of the state, the order of the log included.
    public var fingerprint: UInt64 {
        var hash = RecipeHash()
        log.forEach { hash.add($0) }
        hash.add(sum)
        for (key, value) in keys.sorted(by: { $0.key < $1.key }) { hash.add(key, value) }
        for (key, value) in chosen.sorted(by: { $0.key < $1.key }) { hash.add(key, value) }
        Self.exclusives.forEach { hash.add(self[keyPath: $0]) }
        return hash.value
    }
}

/// A hash that is the same in every process.
struct RecipeHash {
    private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    mutating func add(_ number: Int) { value = SeededGenerator.mix(value &+ UInt64(bitPattern: Int64(number))) }

    mutating func add(_ text: String) {
        for byte in text.utf8 { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }
        add(text.utf8.count)
    }

    mutating func add(_ key: String, _ number: Int) {
        add(key)
        add(number)
    }
}
