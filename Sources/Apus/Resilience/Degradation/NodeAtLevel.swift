/// What a node does from some level of degradation on.
public struct NodeAtLevel<State: GraphState>: Sendable {
    enum Way: Sendable {
        case runs(any Node<State>)
        case skips
        case refuses(String)
    }

    let way: Way

    /// Another node runs in its place.
    public static func running(_ node: some Node<State>) -> Self { Self(way: .runs(node)) }

    /// Another body runs in its place.
    public static func running(
        _ body: @escaping @Sendable (inout State, NodeContext) async throws -> Void
    ) -> Self {
        running(ClosureNode(body: body))
    }

    /// It completes without doing anything.
    public static var skipping: Self { Self(way: .skips) }

    /// It fails with ``DegradedError``, which an `onFailure` exit may take up.
    public static func refusing(_ reason: String) -> Self { Self(way: .refuses(reason)) }
}

/// Something is not done at the present level of degradation.
public struct DegradedError: ClassifiedError, Equatable, CustomStringConvertible {
    public var level: DegradationLevel
    public var reason: String

    public init(level: DegradationLevel, reason: String) {
        self.level = level
        self.reason = reason
    }

    public var failureKind: FailureKind { .system }
    public var description: String { "This is not done at the level \(level): \(reason)" }
}

/// A node that looks at the level before it runs.
struct DegradingNode<State: GraphState>: Node {
    let base: any Node<State>
    let degradation: Degradation
    let ways: [DegradationLevel: NodeAtLevel<State>]

    func run(_ state: inout State, in context: NodeContext) async throws {
        let level = context.level(of: degradation)
        switch ways.way(at: level)?.way {
        case nil: try await base.run(&state, in: context)
        case .runs(let node): try await node.run(&state, in: context)
        case .skips: break
        case .refuses(let reason): throw DegradedError(level: level, reason: reason)
        }
    }
}

/// A node whose calls a degradation is told of.
struct MeasuredNode<State: GraphState>: Node {
    let base: any Node<State>
    let degradation: Degradation

    func run(_ state: inout State, in context: NodeContext) async throws {
        let (base, before) = (base, state)
        state = try await degradation.measuring {
            var after = before
            try await base.run(&after, in: context)
            return after
        }
    }
}

extension DegradingNode: WrappingNode {
    var wrapped: any Sendable { base }
}

extension DegradingNode: CompensatingNode {
    /// Work that was done in its place is undone by those who did it.
    func compensation(_ name: String, of activation: ArraySlice<Substring>) -> DraftCompensation? {
        let others = DegradationLevel.allCases.compactMap { level -> (any Sendable)? in
            if case .runs(let node)? = ways[level]?.way { return node }
            return nil
        }
        for case let node as any CompensatingNode in [base] + others {
            if let found = node.compensation(name, of: activation) { return found }
        }
        return nil
    }
}

extension MeasuredNode: WrappingNode {
    var wrapped: any Sendable { base }
}

extension Dictionary where Key == DegradationLevel {
    /// What is declared for this level or the nearest one below it.
    package func way(at level: DegradationLevel) -> Value? {
        DegradationLevel.allCases.last { $0 <= level && self[$0] != nil }.flatMap { self[$0] }
    }
}

extension NodeHandle {
    /// Lets the node do something else from some levels on: what is declared for a level holds for those above it, too, up to the next.
    @discardableResult
    public func degrading(by degradation: Degradation, _ ways: [DegradationLevel: NodeAtLevel<State>]) -> Self {
        setting { $0.body = DegradingNode(base: $0.body, degradation: degradation, ways: ways) }
    }

    /// Tells a degradation how often the node fails and how long it takes.
    @discardableResult
    public func measured(by degradation: Degradation) -> Self {
        setting { $0.body = MeasuredNode(base: $0.body, degradation: degradation) }
    }
}
