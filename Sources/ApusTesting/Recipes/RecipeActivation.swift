/// What one activation of a recipe's node does, apart from failing.
///
/// Both executions of a recipe take it from here, since it is what the graph's author wrote and no matter of the laws.
struct RecipeActivation {
    let recipe: NodeRecipe
    /// The name with the iteration numbers, as the log shows it.
    let name: String

    init(_ recipe: NodeRecipe, iterations: [Int]) {
        self.recipe = recipe
        name = recipe.name + (iterations.isEmpty ? "" : "#" + iterations.map(String.init).joined(separator: "."))
    }

    /// The changes it makes; `nil` if what stands at the node fails.
    func changes(seeing state: RecipeState, choice: Int?) -> [RecipeChange]? {
        switch recipe.work {
        case .plain: recipe.changes(name, seeing: state, choice: choice)
        case .forEach(let count, _): (0..<count).map { .append(line(of: $0, state)) }
        case .race(let times): winners(1, times).map { .append(line(of: $0, state)) }
        case .quorum(let count, let times, _): winners(count, times).map { .append(line(of: $0, state)) }
        case .loop(let count): repeating(count, state)
        case .subgraph(let recipes): nested(recipes[0], state)
        }
    }

    /// What the element or branch at `index` writes to the log.
    func line(of index: Int, _ state: RecipeState) -> String { NodeRecipe.line("\(name)[\(index)]", state.fingerprint) }

    /// What one round of a loop node's body does; the count under the node's name ends it.
    func round(_ state: RecipeState) -> [RecipeChange] {
        [.append(NodeRecipe.line(name, state.fingerprint)), .key(recipe.name, state.keys[recipe.name, default: 0] + 1)]
    }

    /// What the nested graph of a subgraph node starts from.
    func inner(_ state: RecipeState) -> RecipeState {
        var inner = RecipeState()
        inner.log = [NodeRecipe.line(recipe.name, state.fingerprint)]
        return inner
    }

    /// What a subgraph node makes of the state its nested graph ended in.
    func outer(_ inner: RecipeState) -> [RecipeChange] {
        [.append(NodeRecipe.line("\(recipe.name)/", inner.fingerprint)), .add(inner.sum)]
    }

    /// The positions of the branches that end first, in declared order.
    private func winners(_ count: Int, _ times: [Int]) -> [Int] {
        times.indices.sorted { times[$0] < times[$1] }.prefix(count).sorted()
    }

    private func repeating(_ count: Int, _ state: RecipeState) -> [RecipeChange] {
        var (state, changes) = (state, [RecipeChange]())
        while state.keys[recipe.name, default: 0] < count {
            let round = round(state)
            state = state.applying(round)
            changes += round
        }
        return changes
    }

    private func nested(_ recipe: GraphRecipe, _ state: RecipeState) -> [RecipeChange]? {
        let result = ReferenceInterpreter.run(RecipeStructure(recipe), from: inner(state))
        return result.failures.isEmpty ? outer(result.state) : nil
    }
}

extension RecipeState {
    /// The state after the changes, in their order.
    func applying(_ changes: [RecipeChange]) -> RecipeState {
        var state = self
        for change in changes { change.apply(to: &state) }
        return state
    }
}

extension RecipeStructure {
    /// Whether one of the two activations is after the other, whatever the clock said.
    func areOrdered(_ one: RecipeVisit, _ other: RecipeVisit) -> Bool {
        if one == other { return true }
        let shared = zip(headers(around: one.node), headers(around: other.node)).prefix { $0 == $1 }.count
        if one.iterations.prefix(shared) != other.iterations.prefix(shared) { return true }
        if regions[common(one.node, other.node)].kind == .part { return true }
        return isAfter(one.node, other.node) || isAfter(other.node, one.node)
    }

    /// Whether a node stands in a part with several entries, where activations have no iteration number.
    public func isInPart(_ node: Int) -> Bool { regions[path(to: node).last ?? 0].kind == .part }

    /// The key under which the state counts the steps of a part, or the activations of a node with a script.
    public func stepKey(of node: Int) -> String? {
        if recipe.script[node] != nil { return "visits\(node)" }
        return isInPart(node) ? "part\(regions[path(to: node).last ?? 0].members.min() ?? 0)" : nil
    }
}
