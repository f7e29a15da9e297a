import Synchronization

/// What a builder and its handles have gathered so far; ``Graph`` freezes it.
final class GraphDraft<State: GraphState>: Sendable {
    struct Contents: Sendable {
        var nodes: [DraftNode<State>] = []
        var starts: [Int] = []
        var entries: [DraftEntry] = []
        var constraints = TimeConstraints()
        var channels: [DraftChannel] = []
        var siblings = SiblingPolicy.finish
        var diagnostics: [GraphDiagnostic] = []
    }

    private let contents = Mutex(Contents())

    func read<T: Sendable>(_ body: (inout Contents) -> T) -> T { contents.withLock { body(&$0) } }

    func modify(_ index: Int, _ change: (inout DraftNode<State>) -> Void) {
        contents.withLock { change(&$0.nodes[index]) }
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
