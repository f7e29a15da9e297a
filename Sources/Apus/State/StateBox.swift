/// A state whose type only its ``StateKit`` knows.
///
/// Invariant: nothing changes it after `init`, so any number of tasks may hold it.
class StateBox: @unchecked Sendable {}

/// A state in a box.
///
/// Invariant: constant, like everything in a box.
final class TypedBox<State: GraphState>: StateBox, @unchecked Sendable {
    let state: State

    required init(_ state: State) { self.state = state }
}

/// What can be done with the states of one graph by those who do not know their type.
///
/// It lets all of the driver that runs once per branch stay free of generics, which would look metadata up at every turn.
protocol StateKit: AnyObject, Sendable {
    /// What turns one state into another; `nil` when they are equal.
    func change(from before: StateBox, to after: StateBox) -> StateChange?
    /// A state with changes applied in turn.
    func applying(_ changes: [StateChange], to state: StateBox) throws(StateError) -> StateBox
    func conflict(field: Int, key: String?, between first: String, and second: String) -> StateError
    /// A change as JSON; `base` is any state of the same graph, best a small one.
    func encode(_ change: StateChange, base: StateBox) throws -> [UInt8]
    func decode(_ json: [UInt8]) throws -> StateChange
    func encode(_ state: StateBox) throws -> [UInt8]
}

/// The same for one type of state.
final class TypedKit<State: GraphState>: StateKit {
    private let schema: StateSchema<State>

    init(_ schema: StateSchema<State>) { self.schema = schema }

    func change(from before: StateBox, to after: StateBox) -> StateChange? {
        schema.change(from: Self.open(before), to: Self.open(after))
    }

    func applying(
        _ changes: [StateChange], to state: StateBox
    ) throws(StateError) -> StateBox {
        var result = Self.open(state)
        try withUnsafeMutablePointer(to: &result) { result throws(StateError) in
            for change in changes { try change.apply(at: result) }
        }
        return TypedBox(result)
    }

    func conflict(field: Int, key: String?, between first: String, and second: String) -> StateError {
        schema.conflict(field: field, key: key, between: first, and: second)
    }

    func encode(_ change: StateChange, base: StateBox) throws -> [UInt8] {
        try schema.encode(change, base: Self.open(base))
    }

    func decode(_ json: [UInt8]) throws -> StateChange { try schema.decode(json) }

    func encode(_ state: StateBox) throws -> [UInt8] { try JSONCoding.encode(Self.open(state)) }

    /// The state in a box of this kit.
    static func open(_ box: StateBox) -> State { unsafeDowncast(box, to: TypedBox<State>.self).state }
}
