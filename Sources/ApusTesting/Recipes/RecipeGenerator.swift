/// Makes random recipes from a seed: blocks within blocks, then edges anywhere that the laws allow.
public struct RecipeGenerator {
    /// What may occur in a recipe.
    public struct Profile: Sendable {
        /// The greatest number of nodes; most recipes have far fewer.
        public var nodes: Int
        public var composites: Bool
        /// Nodes that fail without anything that takes over.
        public var failures: Bool
        public var conflicts: Bool
        /// Nodes that end the whole graph.
        public var finishes: Bool

        public init(
            nodes: Int = 60, composites: Bool = true, failures: Bool = true, conflicts: Bool = true,
            finishes: Bool = true
        ) {
            self.nodes = nodes
            self.composites = composites
            self.failures = failures
            self.conflicts = conflicts
            self.finishes = finishes
        }
    }

    var random: SeededGenerator
    let profile: Profile
    let seed: UInt64

    init(seed: UInt64, profile: Profile) {
        self.seed = seed
        self.profile = profile
        random = SeededGenerator(seed: SeededGenerator.mix(seed ^ 0xA505))
    }

    /// A recipe that Law 2 accepts and whose runs end.
    public static func sound(seed: UInt64, profile: Profile = Profile()) -> GraphRecipe {
        var generator = RecipeGenerator(seed: seed, profile: profile)
        let bare = generator.connected()
        return generator.furnished(bare)
    }

    /// A recipe that Law 2 refuses: a sound one with an edge too many. `nil` if none was found.
    public static func unsound(seed: UInt64, nodes: Int = 10) -> GraphRecipe? {
        var generator = RecipeGenerator(seed: seed, profile: Profile(nodes: nodes))
        let recipe = generator.connected()
        for _ in 0..<40 {
            let changed = generator.withOneMoreEdge(recipe)
            if !RecipeStructure(changed).refusals.isEmpty { return changed }
        }
        return nil
    }

    /// A recipe with edges anywhere, which Law 2 may accept or refuse; every node can be reached.
    public static func anything(seed: UInt64, nodes: Int = 8) -> GraphRecipe {
        var generator = RecipeGenerator(seed: seed, profile: Profile(nodes: nodes))
        let count = 1 + generator.random.below(nodes)
        var recipe = GraphRecipe(seed: seed, nodes: (0..<count).map { NodeRecipe("n\($0)") })
        for _ in 0..<(count + generator.random.below(count + 2)) { recipe = generator.withOneMoreEdge(recipe) }
        while let lost = recipe.nodes.indices.first(where: { !RecipeStructure(recipe).reachable.contains($0) }) {
            recipe.entries[0].append(lost)
        }
        return recipe
    }

    private mutating func connected() -> GraphRecipe {
        var recipe = drafted()
        while !Self.isSound(recipe) { recipe = drafted() }
        for _ in 0..<random.below(2 + recipe.nodes.count / 2) {
            let changed = withOneMoreEdge(recipe)
            if Self.isSound(changed) { recipe = changed }
        }
        recipe.entry = random.below(recipe.entries.count)
        return recipe
    }

    private mutating func drafted() -> GraphRecipe {
        let largest = max(1, random.below(8) == 0 ? profile.nodes : profile.nodes / 3)
        var draft = RecipeDraft(random: random)
        let block = draft.block(1 + max(random.below(largest), random.below(largest)))
        var recipe = draft.shuffle([[block.first]])
        recipe.seed = seed
        random = draft.random
        return recipe
    }

    private static func isSound(_ recipe: GraphRecipe) -> Bool {
        let structure = RecipeStructure(recipe)
        return structure.refusals.isEmpty && RecipeChoices(structure).canEnd
    }

    private mutating func withOneMoreEdge(_ recipe: GraphRecipe) -> GraphRecipe {
        var recipe = recipe
        let (node, target) = (random.below(recipe.nodes.count), random.below(recipe.nodes.count))
        switch random.below(12) {
        case 0:
            recipe.entries.append([target])
        case 1:
            let entry = random.below(recipe.entries.count)
            if !recipe.entries[entry].contains(target) { recipe.entries[entry].append(target) }
        case 2:
            if !recipe.nodes[node].onFailure.contains(target) { recipe.nodes[node].onFailure.append(target) }
        default:
            recipe.nodes[node].exit = widened(recipe.nodes[node].exit, target)
        }
        return recipe
    }

    private mutating func widened(_ exit: ExitRecipe, _ target: Int) -> ExitRecipe {
        switch exit {
        case .end, .finish: return .to([target])
        case .to(let targets):
            if random.below(2) == 0 { return .route([targets, [target]]) }
            return targets.contains(target) ? exit : .to(targets + [target])
        case .route(var cases):
            if random.below(2) == 0 { return .route(cases + [[target]]) }
            let chosen = random.below(cases.count)
            if !cases[chosen].contains(target) { cases[chosen].append(target) }
            return .route(cases)
        case .select(let targets):
            return targets.contains(target) ? exit : .select(targets + [target])
        }
    }
}
