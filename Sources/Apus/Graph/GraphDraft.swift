/// What a builder and its handles have gathered so far; ``Graph`` freezes it.
final class GraphDraft<State: GraphState>: Sendable {
    struct Contents: Sendable {
        var nodes: [DraftNode<State>] = []
        var starts: [Int] = []
        var entries: [DraftEntry] = []
        var constraints = TimeConstraints()
        var channels: [DraftChannel] = []
        var siblings = SiblingPolicy.finish
        var compensations: [DraftCompensation] = []
        var saga: SagaPolicy?
        var diagnostics: [GraphDiagnostic] = []
    }

    private let contents = Guarded(Contents())

    func read<T: Sendable>(_ body: (inout Contents) -> T) -> T { contents.withLock { body(&$0) } }

    /// Changes a node, unless the graph is built already.
    func modify(_ index: Int, _ change: (inout DraftNode<State>) -> Void) {
        contents.withLock { if $0.nodes.indices.contains(index) { change(&$0.nodes[index]) } }
    }

    /// Lets go of everything gathered; handles that are still held do nothing from now on.
    func close() {
        let gathered = contents.withLock { contents in
            defer { contents = Contents() }
            return contents
        }
        withExtendedLifetime(gathered) {}
    }
}

/// A node as declared.
struct DraftNode<State: GraphState>: Sendable {
    var id: String
    var kind: NodeOutline.Kind
    var body: any Node<State>
    var policy = NodePolicy<State>()
    var exit: DraftExit<State>?
    var failureTargets: [Int]?
    var inner: [GraphOutline] = []
    /// The node goes on working after it has handed its change on.
    var runsOn = false
}

/// An exit as declared: its cases and how one is chosen.
struct DraftExit<State: GraphState>: Sendable {
    enum Choice: Sendable {
        case always
        /// The position of the case, or `nil` for one that was not declared.
        case route(@Sendable (State) -> Int?)
        /// The positions of the cases, or `nil` if one was not declared.
        case select(@Sendable (State) -> [Int]?)
    }

    var cases: [CaseShape]
    var choice: Choice
}

/// An alternative start.
struct DraftEntry: Sendable {
    var name: String
    var targets: [Int]
}

/// What becomes of running siblings when a node fails the run.
public enum SiblingPolicy: Sendable {
    /// They finish and their changes are kept.
    case finish
    /// They are cancelled.
    case cancel
}
