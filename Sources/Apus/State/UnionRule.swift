/// Inserts into a set.
struct UnionRule<Value: SetAlgebra & Codable & Equatable & Sendable>: MergeRule {
    func operation(from before: Value, to after: Value) -> Value? {
        after.isSuperset(of: before) ? after.subtracting(before) : nil
    }

    func apply(_ operation: Value, to value: inout Value) { value.formUnion(operation) }
    func combine(_ earlier: inout Value, with later: Value) { earlier.formUnion(later) }
}
