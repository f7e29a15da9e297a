import Apus
import ApusTesting

/// A small graph without loops, drawn from a seed, with milestones, regions and channels: nodes lead to later ones only.
struct SoundnessRecipe: CustomStringConvertible {
    enum Exit { case always, route, select }

    struct Node {
        var exit = Exit.always
        /// The cases of its exit, each with its targets.
        var cases: [[Int]] = [[]]
        var failure: [Int]?
    }

    struct Milestone {
        var node: Int
        var after: Int
        var before: Int
    }

    struct Region {
        var trigger: Int
        var members: [Int]
    }

    struct Line {
        var reader: Int
        var senders: [Int]
    }

    var nodes: [Node]
    var milestones: [Milestone] = []
    var regions: [Region] = []
    var lines: [Line] = []

    init(seed: UInt64) {
        var random = SeededGenerator(seed: SeededGenerator.mix(seed ^ 0x50F7))
        let count = 4 + random.below(4)
        nodes = (0..<count).map { node in Self.node(node, count, &random) }
        // What nothing leads to follows the first node beside the others.
        let reached = Set(nodes.flatMap { $0.cases.joined() + ($0.failure ?? []) })
        let rest = (1..<count).filter { !reached.contains($0) }
        if nodes[0].exit == .select { nodes[0].cases += rest.map { [$0] } } else { nodes[0].cases[0] += rest }
        for _ in 0..<(1 + random.below(2)) {
            let picked = Self.pick(3, count, &random)
            milestones.append(Milestone(node: picked[0], after: picked[1], before: picked[2]))
        }
        if random.below(2) == 0 {
            let picked = Self.pick(3, count, &random)
            regions = [Region(trigger: picked[0], members: Array(picked[1...(1 + random.below(2))]))]
        }
        if random.below(2) == 0 {
            let picked = Self.pick(3, count, &random)
            lines = [Line(reader: picked[0], senders: Array(picked[1...(1 + random.below(2))]))]
        }
    }

    private static func node(_ node: Int, _ count: Int, _ random: inout SeededGenerator) -> Node {
        let later = Array((node + 1)..<max(node + 1, count))
        func some(_ most: Int) -> [Int] {
            var left = later
            var found: [Int] = []
            for _ in 0..<random.below(most + 1) where !left.isEmpty {
                found.append(left.remove(at: random.below(left.count)))
            }
            return found.sorted()
        }
        var row = Node()
        switch random.below(4) {
        case 0: row = Node(exit: .route, cases: [some(2), some(2)])
        case 1:
            let targets = some(3)
            if !targets.isEmpty { row = Node(exit: .select, cases: targets.map { [$0] }) } else { row.cases = [[]] }
        default: row.cases = [some(3)]
        }
        if random.below(4) == 0, !later.isEmpty { row.failure = [later[random.below(later.count)]] }
        return row
    }

    private static func pick(_ number: Int, _ count: Int, _ random: inout SeededGenerator) -> [Int] {
        var left = Array(0..<count)
        return (0..<number).map { _ in left.remove(at: random.below(left.count)) }
    }

    /// The labels of the cases of a node.
    func label(_ node: Int, _ number: Int) -> String {
        nodes[node].exit == .select ? "n\(nodes[node].cases[number][0])" : "c\(number)"
    }

    var description: String {
        nodes.enumerated().map { "n\($0): \($1.exit) \($1.cases) failure \($1.failure ?? [])" }
            .joined(separator: "\n") + "\n\(milestones)\n\(regions)\n\(lines)"
    }
}

extension SoundnessRecipe {
    func graph() throws -> Graph<Nothing> {
        try Graph<Nothing>("recipe") { g in
            var handles: [Int: NodeHandle<Nothing>] = [:]
            for node in nodes.indices where !lines.contains(where: { $0.reader == node }) {
                handles[node] = g.idle("n\(node)")
            }
            for line in lines {
                let senders = line.senders.compactMap { handles[$0] }
                let channel =
                    senders.count == 1
                    ? g.channel("c", of: Int.self, from: senders[0])
                    : g.channel("c", of: Int.self, from: senders[0], senders[1])
                handles[line.reader] = g.read("n\(line.reader)", channel)
            }
            let all = nodes.indices.compactMap { handles[$0] }
            g.start(at: all[0])
            for (node, row) in nodes.enumerated() { connect(&g, node, row, all) }
            for one in milestones { g.milestone(all[one.node], after: all[one.after], before: all[one.before]) }
            for one in regions { g.cancelRegion(one.members.map { all[$0] }, by: all[one.trigger]) }
        }
    }

    private func connect(_ g: inout GraphBuilder<Nothing>, _ node: Int, _ row: Node, _ all: [NodeHandle<Nothing>]) {
        switch row.exit {
        case .always: g.fork(from: all[node], to: row.cases[0].map { all[$0] })
        case .route:
            let cases = row.cases.indices.map { number in
                RouteCase(label(node, number), to: row.cases[number].map { all[$0] })
            }
            g.route(from: all[node], cases: cases) { _ in "c0" }
        case .select: g.select(from: all[node], to: row.cases.map { all[$0[0]] }) { _ in [] }
        }
        if let failure = row.failure { g.onFailure(of: all[node], to: all[failure[0]]) }
    }
}
