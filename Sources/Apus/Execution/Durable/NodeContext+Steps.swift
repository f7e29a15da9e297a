extension NodeContext {
    /// Performs an effect on the outside and remembers its result, so that it is not performed again when the node is.
    ///
    /// In a run that is written down, the intent is stored before `body` begins and the result when it has ended. A node that runs
    /// again, after a failure, a crash or a wait, gets the result without `body` being called. `kind` says what is done when a
    /// crash left open whether it happened. Names tell the effects of one activation apart; using one twice throws
    /// ``JournalError/Code/duplicateName``. `body` gets a key that is the same for every try of this effect and of no other.
    public func step<Value: Codable & Sendable>(
        _ name: String, _ kind: EffectKind<Value> = .idempotent, _ body: (_ key: String) async throws -> Value
    ) async throws -> Value {
        try await step(name, kind, isLast: false, body)
    }

    /// The same; where `isLast` says that the activation ends with it, the result is stored with that end, not before it.
    package func step<Value: Codable & Sendable>(
        _ name: String, _ kind: EffectKind<Value>, isLast: Bool, _ body: (_ key: String) async throws -> Value
    ) async throws -> Value {
        let key = effectKey(name)
        guard let core = site.services as? RunCore, let journal = core.journal else { return try await body(key) }
        let effect = EffectCall(core: core, journal: journal, context: self, name: name, key: key, isLast: isLast)
        return try await effect.perform(kind, body)
    }

    /// The same for an effect that needs no key.
    public func step<Value: Codable & Sendable>(
        _ name: String, _ kind: EffectKind<Value> = .idempotent, _ body: () async throws -> Value
    ) async throws -> Value {
        try await step(name, kind) { (_: String) in try await body() }
    }

    /// The same for an effect without a result.
    public func step(
        _ name: String, _ kind: EffectKind<Done> = .idempotent, _ body: (_ key: String) async throws -> Void
    ) async throws {
        _ = try await step(name, kind) { (key: String) -> Done in
            try await body(key)
            return Done()
        }
    }

    /// The same for an effect that needs no key and has no result.
    public func step(
        _ name: String, _ kind: EffectKind<Done> = .idempotent, _ body: () async throws -> Void
    ) async throws {
        try await step(name, kind) { (_: String) in try await body() }
    }

    /// Names an effect for the outside: the run, the activation and the effect.
    func effectKey(_ name: String) -> String { EffectKey.text(runID, "\(activation)", name) }
}

/// The result of an effect that has none.
public struct Done: Sendable, Hashable, Codable {
    public init() {}
}

/// One call of an effect in a run that is written down.
struct EffectCall {
    let core: RunCore
    let journal: RunJournal
    let context: NodeContext
    let name: String
    let key: String
    /// Whether nothing follows in the activation that could build on the result before it is stored.
    var isLast = false

    func perform<Value: Codable & Sendable>(
        _ kind: EffectKind<Value>, _ body: (String) async throws -> Value
    ) async throws -> Value {
        let activation = "\(context.activation)"
        let ledger = context.extras?.ledger as? Ledger
        if ledger?.use(name) == false {
            throw JournalError(.duplicateName, run: core.runID, activation: activation, detail: name)
        }
        let known = journal.effect(name, of: activation)
        if let result = known?.result { return try decode(result, activation) }
        if let replay = core.replay { throw await replay.outcome(of: name, activation, ledger) }
        ledger?.effectBegan()
        defer { ledger?.effectEnded() }
        if let known, let value = try await settled(kind, known, activation) {
            return try await finish(value, activation)
        }
        let attempt = (known?.attempts ?? 0) + 1
        journal.add(JournalRecord(.intent, activation, name: name, number: attempt, note: kind.name))
        if !core.planted(.effectBeforeIntent) { try await store { try await journal.store() } }
        let value: Value
        do {
            value = try await body(core.planted(.keyOfAttempt) ? "\(key)#\(attempt)" : key)
        } catch {
            if !Task.isCancelled {
                journal.add(JournalRecord(.effectFailed, activation, name: name, note: "\(error)"))
                try await store { try await journal.settle() }
            }
            throw error
        }
        return try await finish(value, activation)
    }

    /// What became of an effect that was tried before; `nil` if it is to be performed.
    private func settled<Value: Codable & Sendable>(
        _ kind: EffectKind<Value>, _ known: RunPast.Effect, _ activation: String
    ) async throws -> Value? {
        switch kind.way {
        case .atMostOnce where known.attempts > 0 && !core.planted(.doubtIgnored):
            await core.activity.leave(EffectInDoubt(activation: activation, name: name))
            throw CancellationError()
        case .reconcile(let probe) where known.isOpen && !core.planted(.probeSkipped): return try await probe(key)
        case .idempotent, .atMostOnce, .reconcile: return nil
        }
    }

    private func finish<Value: Codable & Sendable>(_ value: Value, _ activation: String) async throws -> Value {
        let json: [UInt8]
        do {
            json = try JSONCoding.encode(value)
        } catch {
            throw JournalError(.coding, run: core.runID, activation: activation, detail: "\(name): \(error)")
        }
        if !core.planted(.resultForgotten) {
            journal.add(JournalRecord(.effect, activation, name: name, value: json))
        }
        if !isLast { try await store { try await journal.settle() } }
        return value
    }

    private func decode<Value: Codable>(_ json: [UInt8], _ activation: String) throws -> Value {
        do {
            return try JSONCoding.decode(Value.self, from: json)
        } catch {
            throw JournalError(.coding, run: core.runID, activation: activation, detail: "\(name): \(error)")
        }
    }

    /// Lets go of the run if the journal can't be written.
    private func store(_ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch {
            await core.activity.leave(error)
            throw CancellationError()
        }
    }
}
