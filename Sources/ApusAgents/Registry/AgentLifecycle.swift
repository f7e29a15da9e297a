public import Apus

/// Where an agent is in its life. Only legal steps can be taken.
public struct AgentLifecycle: Sendable, Hashable, Codable {
    public enum Phase: String, Sendable, Hashable, Codable, CaseIterable, CheckedState {
        case created, initialised, running, paused, destroyed

        public var next: [Phase] {
            switch self {
            case .created: [.initialised, .destroyed]
            case .initialised: [.running, .destroyed]
            case .running: [.paused, .destroyed]
            case .paused: [.running, .destroyed]
            case .destroyed: []
            }
        }
    }

    private var machine = StateMachine(Phase.created)

    public init() {}

    public var phase: Phase { machine.state }

    /// The phases that may come next.
    public var next: [Phase] { phase.next }

    /// Throws ``AgentError/Code/illegalTransition``, with what may come instead, and stays as it is.
    public mutating func move(to phase: Phase, of agent: String? = nil) throws(AgentError) {
        do {
            try machine.move(to: phase, of: agent)
        } catch {
            throw AgentError(.illegalTransition, agent: agent, detail: "\(error)")
        }
    }

    private enum CodingKeys: String, CodingKey { case machine = "phase" }
}
