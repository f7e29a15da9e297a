import Apus
import Testing

/// Errors say what happened, where, and what to do.
@Suite struct StateErrorTests {
    private let schema = StateSchema<Medley>()

    @Test func `a conflict names both writers, the field and the key`() {
        let error = schema.conflict(field: 6, key: "k", between: "draft", and: "review")
        #expect(error == StateError(.conflict, field: "table", writers: ["draft", "review"], key: "k"))
        #expect(
            error.description == """
                "draft" and "review" wrote the key "k" of the field "table", and neither comes after the other; \
                order them with an edge, or give the field a merge that can say both changes.
                """)
    }

    @Test func `a conflict over what no field names asks for fields`() {
        let error = schema.conflict(field: 9, key: nil, between: "a", and: "b")
        #expect(error.field == nil)
        #expect(
            error.description == """
                "a" and "b" wrote properties that no field names, and neither comes after the other; \
                order them with an edge, or declare a field for each.
                """)
    }

    @Test func `an overflow names the field`() {
        #expect(
            StateError(.overflow, field: "sent").description
                == "Adding up the field \"sent\" left the range of its type; give it a wider integer.")
    }

    @Test func `a failed merge names the type of what it threw, and no payload`() {
        struct Refusal: Error { var secret = "s3cret" }
        #expect(
            StateError(.mergeFailed, field: "votes", underlying: Refusal()).description
                == "The merge of the field \"votes\" failed with Refusal.")
    }
}
