import Apus
import ApusTesting

/// A state with a field of every merge, and a property that no field names.
struct Medley: GraphState {
    var plain = ""
    var list: [Int] = []
    var text = ""
    var log: Log<Int> = []
    var sum: Int8 = 0
    var set: Set<Int> = []
    var table: [String: Int] = [:]
    var high = 0
    var undeclared = 0
    var low = 0

    static let fields: [Field<Self>] = [
        Field("plain", \.plain),
        Field("list", \.list, merging: .append),
        Field("text", \.text, merging: .append),
        Field("log", \.log, merging: .append),
        Field("sum", \.sum, merging: .sum),
        Field("set", \.set, merging: .union),
        Field("table", \.table, merging: .keys),
        Field("high", \.high, merging: .maximum),
        Field("low", \.low, merging: .minimum),
    ]

    static func random(_ random: inout SeededGenerator) -> Medley {
        var state = Medley()
        for _ in 0..<10 { state.mutate(&random) }
        return state
    }

    /// Changes up to three properties, mostly as their merges can say it.
    mutating func mutate(_ random: inout SeededGenerator) {
        for _ in 0...random.below(3) {
            switch random.below(10) {
            case 0: plain = "\(random.below(3))"
            case 1: if random.below(4) == 0 { list = random.list() } else { list += random.list() }
            case 2: if random.below(4) == 0 { text = "e" } else { text += ["x", "é", "\u{301}"][random.below(3)] }
            case 3: if random.below(4) == 0 { log = Log(random.list()) } else { log += random.list() }
            case 4: sum = Int8(truncatingIfNeeded: random.next()) / 4
            case 5: if random.below(4) == 0 { set = [] } else { set.formUnion(random.list()) }
            case 6: table["\(random.below(4))"] = random.below(3) == 0 ? nil : random.below(3)
            case 7: high += random.below(5) - 1
            case 8: low -= random.below(5) - 1
            default: undeclared = random.below(3)
            }
        }
    }
}

extension SeededGenerator {
    /// Up to five small numbers.
    mutating func list() -> [Int] { (0..<below(6)).map { _ in below(4) } }

    /// Up to five entries under few keys.
    mutating func table() -> [String: Int] {
        Dictionary((0..<below(6)).map { _ in ("\(below(4))", below(3)) }) { $1 }
    }
}
