/// Where an agent is in its life. Only legal steps can be taken.
public struct AgentLifecycle: Sendable, Hashable, Codable {
    public enum Phase: String, Sendable, Hashable, Codable, CaseIterable {
        case created, initialised, running, paused, destroyed
    }

    public private(set) var phase = Phase.created

    public init() {}

    /// The phases that may come next.
    public var next: [Phase] {
        switch phase {
        case .created: [.initialised, .destroyed]
        case .initialised: [.running, .destroyed]
        case .running: [.paused, .destroyed]
        case .paused: [.running, .destroyed]
        case .destroyed: []
        }
    }

    /// Throws ``AgentError/Code/illegalTransition``, with what may come instead, and stays as it is.
    public mutating func move(to phase: Phase, of agent: String? = nil) throws(AgentError) {
        guard next.contains(phase) else {
            let others = next.map(\.rawValue).joined(separator: ", ")
            let instead = others.isEmpty ? "nothing comes after it" : "it may become \(others)"
            throw AgentError(
                .illegalTransition, agent: agent,
                detail: "it is \(self.phase.rawValue), not yet \(phase.rawValue); \(instead)")
        }
        self.phase = phase
    }
}
