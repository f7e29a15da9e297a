/// A node of a graph under construction, as ``GraphBuilder`` hands it out.
///
/// Modifiers on a handle set the node's policies and return the handle, so that they chain.
public struct NodeHandle<State: GraphState>: Sendable {
    let index: Int
    let draft: GraphDraft<State>?

    /// The end of a path, as a target of an exit.
    public static var end: Self { Self(index: -1, draft: nil) }
    /// The end of the whole graph it stands in, as a target of an exit: nothing new starts, the rest is cancelled.
    public static var finish: Self { Self(index: -2, draft: nil) }
}

extension NodeHandle {
    /// Tries again when the node throws an error that `policy` accepts.
    @discardableResult
    public func retry(_ policy: RetryPolicy) -> Self { setting { $0.policy.retry = policy } }

    /// Cancels an attempt that takes longer than `limit`, and fails it with ``TimeoutError``.
    @discardableResult
    public func timeout(_ limit: Duration) -> Self { setting { $0.policy.timeout = limit } }

    /// Runs `node` on the untouched state when this one has failed for good with an error that `accepts` lets through.
    ///
    /// Several make a chain: each failure, also that of a fallback, goes to the next one that accepts it.
    @discardableResult
    public func fallback(
        when accepts: @escaping @Sendable (any Error) -> Bool = { _ in true }, _ node: some Node<State>
    ) -> Self {
        setting { $0.policy.fallbacks.append(NodePolicy.Fallback(accepts: accepts, node: node)) }
    }

    /// Runs `body` on the untouched state when this node has failed for good with an error that `accepts` lets through.
    @discardableResult
    public func fallback(
        when accepts: @escaping @Sendable (any Error) -> Bool = { _ in true },
        _ body: @escaping @Sendable (inout State, NodeContext) async throws -> Void
    ) -> Self {
        fallback(when: accepts, ClosureNode(body: body))
    }

    /// Declares that running the node twice does what running it once does, so that it may be hedged.
    @discardableResult
    public func idempotent() -> Self { setting { $0.policy.isIdempotent = true } }

    /// Goes on as after success, without a change, when the node has failed for good. Such a node can't have an `onFailure` exit.
    @discardableResult
    public func passedOverOnFailure() -> Self { setting { $0.policy.passesOver = true } }

    /// Starts before nodes of lower priority when the executor limits how many run at once. The default is 0.
    @discardableResult
    public func priority(_ priority: Int) -> Self { setting { $0.policy.priority = priority } }

    /// Runs alone among all nodes of the run with the same key. It orders time, not state.
    @discardableResult
    public func critical(_ key: String) -> Self { setting { $0.policy.criticalKey = key } }

    /// Fails this node, the header of a loop, when the loop would begin a round beyond the first `limit`.
    /// The default is ``GraphLimits/iterations``.
    @discardableResult
    public func iterationLimit(_ limit: Int) -> Self { setting { $0.policy.iterationLimit = limit } }

    func setting(_ change: (inout DraftNode<State>) -> Void) -> Self {
        draft?.modify(index, change)
        return self
    }
}
