/// The code of a graph: its nodes, exits and policies, in raw rows that are read without looking types up.
///
/// Invariant: nothing writes to it after `init`, so any number of tasks may read it.
final class NodeTable<State: GraphState>: @unchecked Sendable {
    /// What a node needs beyond being called.
    struct Traits: OptionSet, Sendable {
        let rawValue: UInt8
        /// It has a policy that keeps the state before it or waits.
        static var policy: Traits { Traits(rawValue: 1) }
        /// Its exit chooses.
        static var choice: Traits { Traits(rawValue: 2) }
        /// It has a failure exit, so the state before it is kept.
        static var failure: Traits { Traits(rawValue: 4) }
        /// It heads a loop or stands in a region, which has a limit.
        static var limited: Traits { Traits(rawValue: 8) }
        /// It talks to the driver: a composite, a sender, a reader, or a member of a region.
        static var handle: Traits { Traits(rawValue: 16) }
        /// It works on after it has handed its change on.
        static var runsOn: Traits { Traits(rawValue: 32) }
        /// It is reached by a failure exit.
        static var mends: Traits { Traits(rawValue: 64) }
        /// It stands in two loops or more.
        static var nested: Traits { Traits(rawValue: 128) }
    }

    let nodes: UnsafeMutablePointer<any Node<State>>
    let traits: UnsafeMutablePointer<Traits>
    let policies: [NodePolicy<State>]
    let choices: [DraftExit<State>.Choice]
    /// The nodes whose failure exit leads to each node.
    let mended: [[Int]]
    let kinds: [NodeOutline.Kind]
    let count: Int

    init(_ drafts: [DraftNode<State>], _ traits: [Traits]) {
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
