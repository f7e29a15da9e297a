/// A graph as the search explores it: what each node may choose, and which units can matter to a wait.
final class SoundnessModel {
    struct Node {
        /// The turn it needs, if that can be waited for in a circle.
        var key: String?
        var facts: SoundnessFacts.Node
        /// The graph inside, if what happens there can matter outside.
        var inner: SoundnessModel?
        var choices: [SoundnessChoice]
        var failure: SoundnessChoice?
        /// It commutes with everything that can happen beside it.
        var isIndependent = true
    }

    let plan: GraphPlan
    let channels: [DraftChannel]
    let isRoot: Bool
    private(set) var nodes: [Node] = []
    /// The units that something can wait for, directly or by what follows from them.
    private(set) var matters: [Bool] = []
    private(set) var flow: SoundnessFlow
    /// Whether some select is too wide for all its subsets.
    private(set) var isNarrowed = false

    /// A model of a whole run, in which `goals` matter too.
    convenience init(_ facts: SoundnessFacts, circular: Set<String>, goals: [Int]) {
        self.init(facts, circular: circular, isRoot: true, goals)
    }

    private init(_ facts: SoundnessFacts, circular: Set<String>, isRoot: Bool, _ goals: [Int]) {
        plan = facts.plan
        channels = facts.channels
        self.isRoot = isRoot
        flow = SoundnessFlow(facts)
        for node in facts.nodes {
            var row = Node(key: node.key.flatMap { circular.contains($0) ? $0 : nil }, facts: node, choices: [])
            if let inner = node.inner.first, !circular.isDisjoint(with: inner.keys) {
                row.inner = SoundnessModel(inner, circular: circular, isRoot: false, [])
                isNarrowed = isNarrowed || row.inner?.isNarrowed == true
            }
            nodes.append(row)
        }
        let special = specialNodes(goals)
        matters =
            isRoot ? flow.leadingTo(special) : Array(repeating: true, count: plan.nodeCount + plan.loopCount)
        choose()
        markDependent()
    }

    /// The nodes on which a wait can depend; none if the edges are all there is.
    private func specialNodes(_ goals: [Int]) -> [Int] {
        var special = Set(goals)
        for one in plan.constraints.milestones { special.formUnion([one.node, one.after, one.before]) }
        for one in plan.constraints.regions { special.formUnion(one.members + [one.trigger]) }
        for channel in channels {
            guard let reader = channel.reader else { continue }
            special.formUnion(channel.senders + [reader])
        }
        for (index, node) in nodes.enumerated() where node.key != nil || node.inner != nil { special.insert(index) }
        special.formUnion(flow.abruptEnds)
        special.formUnion(flow.tightRegions)
        if special.isEmpty { return [] }
        return special.union(plan.finishing.map(\.node)).sorted()
    }

    private func choose() {
        for node in nodes.indices {
            let choices = SoundnessChoices(plan, node, matters)
            isNarrowed = isNarrowed || (matters[node] && choices.isNarrowed)
            nodes[node].choices = choices.all
            nodes[node].failure = choices.failure
        }
    }

    private func markDependent() {
        for region in plan.constraints.regions {
            for node in region.members + [region.trigger] { nodes[node].isIndependent = false }
            // A member that has started takes one more step to be cancelled than one that has not.
            for node in starters(of: region.members) { nodes[node].isIndependent = false }
        }
        for index in nodes.indices where nodes[index].key != nil { nodes[index].isIndependent = false }
        if !isRoot { for one in plan.finishing { nodes[one.node].isIndependent = false } }
    }

    /// The nodes whose end can start one of `goals`, by an edge or by what a milestone then holds back no longer.
    private func starters(of goals: [Int]) -> Set<Int> {
        var goals = Set(goals)
        var found: Set<Int> = []
        for _ in plan.constraints.milestones {
            for one in plan.constraints.milestones where goals.contains(one.before) { goals.insert(one.node) }
        }
        for one in plan.constraints.milestones where goals.contains(one.node) { found.insert(one.after) }
        for node in nodes.indices where flow.targets[node].contains(where: goals.contains) { found.insert(node) }
        return found
    }
}

/// One way in which a node can end.
struct SoundnessChoice {
    /// The numbers of its cases.
    var numbers: [Int]
    /// What a reader calls them; empty where there is nothing to choose.
    var labels: [String]
    var isSubset = false
    var finishes = false
    /// The loops whose back edges it takes, and the regions it goes on in.
    var returns: [Int] = []
}

/// The ways in which one node can end.
struct SoundnessChoices {
    private(set) var all: [SoundnessChoice] = []
    private(set) var failure: SoundnessChoice?
    private(set) var isNarrowed = false
    private let plan: GraphPlan
    private let node: Int

    init(_ plan: GraphPlan, _ node: Int, _ matters: [Bool]) {
        self.plan = plan
        self.node = node
        let exit = plan.exits[node]
        switch exit.kind {
        case .none, .always: all = [choice([0], [])]
        case .route: all = exit.cases.indices.map { choice([$0], [label($0)]) }
        case .select: select(exit, matters)
        }
        if exit.failure != nil { failure = choice([exit.cases.count], []) }
    }

    private mutating func select(_ exit: ExitShape, _ matters: [Bool]) {
        let cases = exit.cases.indices.filter { number in
            exit.cases[number].finishes || exit.cases[number].targets.contains { matters[$0] }
        }
        var subsets: [[Int]] = []
        if cases.count <= SoundnessReport.selectTargets {
            for bits in 0..<(1 << cases.count) {
                subsets.append(cases.indices.filter { bits >> $0 & 1 == 1 }.map { cases[$0] })
            }
        } else {
            isNarrowed = true
            subsets = [[], cases] + cases.map { [$0] } + cases.map { one in cases.filter { $0 != one } }
        }
        all = subsets.map { subset in
            var choice = choice(subset, subset.map(label))
            choice.isSubset = true
            return choice
        }
    }

    private func label(_ number: Int) -> String {
        let one = plan.exits[node].cases[number]
        return one.label ?? one.targets.map { plan.names[$0] }.joined(separator: ", ")
    }

    private func choice(_ numbers: [Int], _ labels: [String]) -> SoundnessChoice {
        var choice = SoundnessChoice(numbers: numbers, labels: labels)
        for number in numbers {
            if plan.finishing.contains(GraphPlan.CaseReference(node: node, number: number)) { choice.finishes = true }
        }
        for index in Int(plan.rows[node])..<Int(plan.rows[node + 1]) {
            let edge = plan.edges[index]
            guard numbers.contains(Int(edge.number)) else { continue }
            switch edge.kind {
            case .back: choice.returns.append(Int(edge.loop))
            case .walk: choice.returns.append(plan.scope(of: node) - 1)
            case .direct, .leaving: break
            }
        }
        return choice
    }
}
