/// How concurrent changes of a value come together; ``Merge`` says it to users.
package protocol MergeRule<Value>: Sendable {
    associatedtype Value: Codable & Equatable & Sendable
    associatedtype Operation: Codable & Equatable & Sendable
    /// The smallest operation that turns `before` into the different `after`; `nil` when only replacing it does.
    func operation(from before: Value, to after: Value) -> Operation?
    func apply(_ operation: Operation, to value: inout Value) throws
    /// Lets `later` follow `earlier`: applying the result equals applying both in turn.
    func combine(_ earlier: inout Operation, with later: Operation) throws
    /// The same in a box. A rule whose operations are frequent makes it without naming a type that depends on its own.
    func payload(from before: Value, to after: Value) -> TypedPayload<Operation>?
    /// The keys that the operation claims for itself; `nil` when it shares everything.
    func keys(of operation: Operation) -> [FieldKey]?
}

extension MergeRule {
    package func payload(from before: Value, to after: Value) -> TypedPayload<Operation>? {
        operation(from: before, to: after).map { TypedPayload($0) }
    }

    package func keys(of operation: Operation) -> [FieldKey]? { nil }
}

/// Every change replaces the value.
struct ExclusiveRule<Value: Codable & Equatable & Sendable>: MergeRule {
    func operation(from before: Value, to after: Value) -> Never? { nil }
    func payload(from before: Value, to after: Value) -> TypedPayload<Never>? { nil }
    func apply(_ operation: Never, to value: inout Value) {}
    func combine(_ earlier: inout Never, with later: Never) {}
}

/// The rule of an embedder.
struct CustomRule<Value: Codable & Equatable & Sendable, Operation: Codable & Equatable & Sendable>: MergeRule {
    let diff: @Sendable (Value, Value) -> Operation?
    let apply: @Sendable (inout Value, Operation) throws -> Void
    let combine: @Sendable (inout Operation, Operation) throws -> Void
    var keys: (@Sendable (Operation) -> [FieldKey])?

    func operation(from before: Value, to after: Value) -> Operation? { diff(before, after) }
    func apply(_ operation: Operation, to value: inout Value) throws { try apply(&value, operation) }
    func combine(_ earlier: inout Operation, with later: Operation) throws { try combine(&earlier, later) }
    func keys(of operation: Operation) -> [FieldKey]? { keys?(operation) }
}
