import Apus
import ApusTesting
import Testing

/// The ledger finds writes that exclude each other, and only those.
@Suite struct WriteLedgerTests {
    @Test(arguments: 0..<60 as Range<UInt64>)
    func `it agrees with a comparison of all pairs, on any order of units`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<40 {
            let plan = Plan(&random)
            var ledger = WriteLedger()
            for unit in plan.writes.indices {
                let found = ledger.record(unit: unit, writes: plan.writes[unit], isAfter: plan.isAfter)
                let expected = plan.conflicts(of: unit)
                #expect((found == nil) == expected.isEmpty)
                guard let found else { continue }
                #expect(found.field == expected.map(\.field).min())
                #expect(expected.contains { $0.field == found.field && $0.other == found.other && $0.key == found.key })
                break
            }
        }
    }

    @Test func `a replacement excludes every concurrent write, a merge only replacements`() {
        let replace = [FieldWrite(field: 0, access: .replace)]
        let merge = [FieldWrite(field: 0, access: .merge)]
        #expect(conflict(replace, replace)?.other == 1)
        #expect(conflict(replace, merge)?.other == 1)
        #expect(conflict(merge, replace)?.other == 1)
        #expect(conflict(merge, merge) == nil)
        #expect(conflict(replace, [FieldWrite(field: 1, access: .replace)]) == nil)
    }

    @Test func `a key is exclusive, and the first of several in common is named`() {
        func write(_ keys: String...) -> [FieldWrite] {
            [FieldWrite(field: 2, access: .keys(keys.map { FieldKey($0) }))]
        }
        #expect(conflict(write("a", "b"), write("c")) == nil)
        let found = conflict(write("a", "b", "c"), write("b", "c", "d"))
        #expect(found?.field == 2)
        #expect(found?.key == "b")
    }

    @Test func `a unit never conflicts with itself, and a write in conflict is not recorded`() {
        var ledger = WriteLedger()
        let replace = [FieldWrite(field: 0, access: .replace)]
        #expect(ledger.record(unit: 1, writes: replace) { _, _ in false } == nil)
        #expect(ledger.record(unit: 1, writes: replace) { _, _ in false } == nil)
        #expect(ledger.record(unit: 2, writes: replace) { _, _ in false } != nil)
        #expect(ledger.record(unit: 1, writes: replace) { _, _ in false } == nil)
        ledger.removeAll()
        #expect(ledger.record(unit: 2, writes: replace) { _, _ in false } == nil)
    }

    @Test func `ten thousand merges and their join ask for the order a few times each`() {
        var ledger = WriteLedger()
        var asked = 0
        let merge = [FieldWrite(field: 0, access: .merge)]
        for unit in 0..<10_000 {
            _ = ledger.record(unit: unit, writes: merge) { _, _ in
                asked += 1
                return false
            }
        }
        let replace = [FieldWrite(field: 0, access: .replace)]
        let found = ledger.record(unit: 10_000, writes: replace) { _, _ in
            asked += 1
            return true
        }
        #expect(found == nil)
        #expect(asked < 30_000)
    }

    private func conflict(_ one: [FieldWrite], _ other: [FieldWrite]) -> WriteLedger.Conflict? {
        var ledger = WriteLedger()
        _ = ledger.record(unit: 1, writes: one) { _, _ in false }
        return ledger.record(unit: 2, writes: other) { _, _ in false }
    }
}

/// Units in the order in which they complete, which of them come after which, and what they write.
private struct Plan {
    var writes: [[FieldWrite]] = []
    /// For each unit those it is after.
    var earlier: [Set<Int>] = []

    init(_ random: inout SeededGenerator) {
        let density = random.below(5)
        for unit in 0..<random.below(14) {
            let direct = (0..<unit).filter { _ in random.below(5) < density }
            earlier.append(direct.reduce(into: Set(direct)) { $0.formUnion(earlier[$1]) })
            writes.append(
                (0..<3).filter { _ in random.below(3) == 0 }.map { FieldWrite(field: $0, access: .any(&random)) })
        }
    }

    func isAfter(_ later: Int, _ earlier: Int) -> Bool { self.earlier[later].contains(earlier) }

    func conflicts(of unit: Int) -> [(field: Int, other: Int, key: String?)] {
        (0..<unit).filter { !isAfter(unit, $0) }.flatMap { other in
            writes[unit].flatMap { write in
                writes[other].filter { $0.field == write.field }.flatMap { theirs in
                    exclusions(write.access, theirs.access).map { (write.field, other, $0) }
                }
            }
        }
    }

    /// The keys that both accesses claim; one `nil` where they exclude each other as a whole.
    private func exclusions(_ one: FieldAccess, _ other: FieldAccess) -> [String?] {
        switch (one, other) {
        case (.replace, _), (_, .replace): [nil]
        case (.keys(let mine), .keys(let theirs)): mine.filter { theirs.contains($0) }.map(\.description)
        default: []
        }
    }
}

extension FieldAccess {
    fileprivate static func any(_ random: inout SeededGenerator) -> FieldAccess {
        switch random.below(6) {
        case 0: .replace
        case 1, 2: .merge
        default: .keys(["a", "b", "c", "d"].filter { _ in random.below(4) == 0 }.map { FieldKey($0) })
        }
    }
}
