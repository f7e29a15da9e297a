public import Apus

/// What an agent means to do: steps, each for somebody, some of which wait for others.
public struct Plan: Codable, Sendable, Hashable {
    public var steps: [PlanStep]

    public init(_ steps: [PlanStep]) { self.steps = steps }
}

public struct PlanStep: Codable, Sendable, Hashable, Identifiable {
    /// Tells it apart, among all plans of a task.
    public var id: String
    /// Who does it.
    public var worker: String
    public var task: String
    /// The steps whose results it needs.
    public var needs: [String]

    public init(_ id: String, by worker: String, _ task: String, needs: [String] = []) {
        self.id = id
        self.worker = worker
        self.task = task
        self.needs = needs
    }
}

extension PlanStep: SchemaDescribed {
    public static var descriptions: [String: String] {
        [
            "id": "A short name of the step, of letters, digits and _.",
            "worker": "The name of whoever does it.",
            "task": "Everything the worker has to know, in full sentences; results of needed steps are added.",
            "needs":
                "The ids of the steps whose results it needs. Steps that need nothing of each other run side by side.",
        ]
    }
}

/// What became of a step.
public struct StepResult: Codable, Sendable, Hashable {
    public var text: String
    /// Whether it ended without a result, or was left out because one it needs did.
    public var isFailed: Bool

    init(_ text: String, isFailed: Bool = false) {
        self.text = text
        self.isFailed = isFailed
    }
}
