public import Apus

/// What an agent does, as it does it: pieces of answers, calls of tools, handoffs.
///
/// It is read once. Whoever stops reading before the end cancels the agent's run. Events wait for their reader; the run does not.
public struct AgentStream: AsyncSequence, Sendable {
    public typealias Element = AgentEvent

    /// The run itself, with its questions, its journal's events and its ways to pause and to cancel it.
    public let run: Run<AgentState>
    private let events: AsyncThrowingStream<AgentEvent, any Error>

    init(_ agent: Agent, from state: AgentState, on executor: GraphExecutor) {
        let (events, continuation) = AsyncThrowingStream.makeStream(of: AgentEvent.self)
        let run = AgentListener.$current.withValue({ continuation.yield($0) }) {
            executor.start(agent.graph, from: state)
        }
        continuation.onTermination = { reason in
            if case .cancelled = reason { run.cancel() }
        }
        _ = executor.environment.spawn {
            do {
                _ = try await run.value
                continuation.finish()
            } catch {
                continuation.finish(throwing: error)
            }
        }
        (self.run, self.events) = (run, events)
    }

    /// The conversation with the answer, once there is one.
    public var value: AgentState {
        get async throws { try await run.value }
    }

    public func makeAsyncIterator() -> AsyncThrowingStream<AgentEvent, any Error>.Iterator {
        events.makeAsyncIterator()
    }
}

extension Agent {
    /// Works on a conversation, and tells what it does while it does it.
    public func stream(
        _ conversation: [ChatMessage], _ brief: AgentBrief = AgentBrief(), on executor: GraphExecutor = GraphExecutor()
    ) -> AgentStream {
        AgentStream(self, from: AgentState(conversation, brief), on: executor)
    }
}
