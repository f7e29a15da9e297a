extension PolicyRunner {
    /// The same work within the node's own deadline, and watched for signs of life.
    func scoped(_ before: State) async throws -> State {
        // What was late once is late again by the word of the capsule, whatever time it is now.
        if (context.site.services as? RunCore)?.replay != nil { return try await stoppable(before) }
        let now = context.environment.now()
        let own = deadline(before, now)
        let pulse = policy.heartbeat.map { Pulse(limit: $0, outer: context.scope?.pulse, at: now) }
        var inner = self
        inner.context = context.inside((context.scope ?? ActivationScope()).narrowed(to: own, pulse))
        let runner = inner
        guard let own, own == runner.context.deadline else { return try await runner.stoppable(before) }
        return try await context.within(own) { try await runner.stoppable(before) }
    }

    /// The deadline of the first start, if it has started before.
    private func deadline(_ state: State, _ now: Instant) -> Deadline? {
        guard let find = policy.deadline else { return nil }
        let place = "\(context.activation)"
        let journal = (context.site.services as? RunCore)?.journal
        if let known = journal?.sleep(RunPast.deadlineNumber, of: place) { return Deadline(known, setBy: place) }
        guard let moment = find(state, now.wallTime) else { return nil }
        journal?.add(JournalRecord(.slept, place, name: "deadline", number: RunPast.deadlineNumber, time: moment))
        return Deadline(moment, setBy: place)
    }
}

extension NodeContext {
    /// Performs `body`, which is cancelled and waited for at the deadline; then it throws ``DeadlineError``. A run that only waits is
    /// woken for it.
    func within<Value: Sendable>(
        _ deadline: Deadline, _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let late = DeadlineError(activation: activation, deadline: deadline)
        return try await RunCore.within(deadline, late, site.services as? RunCore, environment, body)
    }
}

extension RunCore {
    /// What `body` returns, unless the deadline comes before.
    static func within<Value: Sendable>(
        _ deadline: Deadline, _ late: DeadlineError, _ core: RunCore?, _ environment: any Environment,
        _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        // Nothing begins behind it.
        if deadline.moment <= environment.now().wallTime { throw late }
        let ticket = core?.activity.expect(deadline.moment)
        defer { if let ticket { core?.activity.forget(ticket) } }
        let end: @Sendable () async throws -> Void = {
            try await environment.sleep(until: deadline.moment)
            throw late
        }
        return try await environment.unless([end], body)
    }
}
