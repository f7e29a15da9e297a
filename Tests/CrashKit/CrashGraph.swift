public import Apus
import Foundation

/// The state of the graphs that are killed.
public struct CrashState: GraphState {
    public var log: [String] = []
    public var total = 0
    public var items = [3, 1, 4, 1, 5]
    public var rounds = 0
    public static let fields: [Field<Self>] = [
        Field("log", \.log, merging: .append), Field("total", \.total, merging: .sum), Field("items", \.items),
    ]

    public init() {}
}

/// The graphs that are killed at every operation of the disk.
public enum CrashGraph: String, Sendable, CaseIterable {
    /// One node after the other, each with an effect.
    case chain
    /// Branches that join, and a loop.
    case fork
    /// Elements side by side, each with an effect, and a question.
    case map
    /// Eight branches that join, each with an effect.
    case wide

    public func graph(_ world: CrashWorld) throws -> Graph<CrashState> {
        switch self {
        case .chain: try chain(world)
        case .fork: try fork(world)
        case .map: try map(world)
        case .wide: try wide(world)
        }
    }

    /// A node that notes its visit, performs an effect and changes the state.
    private func work(_ world: CrashWorld, _ name: String)
        -> @Sendable (inout CrashState, NodeContext) async throws -> Void
    {
        { state, context in
            try world.visit("\(context.activation)")
            try await context.step("effect") { key in try world.apply(key) }
            state.log.append(name)
            state.total += 1
        }
    }

    private func chain(_ world: CrashWorld) throws -> Graph<CrashState> {
        try Graph<CrashState>("chain") { g in
            let nodes = (0..<6).map { g.node("n\($0)", work(world, "n\($0)")) }
            g.start(at: nodes[0])
            for (node, next) in zip(nodes, nodes.dropFirst()) { g.edge(from: node, to: next) }
        }
    }

    private func fork(_ world: CrashWorld) throws -> Graph<CrashState> {
        try Graph<CrashState>("fork") { g in
            let first = g.node("first", work(world, "first"))
            let left = g.node("left", work(world, "left"))
            let far = g.node("far", work(world, "far"))
            let right = g.node("right", work(world, "right"))
            let join = g.node("join", work(world, "join"))
            let round = g.node("round") { state, context in
                try world.visit("\(context.activation)")
                state.rounds += 1
            }
            g.start(at: first)
            g.fork(from: first, to: left, right)
            g.chain(left, far, join)
            g.chain(right, join, round)
            g.route(from: round, to: [round, .end]) { $0.rounds < 4 ? round : .end }
        }
    }

    private func wide(_ world: CrashWorld) throws -> Graph<CrashState> {
        try Graph<CrashState>("wide") { g in
            let branches = (0..<8).map { g.node("b\($0)", work(world, "b\($0)")) }
            let join = g.node("join", work(world, "join"))
            for branch in branches { g.edge(from: branch, to: join) }
            g.start(at: branches)
        }
    }

    private func map(_ world: CrashWorld) throws -> Graph<CrashState> {
        try Graph<CrashState>("map") { g in
            let each = g.forEach("each", \.items, concurrency: 3) { (item: Int, context: NodeContext) in
                try world.visit("\(context.activation)")
                return try await context.step("price") { key in
                    try world.apply(key)
                    return item * 10
                }
            } collect: { (state: inout CrashState, prices: [Int]) in
                state.total += prices.reduce(0, +)
            }
            let ask = g.node("ask") { state, context in
                try world.visit("\(context.activation)")
                state.total += try await context.ask(Question<Int>("tip", "How much on top?"))
            }
            let last = g.node("last", work(world, "last"))
            g.start(at: each)
            g.chain(each, ask, last)
        }
    }
}

extension CrashGraph {
    /// One node, which ends its process.
    public static func poison(_ world: CrashWorld) throws -> Graph<CrashState> {
        try Graph<CrashState>("poison") { g in
            let node = g.node("poison") { _, context in
                try world.visit("\(context.activation)")
                abort()
            }
            g.start(at: node)
        }
    }
}
