import Apus
import ApusTesting
import Testing

/// Changes turn one state into the other, follow each other, and may be grouped at will.
@Suite struct StateChangeTests {
    private let schema = StateSchema<Medley>()

    @Test(arguments: 0..<100 as Range<UInt64>)
    func `a change turns the state before into the state after`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var state = Medley.random(&random)
        for _ in 0..<10 {
            let before = state
            state.mutate(&random)
            let change = schema.change(from: before, to: state)
            #expect((change == nil) == (before == state))
            var copy = before
            try change?.apply(to: &copy)
            #expect(copy == state)
        }
    }

    @Test(arguments: 0..<100 as Range<UInt64>)
    func `applying a combination equals applying its parts, grouped either way, on any state`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<5 {
            let changes = walk(&random, from: .random(&random), steps: 3)
            guard changes.count == 3 else { continue }
            let base = Medley.random(&random)
            let inTurn = outcome(on: base) { changes }
            let left = outcome(on: base) { () throws(StateError) in
                [try changes[0].combined(with: changes[1]).combined(with: changes[2])]
            }
            let right = outcome(on: base) { () throws(StateError) in
                [try changes[0].combined(with: changes[1].combined(with: changes[2]))]
            }
            #expect(left == inTurn)
            #expect(right == inTurn)
        }
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `a long combination grows in place and equals its parts`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let start = Medley.random(&random)
        let changes = walk(&random, from: start, steps: 100)
        var whole = changes[0]
        for change in changes.dropFirst() { try whole.combine(with: change) }
        var one = start
        var other = start
        try whole.apply(to: &one)
        for change in changes { try change.apply(to: &other) }
        #expect(one == other)
        var whole2 = changes[changes.count - 1]
        for change in changes.dropLast().reversed() { whole2 = try change.combined(with: whole2) }
        #expect(whole == whole2)
    }

    @Test func `setting an equal value is no change`() {
        let state = Medley()
        var copy = state
        copy.list = Array(copy.list)
        #expect(schema.change(from: state, to: copy) == nil)
    }

    @Test func `a change lists the fields it writes in their order`() throws {
        var after = Medley()
        after.table["k"] = 1
        after.plain = "x"
        after.list = [1]
        let change = try #require(schema.change(from: Medley(), to: after))
        #expect(
            change.writes == [
                FieldWrite(field: 0, access: .replace), FieldWrite(field: 1, access: .merge),
                FieldWrite(field: 6, access: .keys([FieldKey("k")])),
            ])
    }

    @Test func `an error of a custom merge names the field and carries what was thrown`() throws {
        struct Refusal: Error {}
        let merge = Merge<Int>(diff: { $1 - $0 }, apply: { _, _ in throw Refusal() }, combine: { $0 += $1 })
        let schema = StateSchema<Number>(fields: [Field("value", \.value, merging: merge)])
        let change = try #require(schema.change(from: Number(), to: Number(value: 1)))
        var state = Number()
        let error = #expect(throws: StateError.self) { try change.apply(to: &state) }
        #expect(error == StateError(.mergeFailed, field: "value"))
        #expect(error?.underlying is Refusal)
    }

    private struct Number: GraphState {
        var value = 0
    }

    private func walk(
        _ random: inout SeededGenerator, from start: Medley, steps: Int
    ) -> [StateChange] {
        var state = start
        return (0..<steps).compactMap { _ in
            let before = state
            state.mutate(&random)
            return schema.change(from: before, to: state)
        }
    }

    private func outcome(
        on base: Medley, _ changes: () throws(StateError) -> [StateChange]
    ) -> Result<Medley, StateError> {
        Result { () throws(StateError) in
            var state = base
            for change in try changes() { try change.apply(to: &state) }
            return state
        }
    }
}
