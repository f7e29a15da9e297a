public import Apus

extension GraphRecipe {
    /// The graph whose nodes do what the recipe says.
    ///
    /// - Throws: The builder's diagnostics, where a law refuses the recipe.
    public func graph(named name: String = "recipe") throws -> Graph<RecipeState> {
        try graph(named: name, errand: nil)
    }

    /// The same with something that every node and body does first, outside of the state.
    func graph(named name: String, errand: RecipeErrand?) throws -> Graph<RecipeState> {
        let script = RecipeScript(self, errand)
        return try Graph<RecipeState>(name) { g in
            let handles = nodes.indices.map { script.add($0, to: &g) }
            for index in nodes.indices { script.connect(index, handles, in: &g) }
            for (number, targets) in entries.enumerated() {
                let started = targets.map { handles[$0] }
                if number == 0 { g.start(at: started) } else { g.entry("entry\(number)", at: started) }
            }
        }
    }

    /// The name of the entry that a run uses; `nil` for the start.
    public var entryName: String? { entry == 0 ? nil : "entry\(entry)" }
}

/// What a node or a body of a recipe does before its work: it may act, wait and fail, but it does not touch the state.
typealias RecipeErrand = @Sendable (_ node: NodeRecipe, NodeContext) async throws -> Void

/// Gives the nodes of a recipe's graph their bodies and exits.
struct RecipeScript: Sendable {
    private let recipe: GraphRecipe
    private let structure: RecipeStructure
    private let choices: RecipeChoices
    private let errand: RecipeErrand?

    init(_ recipe: GraphRecipe, _ errand: RecipeErrand?) {
        self.recipe = recipe
        self.errand = errand
        structure = RecipeStructure(recipe)
        choices = RecipeChoices(structure)
    }

    func add(_ index: Int, to g: inout GraphBuilder<RecipeState>) -> NodeHandle<RecipeState> {
        let node = recipe.nodes[index]
        var handle =
            composite(index, in: &g)
            ?? g.node(node.name) { [self] state, context in
                try await perform(index, &state, context)
            }
        if case .first(let attempts) = node.failure {
            handle = handle.retry(.constant(attempts: attempts + 1, delay: .milliseconds(3)).when { _ in true })
        }
        return node.limit.map { handle.iterationLimit($0) } ?? handle
    }

    func connect(
        _ index: Int, _ handles: [NodeHandle<RecipeState>], in g: inout GraphBuilder<RecipeState>
    ) {
        let (node, source) = (recipe.nodes[index], handles[index])
        switch node.exit {
        case .end: break
        case .finish: g.finish(after: source)
        case .to(let targets): g.fork(from: source, to: targets.map { handles[$0] })
        case .route(let cases):
            let rows = cases.enumerated().map { row in RouteCase("\(row.offset)", to: row.element.map { handles[$0] }) }
            g.route(from: source, cases: rows) { "\($0.chosen[node.name] ?? -1)" }
        case .select(let targets):
            g.select(from: source, to: targets.map { handles[$0] }) { state in
                let bits = state.chosen[node.name] ?? 0
                return targets.indices.filter { bits >> $0 & 1 == 1 }.map { handles[targets[$0]] }
            }
        }
        if !node.onFailure.isEmpty { g.onFailure(of: source, to: node.onFailure.map { handles[$0] }) }
    }

    /// The iteration numbers of the recipe's node, also inside a body of the composite that stands there.
    private func iterations(_ index: Int, _ context: NodeContext) -> [Int] {
        let name = recipe.nodes[index].name
        let numbers = context.activation.path.last { $0.node == name }?.iterations ?? []
        return Array(numbers.prefix(structure.headers(around: index).count))
    }

    private func activation(_ index: Int, _ context: NodeContext) -> RecipeActivation {
        RecipeActivation(recipe.nodes[index], iterations: iterations(index, context))
    }

    private func perform(_ index: Int, _ state: inout RecipeState, _ context: NodeContext) async throws {
        let node = recipe.nodes[index]
        let activation = activation(index, context)
        try await errand?(node, context)
        try await spendTime(of: node, context.environment)
        if choices.exceedsLimit(index, iterations(index, context)) {
            state.log.append("\(activation.name) ran beyond its limit")
            return
        }
        let stepKey = structure.stepKey(of: index)
        let steps = stepKey.map { state.keys[$0, default: 0] } ?? 0
        let pick = choices.pick(index, iterations(index, context), steps: steps)
        if pick == .failure || mustFail(node, context) {
            state.log.append("\(activation.name) left this behind")
            state.exclusive0 += 1
            throw RecipeFailure(activation: activation.name)
        }
        let changes = activation.changes(seeing: state, choice: choices.code(of: pick, at: index)) ?? []
        for change in changes { change.apply(to: &state) }
        if let stepKey { state.keys[stepKey] = steps + 1 }
    }

    private func spendTime(of node: NodeRecipe, _ environment: any Environment) async throws {
        guard node.time > 0 else { return }
        do {
            try await environment.sleep(for: .milliseconds(node.time))
        } catch  where !node.heedsCancellation {
            // It goes on, and what it does from here on must have no effect.
        }
    }

    private func mustFail(_ node: NodeRecipe, _ context: NodeContext) -> Bool {
        if case .first(let attempts) = node.failure { context.attempt <= attempts } else { false }
    }
}

extension RecipeScript {
    private func composite(_ index: Int, in g: inout GraphBuilder<RecipeState>) -> NodeHandle<RecipeState>? {
        let node = recipe.nodes[index]
        switch node.work {
        case .plain: return nil
        case .forEach(let count, let concurrency):
            return g.forEach(node.name, \.[elements: count], concurrency: concurrency) { [self] element, context in
                try await errand?(node, context)
                try await context.environment.sleep(for: .milliseconds(element.index * 7 % 5))
                return NodeRecipe.line("\(activation(index, context).name)[\(element.index)]", element.seen)
            } collect: { state, lines in
                state.log += lines
            }
        case .race(let times): return g.race(node.name, branches(index, times))
        case .quorum(let count, let times, let runsOn):
            return g.quorum(node.name, count, of: branches(index, times), rest: runsOn ? .runsOn : .cancel)
        case .loop(let count):
            return g.loop(node.name, while: { $0.keys[node.name, default: 0] < count }) { [self] state, context in
                try await errand?(node, context)
                for change in activation(index, context).round(state) { change.apply(to: &state) }
            }
        case .subgraph(let recipes):
            let activation = RecipeActivation(node, iterations: [])
            let graph = { @Sendable [errand] in try recipes[0].graph(named: node.name, errand: errand) }
            return g.subgraph(node.name, graph, in: activation.inner) { outer, inner in
                for change in activation.outer(inner) { change.apply(to: &outer) }
            }
        }
    }

    private func branches(_ index: Int, _ times: [Int]) -> [Branch<RecipeState>] {
        times.enumerated().map { position, time in
            Branch("b\(position)") { [self] state, context in
                let line = activation(index, context).line(of: position, state)
                try await context.environment.sleep(for: .milliseconds(time))
                state.log.append(line)
            }
        }
    }
}
