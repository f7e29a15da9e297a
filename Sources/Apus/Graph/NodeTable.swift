/// The code of a graph: its nodes, exits and policies, in a raw row that is read without looking types up.
///
/// Invariant: nothing writes to it after `init`, so any number of tasks may read it.
final class NodeTable<State: GraphState>: @unchecked Sendable {
    let nodes: UnsafeMutablePointer<any Node<State>>
    let policies: [NodePolicy<State>]
    let choices: [DraftExit<State>.Choice]
    let facts: NodeFacts
    private let count: Int

    init(_ drafts: [DraftNode<State>], _ traits: [NodeTraits]) {
        count = drafts.count
        nodes = .allocate(capacity: max(1, count))
        nodes.initialize(from: drafts.map(\.body), count: count)
        policies = drafts.map(\.policy)
        choices = drafts.map { $0.exit?.choice ?? .always }
        var mended = [[Int]](repeating: [], count: drafts.count)
        for (node, draft) in drafts.enumerated() {
            for target in draft.failureTargets ?? [] { mended[target].append(node) }
        }
        facts = NodeFacts(traits, drafts.map(\.kind), mended: mended)
    }

    deinit {
        nodes.deinitialize(count: count)
        nodes.deallocate()
    }
}
