import Apus
import Testing

/// Sums are exact, or fail.
@Suite struct SumTests {
    private struct Counter: GraphState {
        var small: Int8 = 0
        var large: UInt64 = 0
        static let fields: [Field<Self>] = [
            Field("small", \.small, merging: .sum),
            Field("large", \.large, merging: .sum),
        ]
    }

    private let schema = StateSchema<Counter>()

    private func change(from before: Counter, to after: Counter) throws -> StateChange {
        try #require(schema.change(from: before, to: after))
    }

    @Test func `what branches add and subtract is added up over the whole range of the type`() throws {
        let up = try change(from: Counter(small: -128, large: 0), to: Counter(small: 127, large: .max))
        let down = try change(from: Counter(small: 0, large: .max), to: Counter(small: -5, large: 3))
        var state = Counter(small: -128)
        try up.combined(with: down).apply(to: &state)
        #expect(state == Counter(small: 122, large: 3))
    }

    @Test func `leaving the range is an error that names the field`() throws {
        let step = try change(from: Counter(small: 0), to: Counter(small: 100))
        var state = Counter(small: 100)
        #expect(throws: StateError(.overflow, field: "small")) { try step.apply(to: &state) }
        #expect(state == Counter(small: 100))
    }

    @Test func `a sum that leaves the range on its way fails however its parts are grouped`() throws {
        let up = try change(from: Counter(small: 0), to: Counter(small: 100))
        let down = try change(from: Counter(small: 0), to: Counter(small: -100))
        var state = Counter(small: 100)
        let there = try up.combined(with: down)
        #expect(throws: StateError(.overflow, field: "small")) { try there.apply(to: &state) }
        let back = try down.combined(with: up)
        try back.apply(to: &state)
        #expect(state.small == 100)
    }
}
