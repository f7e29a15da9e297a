import Apus

/// The agents that can be found by others: by name and version, or by what they can do.
///
/// What is found has been initialised, runs, is healthy, and may be used by whoever asks.
public final class AgentRegistry: Sendable {
    private struct Entry: Sendable {
        var agent: Agent
        var lifecycle = AgentLifecycle()
        /// Why it can't be used now.
        var trouble: String?
        var mayUse: @Sendable (String) -> Bool
    }

    /// In the order in which they were registered.
    private let entries = Guarded<[Entry]>([])

    public init() {}

    /// Throws ``AgentError/Code/registeredAlready`` if there is one of that name and version already.
    ///
    /// `mayUse` says for the name of whoever asks whether it may use the agent.
    public func register(
        _ agent: Agent, mayUse: @escaping @Sendable (_ caller: String) -> Bool = { _ in true }
    ) throws {
        try entries.withLock { entries in
            if entries.contains(where: { $0.agent.profile.id == agent.profile.id && $0.lifecycle.phase != .destroyed })
            {
                throw AgentError(.registeredAlready, agent: agent.profile.id)
            }
            entries.removeAll { $0.agent.profile.id == agent.profile.id }
            entries.append(Entry(agent: agent, mayUse: mayUse))
        }
    }

    /// Takes an agent from one phase of its life to the next.
    public func move(_ id: AgentProfile.ID, to phase: AgentLifecycle.Phase) throws {
        try change(id) { try $0.lifecycle.move(to: phase, of: id) }
    }

    /// Notes what keeps an agent from being used; `nil` when it is well again.
    public func note(_ trouble: String?, of id: AgentProfile.ID) throws { try change(id) { $0.trouble = trouble } }

    public func phase(of id: AgentProfile.ID) -> AgentLifecycle.Phase? {
        entries.withLock { $0.first { $0.agent.profile.id == id }?.lifecycle.phase }
    }

    /// The agent of a name, in the version asked for or the newest; `nil` if none can be used.
    public func agent(named name: String, version: String? = nil, for caller: String) -> Agent? {
        usable(for: caller) { $0.name == name && (version == nil || $0.version == version) }
            .max { Self.isOlder($0.profile.version, $1.profile.version) }
    }

    /// Those who can do all of this, in the order in which they were registered.
    public func agents(able capabilities: String..., for caller: String) -> [Agent] {
        usable(for: caller) { profile in capabilities.allSatisfy(profile.capabilities.contains) }
    }

    private func usable(for caller: String, _ fits: (AgentProfile) -> Bool) -> [Agent] {
        entries.withLock { entries in
            entries.filter { entry in
                entry.lifecycle.phase == .running && entry.trouble == nil && entry.mayUse(caller)
                    && fits(entry.agent.profile)
            }.map(\.agent)
        }
    }

    private func change(_ id: AgentProfile.ID, _ body: (inout Entry) throws -> Void) throws {
        try entries.withLock { entries in
            guard let index = entries.firstIndex(where: { $0.agent.profile.id == id }) else {
                throw AgentError(.unknownAgent, agent: id)
            }
            try body(&entries[index])
        }
    }

    /// Compares number by number, so that 1.10 is newer than 1.9.
    private static func isOlder(_ left: String, _ right: String) -> Bool {
        let numbers = [left, right].map { $0.split(separator: ".").map { Int($0) ?? 0 } }
        return numbers[0].lexicographicallyPrecedes(numbers[1])
    }
}
