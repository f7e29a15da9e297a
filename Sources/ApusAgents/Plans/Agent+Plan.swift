import Apus

extension Agent {
    /// An agent that writes a plan before it does anything, and has others carry it out.
    ///
    /// The plan is a graph of steps, each for one of `workers`; it is checked before anything runs, and a plan that can't be carried out goes
    /// back to the model with the reasons. Steps that don't wait for each other run side by side. Where steps have failed the model
    /// writes another plan on what is known, up to `plans` in all; at the end it answers from the results.
    public static func planner(
        _ profile: AgentProfile, model: any LLMProvider, workers: [Agent], instructions: String = "", plans: Int = 3,
        limits: AgentLimits = AgentLimits(turns: 60), settings: AgentSettings = AgentSettings()
    ) throws -> Agent {
        try checkMembers(workers, of: profile.name)
        let scribe = PlanScribe(model: model, workers: workers, instructions: instructions, settings: settings)
        let schema = try JSONSchema(of: Plan.self)
        let writer = try Agent(
            "\(profile.name)-answer", model: model, instructions: PlanScribe.answering(instructions),
            settings: AgentSettings(prices: settings.prices, prepare: settings.prepare))
        return try Agent(profile, limits: limits, memories: settings.memories) { state, work in
            let task = state.brief.recalled + Array(state.messages)
            var known: [String: StepResult] = [:]
            for number in 1...max(1, plans) {
                let planner = try scribe.agent(known)
                let end = try await work.ask(
                    planner, task + scribe.report(known), named: "plan \(number)",
                    format: .schema(schema, name: "plan"), for: &state)
                if let failure = end.failure { throw AgentError(.planFailed, agent: profile.name, detail: failure) }
                let plan = try JSON(parsing: StructuredText.json(in: end.text)).decode(as: Plan.self)
                let results = try await work.carry(
                    PlanGraph(plan: plan, workers: workers, known: known), named: "carry \(number)", for: &state)
                known.merge(results) { $1 }
                if !plan.steps.contains(where: { known[$0.id]?.isFailed != false }) { break }
            }
            if known.values.allSatisfy(\.isFailed) {
                let words = known.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value.text)" }
                throw AgentError(.planFailed, agent: profile.name, detail: words.joined(separator: "; "))
            }
            let end = try await work.ask(
                writer, task + scribe.report(known), named: "answer", format: state.brief.format, for: &state)
            if let failure = end.failure { throw AgentError(.planFailed, agent: profile.name, detail: failure) }
            state.messages.append(.assistant(end.text))
        }
    }
}

/// What the model is told when it plans and when it answers.
private struct PlanScribe: Sendable {
    let model: any LLMProvider
    let workers: [Agent]
    let instructions: String
    let settings: AgentSettings

    func agent(_ known: [String: StepResult]) throws -> Agent {
        let list = workers.map { "- \($0.profile.name): \($0.profile.role)" }.joined(separator: "\n")
        let words = """
            Plan how the task is to be done, as steps for these workers:\n\(list)\nA worker knows nothing but the task of its step and the \
            results that step needs. Keep the plan as short as the task allows. \(instructions)
            """
        let settings = AgentSettings(prices: settings.prices, prepare: settings.prepare) { answer, _ in
            let plan = try? JSON(parsing: StructuredText.json(in: answer)).decode(as: Plan.self)
            return plan.flatMap { PlanGraph(plan: $0, workers: workers, known: known).complaint }
        }
        return try Agent("plan", model: model, instructions: words, settings: settings)
    }

    /// What is known so far, as something the model is told.
    func report(_ known: [String: StepResult]) -> [ChatMessage] {
        if known.isEmpty { return [] }
        let lines = known.sorted { $0.key < $1.key }.map {
            "\($0.key) \($0.value.isFailed ? "failed" : "found"): \($0.value.text)"
        }
        return [.user("What the steps so far have come to:\n\(lines.joined(separator: "\n"))")]
    }

    static func answering(_ instructions: String) -> String {
        "Answer the task from what the steps have found. Say what is missing where steps failed. \(instructions)"
    }
}

extension AgentWork {
    /// Carries a plan out, as part of this run, and returns what its steps came to.
    fileprivate func carry(
        _ plan: PlanGraph, named name: String, for state: inout AgentState
    ) async throws -> [String: StepResult] {
        let share = left(to: state).shared(among: plan.plan.steps.count)
        let asker = state
        let graph = try plan.graph { step, results, context in
            let needed = step.needs.map {
                ($0, results.results[$0] ?? plan.known[$0] ?? StepResult("", isFailed: true))
            }
            if let missing = needed.first(where: { $0.1.isFailed }) {
                results.results[step.id] = StepResult("left out, since \(missing.0) failed", isFailed: true)
                return
            }
            guard let worker = plan.workers.first(where: { $0.profile.name == step.worker }) else { return }
            let found = needed.map { "\n\nResult of \($0.0):\n\($0.1.text)" }.joined()
            let brief = AgentBrief(user: asker.brief.user, budget: share)
            let taint = results.ends.sorted { $0.key < $1.key }.reduce(asker.taint) { $0 + $1.value.taint }.uniqued()
            let end = try await context.run(
                worker.inner, from: AgentState([.user(step.task + found)], brief, taint: taint))
            results.results[step.id] = StepResult(end.failure ?? end.text, isFailed: end.failure != nil)
            results.ends[step.id] = end
        }
        let end = try await context.run(graph, from: PlanState(), named: name)
        for step in plan.plan.steps {
            if let worked = end.ends[step.id] { state.note(worked) }
        }
        return end.results
    }
}
