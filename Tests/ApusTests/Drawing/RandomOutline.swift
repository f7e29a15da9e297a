import Apus
import ApusTesting

/// Outlines made up from a seed.
struct RandomOutline {
    private var random: SeededGenerator
    private var nodes: [NodeOutline] = []
    private var edges: [EdgeOutline] = []
    private var loops: [LoopOutline] = []

    /// Anything that can be said at all: names that repeat and edges that lead nowhere, loops that lie across each other.
    static func arbitrary(seed: UInt64) -> GraphOutline {
        var draft = RandomOutline(random: SeededGenerator(seed: seed))
        return draft.arbitrary(depth: 0)
    }

    /// What a graph can look like: forward edges without cycles, loops entered at their headers, nested loops.
    static func sound(seed: UInt64, size: Int) -> GraphOutline {
        var draft = RandomOutline(random: SeededGenerator(seed: seed))
        let (first, last) = draft.blocks(size)
        draft.edges.append(EdgeOutline(from: nil, to: first))
        draft.edges.append(EdgeOutline(from: last, to: nil))
        return GraphOutline(name: "sound \(seed)", nodes: draft.nodes, edges: draft.edges, loops: draft.loops)
    }

    private init(random: SeededGenerator) { self.random = random }

    private mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &random) }

    private mutating func arbitrary(depth: Int) -> GraphOutline {
        let names = (0..<below(14)).map { _ in GraphOutline.hostileNames[below(GraphOutline.hostileNames.count)] }
        let kinds: [NodeOutline.Kind] = [.node, .forEach, .race, .quorum, .loop, .subgraph, .zip]
        let exits: [NodeOutline.Exit] = [.always, .route, .select, .finish, .none]
        let nodes = names.map { name in
            let inner = depth < 2 && below(8) == 0 ? (0...below(2)).map { _ in arbitrary(depth: depth + 1) } : []
            return NodeOutline(id: name, kind: kinds[below(7)], exit: exits[below(5)], inner: inner)
        }
        func pick(_ draft: inout Self) -> String? { draft.below(6) == 0 ? nil : names[draft.below(names.count)] }
        var edges: [EdgeOutline] = []
        var loops: [LoopOutline] = []
        for _ in 0..<(names.isEmpty ? 0 : below(24)) {
            let kind: [EdgeOutline.Kind] = [.forward, .forward, .back, .failure]
            let label = below(2) == 0 ? nil : GraphOutline.hostileNames[below(GraphOutline.hostileNames.count)]
            edges.append(EdgeOutline(from: pick(&self), to: pick(&self), kind: kind[below(4)], label: label))
        }
        for _ in 0..<(names.isEmpty ? 0 : below(4)) {
            let members = (0..<below(6)).compactMap { _ in pick(&self) }
            loops.append(LoopOutline(header: pick(&self) ?? "elsewhere", nodes: members))
        }
        edges.append(EdgeOutline(from: "nowhere", to: names.first))
        return GraphOutline(
            name: GraphOutline.hostileNames[below(GraphOutline.hostileNames.count)], nodes: nodes, edges: edges,
            loops: loops)
    }

    private mutating func node() -> String {
        let kinds: [NodeOutline.Kind] = [.node, .node, .node, .forEach, .race, .quorum, .loop, .zip]
        let name = String(repeating: "node ", count: 1 + below(3)) + "\(nodes.count)"
        nodes.append(NodeOutline(id: name, kind: kinds[below(kinds.count)], exit: below(2) == 0 ? .route : .always))
        return name
    }

    private mutating func edge(_ source: String, _ target: String, _ kind: EdgeOutline.Kind = .forward) {
        edges.append(
            EdgeOutline(from: source, to: target, kind: kind, label: below(3) == 0 ? "case \(below(99))" : nil))
    }

    /// Blocks in a row with some edges past them; returns the first node and the last.
    private mutating func blocks(_ size: Int) -> (first: String, last: String) {
        let first = node()
        var chain = [first]
        var rest = size - 1
        while rest > 0 {
            let part = min(rest, 1 + below(max(1, size / 2)))
            rest -= part
            let before = chain[chain.count - 1]
            let next = part < 3 ? node() : below(2) == 0 ? branches(part, from: before) : loop(part, from: before)
            if part < 3 { edge(before, next) }
            if chain.count > 1, below(3) == 0 {
                edge(chain[below(chain.count)], next, below(3) == 0 ? .failure : .forward)
            }
            chain.append(next)
        }
        return (first, chain[chain.count - 1])
    }

    /// Several branches from a node to a join; returns the join.
    private mutating func branches(_ size: Int, from source: String) -> String {
        var ends: [String] = []
        for _ in 0..<2 + below(3) {
            let (first, last) = blocks(max(1, size / 3))
            edge(source, first)
            ends.append(last)
        }
        if below(3) == 0 { edges.append(EdgeOutline(from: ends.removeLast(), to: nil)) }
        let join = node()
        for end in ends { edge(end, join) }
        return join
    }

    /// A loop with several ways back and out; returns the node after it.
    private mutating func loop(_ size: Int, from source: String) -> String {
        let start = nodes.count
        let (header, last) = blocks(size - 1)
        edge(source, header)
        edge(last, header, .back)
        let members = nodes[start...].map(\.id)
        if below(2) == 0 { edge(members[below(members.count)], header, .back) }
        loops.append(LoopOutline(header: header, nodes: members))
        let after = node()
        edge(last, after)
        if below(2) == 0 { edge(members[below(members.count)], after, below(2) == 0 ? .failure : .forward) }
        return after
    }
}
