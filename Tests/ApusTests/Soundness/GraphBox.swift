import Apus

/// Lets a graph refer to itself.
final class GraphBox: Sendable {
    struct Empty: Error {}
    private let content = Guarded<Graph<Nothing>?>(nil)

    func set(_ graph: Graph<Nothing>) { content.withLock { $0 = graph } }

    func graph() throws -> Graph<Nothing> {
        guard let graph = content.withLock({ $0 }) else { throw Empty() }
        return graph
    }
}
