/// One thing that is wrong with a graph: where, why, and a way to mend it.
public struct GraphDiagnostic: Sendable, Equatable, CustomStringConvertible {
    /// The kinds of defects.
    @nonexhaustive
    public enum Code: String, Sendable {
        case nothingToStart, unreachableNode, duplicateID, secondExit, secondFailureExit, unusedFailureExit
        case duplicateTarget, missingCase, foreignHandle, emptyName, duplicateCase
        case invalidLimit, invalidField
        /// Law 2 (a): an iteration can take a back edge and a leaving edge.
        case ambiguousIteration
        /// Law 2 (b): an edge leads into a side branch of a loop from elsewhere.
        case sharedSideBranch
        /// Law 2 (c): a cycle with several entries in which more than one step can run at a time.
        case irreducibleCycle
        case unordered
        /// A hedged node is not declared idempotent, or is no plain node.
        case unfitForHedging
    }

    public var code: Code
    /// The nodes concerned, the one to mend first.
    public var nodes: [String]
    public var reason: String
    public var mend: String

    public init(_ code: Code, nodes: [String], reason: String, mend: String) {
        self.code = code
        self.nodes = nodes
        self.reason = reason
        self.mend = mend
    }

    public var description: String { "\(reason) \(mend)" }
}

/// A graph that cannot be run, with everything that is wrong with it.
public struct GraphError: Error, Sendable, Equatable, CustomStringConvertible {
    public var graph: String
    public var diagnostics: [GraphDiagnostic]

    public init(graph: String, diagnostics: [GraphDiagnostic]) {
        self.graph = graph
        self.diagnostics = diagnostics
    }

    public var description: String {
        let list = diagnostics.map { "- [\($0.code.rawValue)] \($0)" }.joined(separator: "\n")
        return "The graph \"\(graph)\" has \(diagnostics.count) defect(s):\n\(list)"
    }
}
