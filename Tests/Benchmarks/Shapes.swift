import Apus

/// The measured graphs.
enum Shapes {
    static func chain(_ count: Int, of node: some Node<Tally> = Count()) throws -> Graph<Tally> {
        try Graph("chain") { g in
            var last = g.node("node 0", node)
            g.start(at: last)
            for number in 1..<count {
                let next = g.node("node \(number)", node)
                g.edge(from: last, to: next)
                last = next
            }
        }
    }

    /// A node that leads back to itself until the total is reached.
    static func loop(_ rounds: Int) throws -> Graph<Tally> {
        try Graph("loop") { g in
            let work = g.node("work", Count()).iterationLimit(rounds + 1)
            g.start(at: work)
            g.route(from: work, to: [work, .end]) { $0.total < rounds ? work : .end }
        }
    }

    /// One node, so many branches, and a node that waits for all of them.
    static func fork(_ width: Int, of branch: (Int) -> some Node<Tally>) throws -> Graph<Tally> {
        try Graph("fork") { g in
            let first = g.node("first", Count())
            let join = g.node("join", Count())
            var branches: [NodeHandle<Tally>] = []
            for number in 0..<width {
                let branch = g.node("branch \(number)", branch(number))
                g.edge(from: branch, to: join)
                branches.append(branch)
            }
            g.start(at: first)
            g.fork(from: first, to: branches)
        }
    }

    static func forEach(concurrency: Int) throws -> Graph<Tally> {
        try Graph("forEach") { g in
            let each = g.forEach("each", \.numbers, concurrency: concurrency) { number, _ in
                number &* 3
            } collect: { state, results in
                state.seen += results
                state.total &+= results.count
            }
            g.start(at: each)
        }
    }

    /// Chains, forks with joins, routes, and loops in loops: ten nodes a block, ten blocks a chunk.
    static func mixed(_ count: Int) throws -> Graph<Tally> {
        try Graph("mixed") { g in
            var before: NodeHandle<Tally>?
            for chunk in 0..<(count / 100) {
                var head: NodeHandle<Tally>?
                for block in 0..<10 {
                    let ends = Self.block(&g, "\(chunk).\(block)")
                    if let before { g.edge(from: before, to: ends.first) } else { g.start(at: ends.first) }
                    if head == nil { head = ends.first }
                    before = ends.last
                }
                guard let back = head, let last = before else { continue }
                let next = g.node("next \(chunk)", Count())
                g.route(from: last, to: [back, next]) { $0.total < 0 ? back : next }
                before = next
            }
        }
    }

    private static func block(
        _ g: inout GraphBuilder<Tally>, _ name: String
    ) -> (first: NodeHandle<Tally>, last: NodeHandle<Tally>) {
        let nodes = (0..<10).map { g.node("\(name).\($0)", Count()) }
        g.chain(nodes[0], nodes[1])
        g.fork(from: nodes[1], to: nodes[2], nodes[3], nodes[4])
        for branch in nodes[2...4] { g.edge(from: branch, to: nodes[5]) }
        let (left, right) = (nodes[6], nodes[7])
        g.route(from: nodes[5], to: [left, right]) { $0.total % 2 == 0 ? left : right }
        g.edge(from: left, to: nodes[8])
        g.edge(from: right, to: nodes[8])
        let (head, last) = (nodes[0], nodes[9])
        g.route(from: nodes[8], to: [head, last]) { $0.total < 0 ? head : last }
        return (head, last)
    }
}
