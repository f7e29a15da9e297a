/// What models cost: tokens and money by run, node, agent and model.
public final class CostLedger: Observer {
    private let state: Guarded<State>

    private struct State {
        var total = Cost()
        var graphs: [String: Cost] = [:]
        var nodes: [NodeKey: Cost] = [:]
        var agents: [String: Cost] = [:]
        var models: [String: Cost] = [:]
        var runs: [RunID: Cost] = [:]
        /// Runs in the order in which they first cost something, to forget the oldest.
        var order: [RunID] = []
    }

    private struct NodeKey: Hashable {
        var graph: String
        var node: String
    }

    private let keptRuns: Int

    /// Of runs the last `keptRuns` are kept apart; the sums are of all.
    public init(keptRuns: Int = 10_000) {
        self.keptRuns = max(1, keptRuns)
        state = Guarded(State())
    }

    public func watcher(of run: RunFacts) -> (any RunWatcher)? { Watcher(ledger: self, facts: run) }

    public var total: Cost { state.withLock { $0.total } }

    public func cost(of run: RunID) -> Cost { state.withLock { $0.runs[run] ?? Cost() } }

    public func cost(ofGraph graph: String) -> Cost { state.withLock { $0.graphs[graph] ?? Cost() } }

    public func cost(ofAgent agent: String) -> Cost { state.withLock { $0.agents[agent] ?? Cost() } }

    /// `node` is its path without rounds: `triage/think`; elements of a composite are `decide[]`.
    public func cost(ofNode node: String, in graph: String) -> Cost {
        state.withLock { $0.nodes[NodeKey(graph: graph, node: node)] ?? Cost() }
    }

    /// All that cost something, the dearest first, of equal cost by name.
    public var report: CostReport {
        state.withLock { state in
            CostReport(
                total: state.total, graphs: Self.rows(state.graphs), agents: Self.rows(state.agents),
                models: Self.rows(state.models),
                nodes: Self.rows(
                    Dictionary(uniqueKeysWithValues: state.nodes.map { ("\($0.key.graph): \($0.key.node)", $0.value) })
                ))
        }
    }

    private static func rows(_ table: [String: Cost]) -> [CostReport.Row] {
        table.map { CostReport.Row(name: $0.key, cost: $0.value) }.sorted { left, right in
            if left.cost.money != right.cost.money { return left.cost.money > right.cost.money }
            if left.cost.tokens != right.cost.tokens { return left.cost.tokens > right.cost.tokens }
            return left.name < right.name
        }
    }

    fileprivate func add(_ call: ModelCall, _ id: ActivationID, _ facts: RunFacts) {
        let cost = Cost(call)
        state.withLock { state in
            state.total += cost
            state.graphs[facts.graph, default: Cost()] += cost
            state.nodes[NodeKey(graph: facts.graph, node: id.nodeName), default: Cost()] += cost
            state.models["\(call.provider)/\(call.model)", default: Cost()] += cost
            if let agent = call.agent { state.agents[agent, default: Cost()] += cost }
            if state.runs[facts.run] == nil {
                state.order.append(facts.run)
                if state.order.count > 2 * keptRuns { forget(&state) }
            }
            state.runs[facts.run, default: Cost()] += cost
        }
    }

    private func forget(_ state: inout State) {
        let old = state.order.count - keptRuns
        for run in state.order.prefix(old) { state.runs[run] = nil }
        state.order.removeFirst(old)
    }

    private struct Watcher: RunWatcher {
        let ledger: CostLedger
        let facts: RunFacts

        mutating func observe(_ event: RunEvent) {
            if case .modelCalled(let id, let call) = event.kind { ledger.add(call, id, facts) }
        }
    }
}

/// Tokens and money.
public struct Cost: Sendable, Hashable, Codable {
    public var calls = 0
    public var inputTokens = 0
    public var outputTokens = 0
    /// In the currency of the prices.
    public var money = 0.0

    public init() {}

    init(_ call: ModelCall) {
        calls = 1
        inputTokens = call.inputTokens
        outputTokens = call.outputTokens
        money = call.cost
    }

    public var tokens: Int { inputTokens + outputTokens }

    public static func += (left: inout Cost, right: Cost) {
        left.calls += right.calls
        left.inputTokens += right.inputTokens
        left.outputTokens += right.outputTokens
        left.money += right.money
    }
}

/// What cost how much.
public struct CostReport: Sendable, Hashable, Codable {
    public struct Row: Sendable, Hashable, Codable {
        public var name: String
        public var cost: Cost
    }

    public var total: Cost
    public var graphs: [Row]
    public var agents: [Row]
    public var models: [Row]
    public var nodes: [Row]
}
