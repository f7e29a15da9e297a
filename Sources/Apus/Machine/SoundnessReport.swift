/// What a look at the choices of a graph found; see ``Graph/soundness(limit:)``.
public struct SoundnessReport: Sendable, Equatable {
    /// Shortest trace first; then the nodes that never run, in the order of their declaration.
    public var findings: [SoundnessFinding]
    /// How many steps were tried.
    public var explored: Int
    /// Whether nothing was left out: the limit was not reached, no select was too wide and no subgraph too deep.
    /// If not, what was found is real, and more may be there; of a graph that was cut short no ``SoundnessFinding/Code/neverRuns`` is told.
    public var isComplete: Bool

    public init(findings: [SoundnessFinding], explored: Int, isComplete: Bool) {
        self.findings = findings
        self.explored = explored
        self.isComplete = isComplete
    }

    /// Whether all choices were looked at and nothing was found.
    public var isSound: Bool { findings.isEmpty && isComplete }

    /// How many steps are tried unless said otherwise: 20,000.
    public static let limit = 20_000
    /// How often the back edges of a loop are taken one after another: twice, which makes three rounds.
    public static let returns = 2
    /// Up to how many targets all subsets of a select are tried: 6. Of a wider one none, each alone, all but each, and all.
    public static let selectTargets = 6
    /// How deep subgraphs within subgraphs are followed: 4.
    public static let depth = 4
}

extension SoundnessReport: CustomStringConvertible {
    public var description: String {
        let extent = isComplete ? "all choices, \(explored) steps" : "\(explored) steps, not all choices"
        if findings.isEmpty { return "Nothing found (\(extent))." }
        return "\(findings.count) finding(s) (\(extent)):\n" + findings.map { "- \($0)" }.joined(separator: "\n")
    }
}

/// One thing that goes wrong by some choice, or goes wrong by every choice.
public struct SoundnessFinding: Sendable, Equatable {
    /// The kinds of findings.
    @nonexhaustive
    public enum Code: String, Sendable, CaseIterable {
        /// A run waits for a milestone that it can't reach.
        case waitsForMilestone
        /// Nodes wait for each other's turns.
        case waitsForTurn
        /// The reader of a channel waits for a sender that waits for the reader.
        case waitsForSender
        /// No choice ever runs the node.
        case neverRuns
    }

    public var code: Code
    /// The nodes concerned, as paths through subgraphs: `triage/fetch`.
    public var nodes: [String]
    /// The fewest steps that lead there. For a node that never runs: to where it is passed by, empty if nothing comes near it.
    public var trace: [SoundnessStep]
    public var reason: String
    public var mend: String

    public init(_ code: Code, nodes: [String], trace: [SoundnessStep], reason: String, mend: String) {
        self.code = code
        self.nodes = nodes
        self.trace = trace
        self.reason = reason
        self.mend = mend
    }
}

extension SoundnessFinding: CustomStringConvertible {
    public var description: String {
        let way = trace.isEmpty ? "" : "\n  When: \(trace.map(\.description).joined(separator: "; "))."
        return "[\(code.rawValue)] \(reason)\(way)\n  \(mend)"
    }
}

/// One step of a trace.
public struct SoundnessStep: Sendable, Equatable {
    /// What a node does in a step.
    @nonexhaustive
    public enum Kind: Sendable, Equatable {
        /// The run starts by this entry.
        case starts(entry: String)
        /// The node succeeds; empty if its exit has one case.
        case ends(cases: [String])
        /// The node selects nothing.
        case endsWithoutCase
        case fails
        case timesOut
        /// The reader of a channel has enough before all senders have ended.
        case endsEarly(cases: [String])
        /// A region cancels the node.
        case isCancelled
        case takesTurn(key: String)
    }

    /// The path of the node; empty where the run starts.
    public var node: String
    public var kind: Kind

    public init(_ node: String, _ kind: Kind) {
        self.node = node
        self.kind = kind
    }
}

extension SoundnessStep: CustomStringConvertible {
    public var description: String {
        switch kind {
        case .starts(let entry): "the run starts by the entry \"\(entry)\""
        case .ends(let cases): "\(node) ends" + with(cases)
        case .endsWithoutCase: "\(node) ends with no case"
        case .fails: "\(node) fails"
        case .timesOut: "\(node) takes too long"
        case .endsEarly(let cases): "\(node) has enough early" + with(cases)
        case .isCancelled: "\(node) is cancelled"
        case .takesTurn(let key): "\(node) takes the turn \"\(key)\""
        }
    }

    private func with(_ cases: [String]) -> String {
        if cases.isEmpty { return "" }
        return (cases.count == 1 ? " with case " : " with cases ") + cases.map { "\"\($0)\"" }.joined(separator: ", ")
    }
}
