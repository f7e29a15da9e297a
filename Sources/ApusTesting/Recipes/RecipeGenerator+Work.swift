extension RecipeGenerator {
    /// The recipe with times, writes, failures and composites at its nodes.
    mutating func furnished(_ bare: GraphRecipe) -> GraphRecipe {
        let structure = RecipeStructure(bare)
        var recipe = bare
        for index in recipe.nodes.indices {
            recipe.nodes[index].time = random.below(3) == 0 ? 0 : 1 + random.below(40)
            recipe.nodes[index].failure = failure(of: index, structure)
            if profile.finishes, recipe.nodes[index].exit == .end, random.below(30) == 0 {
                recipe.nodes[index].exit = .finish
            }
            if profile.failures, random.below(20) == 0, structure.headers(around: index).last == index {
                recipe.nodes[index].limit = 1 + random.below(3)
            }
            let isPlain = recipe.nodes[index].failure == .never && recipe.nodes[index].limit == nil
            if profile.composites, isPlain, random.below(9) == 0 {
                recipe.nodes[index].work = composite(recipe.nodes[index], structure)
            }
        }
        // Failures take picks away, so that loops may have lost their end.
        let isEndless = !RecipeChoices(RecipeStructure(recipe)).canEnd
        for index in recipe.nodes.indices where isEndless {
            recipe.nodes[index].failure = .never
            recipe.nodes[index].limit = nil
        }
        // A few recipes write without care.
        let isCareful = !profile.conflicts || random.below(12) > 0
        for index in recipe.nodes.indices {
            recipe.nodes[index].writes = writes(of: index, structure, recipe, isCareful: isCareful)
        }
        return recipe
    }

    private mutating func failure(of node: Int, _ structure: RecipeStructure) -> FailureRecipe {
        let dice = random.below(60)
        if structure.isInPart(node) { return .never }
        if structure.recipe.nodes[node].onFailure.isEmpty {
            return switch dice {
            case 0 where profile.failures: .chosen
            case 1...3: .first(1 + dice % 3)
            default: .never
            }
        }
        return dice < 10 ? .always : dice < 50 ? .chosen : .first(1)
    }

    private mutating func composite(_ node: NodeRecipe, _ structure: RecipeStructure) -> WorkRecipe {
        switch node.exit {
        case .route, .select: return .plain  // the state they read is written by a plain node
        case .end, .finish, .to: break
        }
        let times = [5, 11, 23, 31].shuffled(using: &random).prefix(2 + random.below(3))
        switch random.below(5) {
        case 0: return .forEach(random.below(6), concurrency: 1 + random.below(4))
        case 1: return .race(Array(times))
        case 2: return .quorum(1 + random.below(times.count), Array(times), runsOn: random.below(2) == 0)
        case 3: return .loop(random.below(4))
        default:
            let inner = Profile(
                nodes: 16, composites: random.below(3) == 0, failures: false, conflicts: false, finishes: false)
            var nested = RecipeGenerator.sound(seed: random.next() >> 32, profile: inner)
            nested.entry = 0
            return .subgraph([nested])
        }
    }

    private mutating func writes(
        of node: Int, _ structure: RecipeStructure, _ recipe: GraphRecipe, isCareful: Bool
    ) -> [WriteRecipe] {
        var writes: [WriteRecipe] = random.below(5) > 0 ? [.append] : []
        if random.below(5) == 0 { writes.append(.add(random.below(9) - 4)) }
        let candidates = [WriteRecipe.key("k\(random.below(4))"), .exclusive(random.below(3))]
        for write in candidates where random.below(isCareful ? 6 : 2) == 0 {
            let rivals = recipe.nodes.indices.filter { $0 < node && recipe.nodes[$0].writes.contains(write) }
            let isOrdered = rivals.allSatisfy { structure.areOrdered(RecipeVisit($0), RecipeVisit(node)) }
            if isOrdered || !isCareful { writes.append(write) }
        }
        return writes
    }
}
