/// A handle on a run that was started.
///
/// The run goes on whether or not somebody holds the handle or reads its events.
public final class Run<State: GraphState>: Sendable {
    public let id: RunID
    private let hub: EventHub
    private let task: Task<State, any Error>
    private let core: RunCore
    private let phase: PhaseBox

    /// How far a run is.
    public enum Status: Sendable, Equatable {
        case running
        /// Nothing new starts; what was running may still end.
        case paused
        case completed
        case failed
        case cancelled
    }

    init(
        _ executor: GraphExecutor, _ graph: Graph<State>, _ state: State, _ entry: String?, _ id: RunID,
        _ hub: EventHub, _ deadline: WallTime?, _ trace: TraceContext?
    ) {
        self.id = id
        let phase = PhaseBox()
        let core = executor.core(id, graph.name, hub: hub, deadline: deadline, caller: trace)
        self.hub = hub
        self.phase = phase
        self.core = core
        // Awaited through `value`; it ends by itself when the run has ended.
        task = executor.environment.spawn {
            try await core.told {
                do {
                    let final = try await executor.execute(graph, from: state, entry: entry, in: core)
                    phase.set(.completed)
                    return final
                } catch {
                    phase.set(error is CancellationError ? .cancelled : .failed)
                    throw error
                }
            }
        }
    }

    /// The final state, when the run has ended. Throws as ``GraphExecutor/run(_:from:entry:id:deadline:trace:)`` does.
    ///
    /// When the task that waits is cancelled, the run is cancelled too.
    public var value: State {
        get async throws {
            try await withTaskCancellationHandler {
                try await task.value
            } onCancel: {
                cancel()
            }
        }
    }

    /// What happens in the run, from the moment of this call on. The first reader has it from the beginning, unless more than 1,024
    /// events have passed by then: a run that nobody watches keeps no more.
    /// ``GraphExecutor/start(_:from:entry:id:deadline:events:trace:)`` attaches a reader before the run begins. Back pressure holds the run when the reader does not keep up.
    public var events: RunEvents { events(.wait) }

    /// The same with a choice of what becomes of a reader that does not keep up.
    public func events(_ policy: EventPolicy) -> RunEvents { hub.events(policy) }

    public var status: Status { phase.status ?? (core.isHeld ? .paused : .running) }

    /// Starts nothing new until ``resume()``; what is running goes on.
    public func pause() { core.pause() }

    public func resume() { core.resume() }

    /// Cancels what is running, discards its changes and ends the run.
    public func cancel() {
        core.cancelRequested()
        task.cancel()
    }

    /// The status of a run that has ended.
    final class PhaseBox: Sendable {
        private let value = Guarded<Status?>(nil)

        var status: Status? { value.withLock { $0 } }

        func set(_ status: Status) { value.withLock { $0 = status } }
    }
}

/// What is sent to a run from outside.
extension Run {
    /// The questions that wait for an answer, in the order in which they were asked.
    public var questions: [OpenQuestion] { core.inbox.questions }

    /// Answers a question of the run.
    ///
    /// Returns when the node has taken the answer. Throws ``AnswerError`` if it refuses it, and the question stays open, or if
    /// there is no such open question.
    public func answer(_ question: String, with answer: some Codable & Sendable) async throws {
        guard core.inbox.questions.contains(where: { $0.id == question }) else {
            throw AnswerError(.notOpen, question: question)
        }
        if let error = try await send(.answer(question), try JSONCoding.encode(answer)) { throw error }
    }

    /// Sends a signal, which is kept until a node waits for it.
    public func signal(_ name: String, _ value: some Codable & Sendable) async throws {
        let letter = try await stored(.signal(name), try JSONCoding.encode(value))
        core.inbox.deliver(letter)
    }

    private func send(_ topic: RunInbox.Letter.Topic, _ value: [UInt8]) async throws -> AnswerError? {
        await core.inbox.send(try await stored(topic, value))
    }

    private func stored(_ topic: RunInbox.Letter.Topic, _ value: [UInt8]) async throws -> RunInbox.Letter {
        let letter = RunInbox.Letter(id: RunID(from: core.environment).value, topic: topic, value: value)
        if let journal = core.journal {
            var batch = StorageBatch()
            let key = RunKeys.letter(id, letter.id)
            batch.put(Seal.sealed(letter.json, at: key), at: key)
            try await journal.storage.commit(batch)
        }
        return letter
    }
}
