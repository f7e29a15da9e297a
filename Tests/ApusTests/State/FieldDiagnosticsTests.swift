import Apus
import Testing

/// Mistakes in the declaration of fields are found when the type is first used.
@Suite struct FieldDiagnosticsTests {
    private struct Sample: GraphState {
        struct Part: Codable, Equatable {
            var name = ""
            var size = 0
        }

        var part = Part()
        var count = 0
        var flag = false
        var observed = 0 { didSet { flag = true } }
        var maybe: Int? = 1
        var list: [Int] = [0]
        var double: Int {
            get { count * 2 }
            set { count = newValue / 2 }
        }
    }

    private func diagnostics(_ fields: Field<Sample>...) -> [String] { StateSchema(fields: fields).diagnostics }

    @Test func `stored properties and their parts are fine`() {
        #expect(diagnostics(Field("count", \.count), Field("flag", \.flag), Field("part", \.part)) == [])
        #expect(diagnostics(Field("name", \.part.name), Field("size", \.part.size), Field("maybe", \.maybe)) == [])
    }

    @Test func `a name may be given once, and may not be empty`() {
        #expect(
            diagnostics(Field("a", \.count), Field("a", \.flag))
                == ["The field \"a\" of Sample is declared twice; give each field a name of its own."])
        #expect(
            diagnostics(Field("", \.count))
                == ["A field of Sample has an empty name; call it as its property is called."])
    }

    @Test(arguments: [
        Field<Sample>("f", \.double), Field<Sample>("f", \.observed), Field<Sample>("f", \.maybe!),
        Field<Sample>("f", \.list[0]),
    ])
    private func `computed and observed properties, unwrapped values and elements are refused`(field: Field<Sample>) {
        #expect(
            diagnostics(field) == [
                "The field \"f\" of Sample is not a stored property without observers; "
                    + "declare the stored property that holds its value."
            ])
    }

    @Test func `fields that overlap are refused, each pair once`() {
        let found = diagnostics(Field("size", \.part.size), Field("part", \.part), Field("name", \.part.name))
        #expect(
            found
                == ["name", "size"].map {
                    "The fields \"part\" and \"\($0)\" of Sample overlap; declare either the whole property or its parts."
                })
    }

    @Test func `the same property may be declared once`() {
        #expect(diagnostics(Field("a", \.count), Field("b", \.count)).count == 1)
    }

    @Test func `a class is refused`() {
        #expect(
            StateSchema<Shared>().diagnostics
                == ["Shared is a class, so a failed node could not be undone; make it a struct."])
    }

    private final class Shared: GraphState {
        static func == (left: Shared, right: Shared) -> Bool { left === right }
    }
}
