/// The code of a graph: its nodes, exits and policies, in raw rows that are read without looking types up.
///
/// Invariant: nothing writes to it after `init`, so any number of tasks may read it.
final class NodeTable<State: GraphState>: @unchecked Sendable {
    let nodes: UnsafeMutablePointer<any Node<State>>
    let traits: UnsafeMutablePointer<NodeTraits>
    let policies: [NodePolicy<State>]
    let choices: [DraftExit<State>.Choice]
    /// The nodes whose failure exit leads to each node.
    let mended: [[Int]]
    let kinds: [NodeOutline.Kind]
    let count: Int

    init(_ drafts: [DraftNode<State>], _ traits: [NodeTraits]) {
        count = drafts.count
        nodes = .allocate(capacity: max(1, count))
        nodes.initialize(from: drafts.map(\.body), count: count)
        self.traits = .allocate(capacity: max(1, count))
        self.traits.initialize(from: traits, count: count)
        policies = drafts.map(\.policy)
        kinds = drafts.map(\.kind)
        var mended = [[Int]](repeating: [], count: drafts.count)
        for (node, draft) in drafts.enumerated() {
            for target in draft.failureTargets ?? [] { mended[target].append(node) }
        }
        self.mended = mended
        choices = drafts.map { $0.exit?.choice ?? .always }
    }

    deinit {
        nodes.deinitialize(count: count)
        nodes.deallocate()
        traits.deallocate()
    }
}
