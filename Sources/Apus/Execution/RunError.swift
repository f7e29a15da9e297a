/// Why a run did not complete. A cancelled run throws `CancellationError` instead.
public struct RunError: Error, Sendable, CustomStringConvertible {
    @nonexhaustive
    public enum Code: String, Sendable, Hashable, Codable {
        /// A node failed for good; ``RunError/underlying`` is what it threw.
        case nodeFailed
        /// An exit chose a target that was not declared.
        case undeclaredTarget
        /// Concurrent changes of the state do not go together; ``RunError/underlying`` is a ``StateError``.
        case stateConflict
        /// The run started more activations than `GraphLimits.steps`.
        case stepLimit
        /// A loop has more rounds than its header allows.
        case iterationLimit
        /// The run took longer than ``GraphLimits/time``.
        case timeLimit
        /// Nothing runs, and what is left waits for ever.
        case stuck
        /// The graph has no entry of that name.
        case unknownEntry
    }

    public var code: Code
    public var graph: String
    /// The activation concerned, if there is one.
    public var activation: ActivationID?
    public var underlying: (any Error)?
    /// What to know besides: a limit, a name.
    public var detail: String?

    public init(
        _ code: Code, graph: String, activation: ActivationID? = nil, underlying: (any Error)? = nil,
        detail: String? = nil
    ) {
        self.code = code
        self.graph = graph
        self.activation = activation
        self.underlying = underlying
        self.detail = detail
    }

    public var description: String {
        let place = activation.map { "\"\($0)\" of the graph \"\(graph)\"" } ?? "the graph \"\(graph)\""
        let cause = underlying.map { "\($0)" } ?? "no error"
        switch code {
        case .nodeFailed: return "The node \(place) failed: \(cause)"
        case .undeclaredTarget:
            return "The exit of \(place) chose a target that it did not declare; add it to the exit's targets."
        case .stateConflict: return "After \(place): \(cause)"
        case .stepLimit:
            return
                "The run stopped before \(place): it started more than \(detail ?? "?") activations; raise GraphLimits.steps."
        case .iterationLimit:
            return
                "The loop at \(place) reached \(detail ?? "its") rounds; raise iterationLimit(_:) of its header, or take over with onFailure."
        case .timeLimit: return "The run of \(place) took longer than \(detail ?? "?"); raise GraphLimits.time."
        case .stuck:
            return "The run of \(place) waits for ever: \(detail ?? ""). Check the graph with Graph.soundness()."
        case .unknownEntry:
            guard let detail else { return "\(place) has no start; name one of its entries." }
            return "\(place) has no entry \"\(detail)\"; declare it with entry(_:at:)."
        }
    }
}
