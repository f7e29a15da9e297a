import Apus
import Testing

/// What no field names is one more exclusive field, so that nothing is lost.
@Suite struct UndeclaredPropertyTests {
    private struct Bare: GraphState {
        var one = 1
        var two = 2
    }

    /// Its two fields are as many as its properties, but leave `flag` and half of `inner` out.
    private struct Nested: GraphState {
        struct Inner: Codable, Equatable {
            var a = 0
            var b = 0 as Int8
        }

        var inner = Inner()
        var flag = false
        var other = 0
        static let fields: [Field<Self>] = [
            Field("a", \.inner.a), Field("b", \.inner.b), Field("other", \.other),
        ]
    }

    private struct Mirrored: GraphState, CustomReflectable {
        var seen = 0
        var hidden = 0
        static let fields: [Field<Self>] = [Field("seen", \.seen)]
        var customMirror: Mirror { Mirror(self, children: ["seen": seen]) }
    }

    private struct Whole: GraphState {
        var one = 0
        var two = ""
        static let fields: [Field<Self>] = [Field("all", \.self)]
    }

    private func writes<State: GraphState>(from before: State, to after: State) -> [FieldWrite]? {
        StateSchema<State>().change(from: before, to: after)?.writes
    }

    @Test func `a state without fields is exclusive as a whole`() throws {
        let after = Bare(one: 3)
        #expect(writes(from: Bare(), to: after) == [FieldWrite(field: 0, access: .replace)])
        var state = Bare()
        try StateSchema<Bare>().change(from: state, to: after)?.apply(to: &state)
        #expect(state == after)
    }

    @Test func `a change of an undeclared property is found beside those of fields`() {
        var after = Medley()
        after.undeclared = 7
        #expect(writes(from: Medley(), to: after) == [FieldWrite(field: 9, access: .replace)])
        after.sum = 1
        #expect(
            writes(from: Medley(), to: after)
                == [FieldWrite(field: 4, access: .merge), FieldWrite(field: 9, access: .replace)])
    }

    @Test func `a change of the rest leaves the fields as they are`() throws {
        var after = Medley()
        after.undeclared = 7
        let change = try #require(StateSchema<Medley>().change(from: Medley(), to: after))
        var state = Medley(plain: "kept", list: [1, 2], undeclared: 3)
        try change.apply(to: &state)
        #expect(state == Medley(plain: "kept", list: [1, 2], undeclared: 7))
    }

    @Test func `fields that lead into a property do not pass for all properties`() {
        #expect(writes(from: Nested(), to: Nested(flag: true)) == [FieldWrite(field: 3, access: .replace)])
        #expect(writes(from: Nested(), to: Nested(inner: .init(b: 1))) == [FieldWrite(field: 1, access: .replace)])
    }

    @Test func `a mirror that hides a property does not hide its changes`() {
        #expect(writes(from: Mirrored(), to: Mirrored(hidden: 1)) == [FieldWrite(field: 1, access: .replace)])
    }

    @Test func `a field may be the whole state`() {
        #expect(StateSchema<Whole>().diagnostics == [])
        #expect(writes(from: Whole(), to: Whole(one: 1)) == [FieldWrite(field: 0, access: .replace)])
    }
}
