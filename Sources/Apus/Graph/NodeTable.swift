/// The code of a graph: its nodes, exits and policies, in a raw row that is read without looking types up.
///
/// Invariant: nothing writes to it after `init`, so any number of tasks may read it.
final class NodeTable<State: GraphState>: @unchecked Sendable {
    /// A struct around the closure, since an optional closure is called through a conversion.
    struct Route {
        let choose: @Sendable (State) -> Int?
    }

    let nodes: UnsafeMutablePointer<any Node<State>>
    let policies: [NodePolicy<State>]
    let choices: [DraftExit<State>.Choice]
    /// How the nodes with a route choose; `nil` for the others.
    let routes: UnsafeMutablePointer<Route?>
    let facts: NodeFacts
    private let count: Int

    init(_ drafts: [DraftNode<State>], _ traits: [NodeTraits]) {
        count = drafts.count
        nodes = .allocate(capacity: max(1, count))
        nodes.initialize(from: drafts.map(\.body), count: count)
        policies = drafts.map(\.policy)
        choices = drafts.map { $0.exit?.choice ?? .always }
        routes = .allocate(capacity: max(1, count))
        routes.initialize(repeating: nil, count: count)
        for (node, choice) in choices.enumerated() {
            if case .route(let choose) = choice { routes[node] = Route(choose: choose) }
        }
        var mended = [[Int]](repeating: [], count: drafts.count)
        for (node, draft) in drafts.enumerated() {
            for target in draft.failureTargets ?? [] { mended[target].append(node) }
        }
        facts = NodeFacts(traits, drafts.map(\.kind), mended: mended, priorities: policies.map(\.priority))
    }

    /// The node itself, or the one that it stands for, as what it is besides a node.
    func innermost<Other>(_ node: Int, as type: Other.Type) -> Other? {
        var body: any Sendable = nodes[node]
        while true {
            if let found = body as? Other { return found }
            guard let wrapper = body as? any WrappingNode else { return nil }
            body = wrapper.wrapped
        }
    }

    deinit {
        nodes.deinitialize(count: count)
        nodes.deallocate()
        routes.deinitialize(count: count)
        routes.deallocate()
    }
}
