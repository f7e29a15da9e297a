import Apus
import Synchronization

/// Nodes in a raw table, called without an engine: what plain Swift would do with the same existential nodes.
///
/// Invariant: nothing writes to the table after `init`.
final class RawNodes: @unchecked Sendable {
    let base: UnsafeMutablePointer<any Node<Tally>>
    let count: Int

    /// Nothing writes to the table after this.
    init(_ nodes: [any Node<Tally>]) {
        count = nodes.count
        base = .allocate(capacity: nodes.count)
        base.initialize(from: nodes, count: nodes.count)
    }

    deinit {
        base.deinitialize(count: count)
        base.deallocate()
    }

    /// A context as the engine makes them, borrowed from a run.
    static func context() async throws -> NodeContext {
        let found = Mutex<NodeContext?>(nil)
        let graph = try Graph<Tally>("context") { g in
            let node = g.node("node") { _, context in found.withLock { $0 = context } }
            g.start(at: node)
        }
        _ = try await GraphExecutor().run(graph, from: Tally())
        guard let context = found.withLock({ $0 }) else { throw MeasureError(what: "no context") }
        return context
    }
}

/// A measurement that came to a wrong result.
struct MeasureError: Error {
    let what: String

    /// Keeps the work from being optimised away, and the figures from being those of something else.
    static func expect(_ left: Int, _ right: Int) throws {
        if left != right { throw MeasureError(what: "\(left) is not \(right)") }
    }
}
