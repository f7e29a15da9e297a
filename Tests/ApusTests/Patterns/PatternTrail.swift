import Apus

/// The state of the pattern tests: what was done in graph order, and some values to decide by.
struct PatternTrail: GraphState {
    /// The nodes that have worked.
    var log: [String] = []
    var count = 0
    var rounds = 0
    var items: [Int] = []
    var results: [Int] = []
    var choice = Choice.none

    enum Choice: String, Codable, CaseIterable, Sendable { case none, left, right, both }

    static let fields: [Field<Self>] = [
        Field("log", \.log, merging: .append), Field("count", \.count, merging: .sum), Field("rounds", \.rounds),
        Field("items", \.items), Field("results", \.results, merging: .append), Field("choice", \.choice),
    ]
}

extension GraphBuilder<PatternTrail> {
    /// A node that takes so many seconds of virtual time and then leaves its id in the log.
    mutating func step(_ id: String, takes seconds: Int = 1) -> NodeHandle<PatternTrail> {
        node(id) { state, context in
            try await context.environment.sleep(for: .seconds(seconds))
            state.log.append(id)
        }
    }
}

extension Branch<PatternTrail> {
    /// A branch that takes so many seconds of virtual time and then leaves its name in the log.
    static func step(_ name: String, takes seconds: Int) -> Branch {
        Branch(name) { state, context in
            try await context.environment.sleep(for: .seconds(seconds))
            state.log.append(name)
        }
    }

    /// A branch that fails after so many seconds.
    static func failing(_ name: String, after seconds: Int) -> Branch {
        Branch(name) { _, context in
            try await context.environment.sleep(for: .seconds(seconds))
            throw Refusal()
        }
    }
}

/// What a node of the pattern tests fails with.
struct Refusal: Error {}
