import Apus
import ApusTesting
import AsideKit
import Testing

/// What each merge can say, and that it keeps the promises of a merge.
@Suite(.aside) struct MergeTests {
    @Test(arguments: 0..<6 as Range<UInt64>)
    func `every merge keeps the promises of a merge`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let lists = (0..<8).map { _ in random.list() }
        #expect(MergeLaws.check(.append, values: lists) == [])
        #expect(MergeLaws.check(.append, values: lists.map { Log($0) }) == [])
        #expect(MergeLaws.check(.append, values: lists.map { String(describing: $0) }) == [])
        #expect(MergeLaws.check(.union, values: lists.map { Set($0) }) == [])
        #expect(MergeLaws.check(.exclusive, values: lists) == [])
        #expect(MergeLaws.check(.keys, values: (0..<8).map { _ in random.table() }) == [])
        let numbers = (0..<8).map { _ in Int8(truncatingIfNeeded: random.next()) }
        #expect(MergeLaws.check(.maximum, values: numbers) == [])
        #expect(MergeLaws.check(.minimum, values: numbers) == [])
        #expect(MergeLaws.check(.sum, values: numbers) == [])
        #expect(MergeLaws.check(.sum, values: numbers.map { UInt64(truncatingIfNeeded: $0) }) == [])
        #expect(MergeLaws.check(.sum, values: [Int.min, -1, 0, 1, Int.max]) == [])
    }

    @Test func `a list that grew is an addition, one that shrank or changed a replacement`() {
        #expect(access(.append, from: [1, 2], to: [1, 2, 3]) == .merge)
        #expect(access(.append, from: [1, 2], to: [1]) == .replace)
        #expect(access(.append, from: [1, 2], to: [2, 1, 3]) == .replace)
        #expect(access(.append, from: "ab", to: "abc") == .merge)
        #expect(access(.append, from: "ab", to: "ba") == .replace)
        #expect(access(.append, from: Log([1]), to: [1, 2]) == .merge)
        #expect(access(.append, from: Log([1]), to: [2, 2]) == .replace)
    }

    @Test func `a set that lost a member, a maximum that sank and a minimum that rose are replacements`() {
        #expect(access(.union, from: [1], to: [1, 2] as Set) == .merge)
        #expect(access(.union, from: [1], to: [2] as Set) == .replace)
        #expect(access(.maximum, from: 1.5, to: 2) == .merge)
        #expect(access(.maximum, from: 2, to: 1.5) == .replace)
        #expect(access(.minimum, from: 2, to: 1) == .merge)
        #expect(access(.minimum, from: 1, to: 2) == .replace)
    }

    @Test func `a merge by key claims the keys that were set or removed, in order of their names`() {
        let keys = ["a", "c", "d"].map { FieldKey($0) }
        #expect(access(.keys, from: ["a": 1, "b": 2, "c": 3], to: ["b": 2, "c": 4, "d": 5]) == .keys(keys))
        #expect(access(.keys, from: [1: 1], to: [1: 1, 2: 2]) == .keys([FieldKey(2)]))
    }

    @Test func `keys are told apart by what they are, not by how they print`() {
        #expect(FieldKey(1) != FieldKey("1"))
        #expect(FieldKey(Optional("a")) != FieldKey(Optional<String>.none))
        #expect(FieldKey(Set([1, 2, 3])) == FieldKey(Set([3, 2, 1])))
        #expect(FieldKey(Set([1, 2, 3])).hashValue == FieldKey(Set([3, 2, 1])).hashValue)
    }

    @Test func `an exclusive value is always replaced`() {
        #expect(access(.exclusive, from: [1], to: [1, 2]) == .replace)
    }

    @Test func `a custom merge decides what it can say and which keys it claims`() {
        let votes = Merge<[Int]>(
            diff: { $0.count == $1.count ? zip($1, $0).map { $0 - $1 } : nil },
            apply: { votes, added in for index in votes.indices { votes[index] += added[index] } },
            combine: { earlier, later in for index in earlier.indices { earlier[index] += later[index] } },
            keys: { added in added.indices.filter { added[$0] != 0 } })
        #expect(access(votes, from: [1, 2, 3], to: [1, 3, 4]) == .keys([FieldKey(1), FieldKey(2)]))
        #expect(access(votes, from: [1, 2, 3], to: [1]) == .replace)
    }

    /// How a change of a state's only field is written.
    private func access<Value>(_ merge: Merge<Value>, from before: Value, to after: Value) -> FieldAccess? {
        let field = Field("value", \Single<Value>.value, merging: merge)
        let schema = StateSchema<Single<Value>>(fields: [field])
        return schema.change(from: Single(value: before), to: Single(value: after))?.writes.first?.access
    }
}

private struct Single<Value: Codable & Equatable & Sendable>: GraphState {
    var value: Value
}
