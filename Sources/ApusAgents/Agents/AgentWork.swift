public import Apus

/// The means of an agent whose work is Swift: other agents, within what it may spend.
public struct AgentWork: Sendable {
    let name: String
    let limits: AgentLimits
    /// The node whose run this is, with its steps, signals, questions and environment.
    public let context: NodeContext

    /// What is left to an agent of its limits and of what it was given.
    public func left(to state: AgentState) -> Budget {
        limits.budget(from: state.brief.start).narrowed(to: state.brief.budget).less(state.spent)
    }

    /// Has another agent work on something, as part of this run, and returns how it ended; what it has spent and read is noted in `state`.
    ///
    /// It has what is left, or its `share` of it where several work side by side. It does not throw because the agent fails: then
    /// ``AgentState/failure`` says why. `name` tells the works of one run apart; using one twice throws.
    public func ask(
        _ agent: Agent, _ task: [ChatMessage], named name: String, share: Budget? = nil,
        format: ResponseFormat = .text, for state: inout AgentState
    ) async throws -> AgentState {
        let end = try await ask(agent, task, named: name, share: share ?? left(to: state), format: format, as: state)
        state.note(end)
        return end
    }

    /// The same for several that work side by side; each has an equal share of what is left.
    public func ask(
        _ works: [(agent: Agent, task: [ChatMessage], name: String)], for state: inout AgentState
    ) async throws -> [AgentState] {
        let share = left(to: state).shared(among: works.count)
        let asker = state
        let ends = try await withThrowingTaskGroup(of: (Int, AgentState).self) { group in
            for (place, work) in works.enumerated() {
                group.addTask {
                    let end = try await ask(
                        work.agent, work.task, named: work.name, share: share, format: .text, as: asker)
                    return (place, end)
                }
            }
            var ends = [AgentState?](repeating: nil, count: works.count)
            for try await (place, end) in group { ends[place] = end }
            return ends.compactMap(\.self)
        }
        for end in ends { state.note(end) }
        return ends
    }

    private func ask(
        _ agent: Agent, _ task: [ChatMessage], named name: String, share: Budget, format: ResponseFormat,
        as asker: AgentState
    ) async throws -> AgentState {
        let brief = AgentBrief(format: format, user: asker.brief.user, budget: share)
        return try await context.run(
            agent.inner, from: AgentState(task, brief, taint: asker.taint), named: name)
    }
}

extension AgentState {
    /// Notes what somebody who worked for this agent has spent and read.
    mutating func note(_ end: AgentState) {
        spent += end.spent
        taint(by: end.taint)
    }

    /// The answer of whoever worked for this agent, or why there is none.
    var outcome: String { failure.map { "It failed: \($0)" } ?? text }
}
