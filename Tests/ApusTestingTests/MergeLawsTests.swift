import Apus
import ApusTesting
import Testing

/// The check of merges finds each broken promise.
@Suite struct MergeLawsTests {
    private let numbers = [-3, 0, 2, 5, 11]

    @Test func `a merge that keeps its promises passes`() {
        let sum = Merge<Int>(diff: { $1 - $0 }, apply: { $0 += $1 }, combine: { $0 += $1 })
        #expect(MergeLaws.check(sum, values: numbers) == [])
    }

    @Test func `an operation has to say the whole change`() {
        let half = Merge<Int>(diff: { ($1 - $0) / 2 }, apply: { $0 += $1 }, combine: { $0 += $1 })
        #expect(
            MergeLaws.check(half, values: [0, 1])
                == ["diff, then apply: the change from 0 to 1 is 0, which gives 0."])
    }

    @Test func `a combination has to do what its parts do`() {
        let last = Merge<Int>(diff: { $1 - $0 }, apply: { $0 += $1 }, combine: { $0 = $1 })
        #expect(
            MergeLaws.check(last, values: [0, 1]) == [
                "combine, then apply: on 0, 1 and then 1 give 2, their combination gives 1."
            ])
    }

    @Test func `a combination may not depend on how it is grouped`() {
        let mean = Merge<Int>(diff: { $1 - $0 }, apply: { $0 += $1 }, combine: { $0 = ($0 + $1) / 2 })
        #expect(MergeLaws.check(mean, values: numbers).contains { $0.hasPrefix("grouping: ") })
    }

    @Test func `an error has to come in turn and in combination, or in neither`() {
        struct Full: Error {}
        let capped = Merge<Int>(
            diff: { $1 - $0 },
            apply: { value, added in
                if value + added > 11 { throw Full() }
                value += added
            }, combine: { $0 += $1 })
        let found = MergeLaws.check(capped, values: numbers)
        #expect(found.count == 1)
        #expect(found.first?.contains("give an error") == true)
    }

    @Test func `a combination claims the keys of its parts`() {
        let set = Merge<Set<Int>>(
            diff: { $1.isSuperset(of: $0) ? $1.subtracting($0) : nil }, apply: { $0.formUnion($1) },
            combine: { $0.formUnion($1) }, keys: { $0.sorted().prefix(1).map { $0 } })
        #expect(
            MergeLaws.check(set, values: [[], [1], [2]])
                == ["keys: [1] and [2] claim [1, 2], their combination claims [1]."])
    }

    @Test func `an operation has to survive its encoding`() {
        let forgetful = Merge<Int>(
            diff: { Forgetful(amount: $1 - $0) }, apply: { $0 += $1.amount }, combine: { $0.amount += $1.amount })
        #expect(MergeLaws.check(forgetful, values: numbers).contains { $0.hasPrefix("encode, then decode: ") })
    }

    private struct Forgetful: Codable, Equatable, Sendable {
        var amount = 0
        enum CodingKeys: CodingKey {}
    }
}
