extension GraphBuilder {
    /// What becomes of running siblings when a node fails the run. By default they finish and their changes are kept.
    public mutating func onFirstFailure(_ policy: SiblingPolicy) {
        draft.read { $0.siblings = policy }
    }

    /// Lets `node` start only between the end of `after` and the start of `before`, which waits until `node` runs, also where
    /// that stands in line for a turn or a place, or is skipped. If `after` is skipped, so is `node`. It orders time, not
    /// state; all three stand in the same round.
    public mutating func milestone(
        _ node: NodeHandle<State>, after: NodeHandle<State>, before: NodeHandle<State>
    ) {
        let all = draft.resolve([node, after, before], of: "milestone")
        guard all.count == 3 else { return }
        draft.read {
            $0.constraints.milestones.append(
                TimeConstraints.Milestone(node: all[0], after: all[1], before: all[2]))
        }
    }

    /// Cancels `members` when `trigger` has completed: running ones are cancelled, those still to come and their exits skipped,
    /// completed changes stay.
    public mutating func cancelRegion(
        _ members: [NodeHandle<State>], by trigger: NodeHandle<State>, as outcome: CancelOutcome = .cancelled
    ) {
        let all = draft.resolve(members, of: "cancelRegion")
        guard draft.owns(trigger) else { return }
        draft.read {
            $0.constraints.regions.append(
                TimeConstraints.Region(trigger: trigger.index, members: all, outcome: outcome))
        }
    }
}
