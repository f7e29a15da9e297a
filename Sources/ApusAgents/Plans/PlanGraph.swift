import Apus

/// What the steps of a plan have come to.
struct PlanState: GraphState {
    /// By the step's id.
    var results: [String: StepResult] = [:]
    var ends: [String: AgentState] = [:]

    static let fields: [Field<Self>] = [
        Field("results", \.results, merging: .keys), Field("ends", \.ends, merging: .keys),
    ]
}

/// A plan as a graph: each step is a node, each need an edge.
struct PlanGraph {
    let plan: Plan
    let workers: [Agent]
    /// What earlier plans have found.
    let known: [String: StepResult]

    /// Why the plan can't be carried out, in words for a model; `nil` if it can.
    var complaint: String? {
        if plan.steps.isEmpty { return "The plan has no steps." }
        let names = workers.map(\.profile.name)
        for step in plan.steps {
            if !names.contains(step.worker) {
                return
                    "Step \(step.id): there is no worker \"\(step.worker)\". There are: \(names.joined(separator: ", "))."
            }
            if let result = known[step.id], !result.isFailed { return "Step \(step.id) is done; leave it out." }
            if known[step.id] != nil { return "A step was named \(step.id) before and failed; use another name." }
            for need in step.needs
            where known[need]?.isFailed != false && !plan.steps.contains(where: { $0.id == need }) {
                return "Step \(step.id) needs \(need), which is no step."
            }
        }
        do {
            _ = try graph { _, _, _ in }
            return nil
        } catch {
            return "The plan is no graph that ends: \(error)"
        }
    }

    /// Throws all that is wrong with it as a graph: names used twice, steps that wait for each other.
    func graph(
        _ perform: @escaping @Sendable (PlanStep, inout PlanState, NodeContext) async throws -> Void
    ) throws -> Graph<PlanState> {
        try Graph("plan") { g in
            var handles: [(step: PlanStep, handle: NodeHandle<PlanState>)] = []
            for step in plan.steps {
                let handle = g.node(step.id) { state, context in try await perform(step, &state, context) }
                handles.append((step, handle))
            }
            g.start(at: handles.filter { waits($0.step).isEmpty }.map(\.handle))
            for (step, handle) in handles {
                let next = handles.filter { waits($0.step).contains(step.id) }.map(\.handle)
                if next.isEmpty { g.end(after: handle) } else { g.fork(from: handle, to: next) }
            }
        }
    }

    /// The steps of this plan that a step needs.
    private func waits(_ step: PlanStep) -> [String] { step.needs.filter { known[$0] == nil } }
}
