/// Why no choice runs a node.
struct SoundnessReasons {
    struct Reason {
        var text: String
        var mend: String
        /// Further nodes concerned.
        var others: [Int] = []
    }

    private let plan: GraphPlan
    private let isReached: [Bool]

    init(_ plan: GraphPlan, _ isReached: [Bool]) {
        self.plan = plan
        self.isReached = isReached
    }

    /// `nil` for a node that only follows others that never run.
    func reason(for node: Int, _ miss: SoundnessReach.Miss?) -> Reason? {
        milestone(node, miss) ?? region(node, miss) ?? source(node)
    }

    private func milestone(_ node: Int, _ miss: SoundnessReach.Miss?) -> Reason? {
        let constraints = plan.constraints.milestones
        switch miss {
        case .dropped:
            guard let one = constraints.first(where: { $0.node == node }) else { return nil }
            return Reason(
                text: "it may start only after the end of \(quoted(one.after)), "
                    + "which is skipped whenever a branch comes here",
                mend: "Take out the milestone, or let one choice lead to both.", others: [one.after])
        case .held:
            guard let one = constraints.first(where: { $0.node == node || $0.before == node }) else { return nil }
            let other = one.node == node ? one.after : one.node
            return Reason(
                text: "it waits for its milestone with \(quoted(other)) for ever",
                mend: "Take out the milestone, or the edge that contradicts it.", others: [other])
        case .skipped, nil: return nil
        }
    }

    private func region(_ node: Int, _ miss: SoundnessReach.Miss?) -> Reason? {
        guard miss == .dropped else { return nil }
        guard let one = plan.constraints.regions.first(where: { $0.members.contains(node) }) else { return nil }
        return Reason(
            text: "\(quoted(one.trigger)) cancels it before it can start",
            mend: "Take it out of the region, or let it start beside \(quoted(one.trigger)).", others: [one.trigger])
    }

    private func source(_ node: Int) -> Reason? {
        let edges = plan.edges
        for source in 0..<plan.nodeCount where isReached[source] {
            for index in Int(plan.rows[source])..<Int(plan.rows[source + 1]) where edges[index].target == Int32(node) {
                let one = GraphPlan.CaseReference(node: source, number: Int(edges[index].number))
                if plan.finishing.contains(one) {
                    return Reason(
                        text: "the case of \(quoted(source)) that leads to it ends the whole graph",
                        mend: "Take .finish out of that case.", others: [source])
                }
                return Reason(
                    text: "every run that comes near it waits or ends first",
                    mend: "Mend what it waits for, or take it out.", others: [])
            }
        }
        return nil
    }

    private func quoted(_ node: Int) -> String { "\"\(plan.names[node])\"" }
}
