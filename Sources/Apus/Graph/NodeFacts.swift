/// What the driver needs to know of the nodes of a graph besides their code, free of the state's type.
///
/// Invariant: nothing writes to it after `init`, so any number of tasks may read it.
final class NodeFacts: @unchecked Sendable {
    let traits: RawTable<NodeTraits>
    let kinds: [NodeOutline.Kind]
    /// The nodes whose failure exit leads to each node.
    let mended: [[Int]]
    let priorities: [Int]

    init(_ traits: [NodeTraits], _ kinds: [NodeOutline.Kind], mended: [[Int]], priorities: [Int]) {
        self.traits = RawTable(traits)
        self.kinds = kinds
        self.mended = mended
        self.priorities = priorities
    }

    deinit { traits.free() }
}
