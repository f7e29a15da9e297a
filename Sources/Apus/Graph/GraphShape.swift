/// The structure of a graph as declared, without code: what the loop analysis and the plan are computed from.
struct GraphShape: Sendable {
    var names: [String] = []
    var exits: [ExitShape] = []
    /// The cases of the virtual first node: the start, then the entries.
    var starts: [CaseShape] = []

    var count: Int { names.count }
}

/// The exit of one node.
struct ExitShape: Sendable {
    enum Kind: Sendable { case none, always, route, select }

    var kind: Kind = .none
    var cases: [CaseShape] = []
    var failure: [Int]?

    /// All cases in the order of their numbers; the failure case is the last.
    var allCases: [CaseShape] {
        guard let failure else { return cases }
        return cases + [CaseShape(label: "failure", targets: failure)]
    }
}

/// One case of an exit: a set of targets, empty at the end of a path.
struct CaseShape: Sendable, Equatable {
    var label: String?
    var targets: [Int]
    var finishes = false
}
