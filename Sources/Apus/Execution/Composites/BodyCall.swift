/// One body of a composite as an activation of its own.
struct BodyCall: Sendable {
    let context: NodeContext
    private let services: any RunServices
    private let isUnattended: Bool

    /// The bodies of the composite in `context`.
    init(_ context: NodeContext) {
        self.context = context
        services = context.site.services
        isUnattended = services.isUnattended
    }

    /// Performs the body number `index` in a context of its own.
    @inline(__always)
    func callAsFunction<Value: Sendable>(
        _ index: Int, _ body: (NodeContext) async throws -> Value
    ) async throws -> Value {
        let inner = NodeContext(
            site: context.site, node: Int(context.node), attempt: 1, iteration: Int(context.iteration), index: index,
            extras: ledger.map { context.extras?.with($0) ?? ActivationExtras(ledger: $0) } ?? context.extras)
        do {
            guard isUnattended else { return try await attended(inner, body) }
            try services.countActivation()
            return try await body(inner)
        } catch {
            inner.extras?.handle?.discardSent(by: inner.body)
            throw error
        }
    }

    /// The same for a body with a name of its own below the composite's.
    func named<Value: Sendable>(
        _ site: ActivationSite, _ index: Int, _ body: (NodeContext) async throws -> Value
    ) async throws -> Value {
        let extras = context.extras?.inside(index)
        let inner = NodeContext(
            site: site, node: index, extras: ledger.map { extras?.with($0) ?? ActivationExtras(ledger: $0) } ?? extras)
        do {
            guard isUnattended else { return try await attended(inner, body) }
            try services.countActivation()
            return try await body(inner)
        } catch {
            inner.extras?.handle?.discardSent(by: inner.body)
            throw error
        }
    }

    /// A body of a durable run may act on the outside and wait for it.
    private var ledger: Ledger? {
        guard let core = services as? RunCore, core.journal != nil else { return nil }
        return Ledger(core.activity)
    }

    private func attended<Value: Sendable>(
        _ inner: NodeContext, _ body: (NodeContext) async throws -> Value
    ) async throws -> Value {
        let priority = context.site.priorities.isEmpty ? 0 : context.site.priorities[Int(context.node)]
        try await services.enter(key: nil, priority: priority, takesPlace: true)
        defer { services.leave(key: nil, takesPlace: true) }
        try await services.pass()
        try services.countActivation()
        services.emit(.started(inner.activation, attempt: 1))
        do {
            let value = try await body(inner)
            services.emit(.completed(inner.activation))
            return value
        } catch {
            if Task.isCancelled || error is CancellationError {
                services.emit(services.isLetGo ? .suspended(inner.activation) : .cancelled(inner.activation))
            } else {
                services.emit(.failed(inner.activation, error: "\(error)"))
            }
            throw error
        }
    }
}

extension ActivationExtras {
    func with(_ ledger: Ledger) -> ActivationExtras {
        ActivationExtras(
            outerIterations: outerIterations, failures: failures, handle: handle, body: body, ledger: ledger,
            scope: scope)
    }

    /// The same for a body, without what concerns the composite's own place among loops.
    func inside(_ body: Int) -> ActivationExtras {
        ActivationExtras(failures: failures, handle: handle, body: body, scope: scope)
    }
}
