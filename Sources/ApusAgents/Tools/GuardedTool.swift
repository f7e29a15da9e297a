public import Apus

/// A tool that is called only when a guard lets it: a breaker, a rate limit, a bulkhead. What the guard refuses, the model is told.
public struct GuardedTool<Base: Tool, Guard: CallGuard>: Tool {
    let base: Base
    let gate: Guard

    public var name: String { base.name }
    public var description: String { base.description }

    /// That of the tool, whose timeout runs inside of the guard: a breaker sees it, and a wait does not count for it.
    public var policy: ToolPolicy {
        var policy = base.policy
        policy.timeout = nil
        return policy
    }

    public func call(_ input: Base.Input, _ context: ToolContext) async throws -> Base.Output {
        try await gate.run(in: context.environment) { [base] in
            guard let limit = base.policy.timeout else { return try await base.call(input, context) }
            return try await context.node.within(limit) { try await base.call(input, context) }
        }
    }
}

/// A tool that is called a second time when the first call takes long.
public struct HedgedTool<Base: Tool>: Tool {
    let base: Base
    let hedge: Hedge

    public var name: String { base.name }
    public var description: String { base.description }
    public var policy: ToolPolicy { base.policy }

    /// Calls a tool once whose effect may happen at most once.
    public func call(_ input: Base.Input, _ context: ToolContext) async throws -> Base.Output {
        if policy.effect == .atMostOnce { return try await base.call(input, context) }
        let base = base
        return try await hedge.run(in: context.environment) { _ in try await base.call(input, context) }
    }
}

/// A tool whose answers are remembered by their input.
public struct CachedTool<Base: Tool>: Tool {
    private struct Question: Encodable {
        let tool: String
        let input: Base.Input
    }

    let base: Base
    let cache: ContentCache
    let tags: @Sendable (Base.Input) -> [String]

    public var name: String { base.name }
    public var description: String { base.description }
    public var policy: ToolPolicy { base.policy }

    /// Calls a tool each time that does more than look.
    public func call(_ input: Base.Input, _ context: ToolContext) async throws -> Base.Output {
        if policy.effect != .readOnly { return try await base.call(input, context) }
        let question = Question(tool: name, input: input)
        return try await cache.value(for: question, tags: tags(input), in: context.environment) {
            try await base.call(input, context)
        }
    }
}

extension Tool {
    /// The same tool behind a breaker, rate limit, bulkhead or other guard, which it may share with others; the last one written is asked
    /// first.
    public func guarded<Guard: CallGuard>(by gate: Guard) -> GuardedTool<Self, Guard> {
        GuardedTool(base: self, gate: gate)
    }

    public func breaker(_ breaker: CircuitBreaker) -> GuardedTool<Self, CircuitBreaker> { guarded(by: breaker) }

    public func rateLimited(by limiter: RateLimiter) -> GuardedTool<Self, RateLimiter> { guarded(by: limiter) }

    public func bulkhead(_ bulkhead: Bulkhead) -> GuardedTool<Self, Bulkhead> { guarded(by: bulkhead) }

    /// The same tool, called a second time when the first call takes long, unless its effect may happen at most once.
    public func hedged(_ policy: HedgePolicy) -> HedgedTool<Self> { HedgedTool(base: self, hedge: Hedge(policy)) }

    /// The same tool, whose answers are remembered if it only looks (``ToolPolicy/Effect/readOnly``).
    public func cached(
        in cache: ContentCache, tags: @escaping @Sendable (Input) -> [String] = { _ in [] }
    ) -> CachedTool<Self> {
        CachedTool(base: self, cache: cache, tags: tags)
    }
}
