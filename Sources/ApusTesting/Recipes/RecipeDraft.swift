/// Connects blocks of nodes at random. Every block has one node that it starts with and one that it ends with, whose exit is still open.
struct RecipeDraft {
    typealias Block = (first: Int, last: Int)

    var random: SeededGenerator
    var nodes: [NodeRecipe] = []

    init(random: SeededGenerator) { self.random = random }

    /// A block of about so many nodes.
    mutating func block(_ size: Int) -> Block {
        guard size > 1 else { return single() }
        switch random.below(size > 3 ? 12 : 5) {
        case 0...2: return sequence(size)
        case 3: return selfLoop()
        case 4: return guarded(size)
        case 5, 6: return split(size, ExitRecipe.to)
        case 7, 8: return split(size) { .route($0.map { [$0] }) }
        case 9: return split(size, ExitRecipe.select)
        default: return loop(size)
        }
    }

    private mutating func node() -> Int {
        nodes.append(NodeRecipe(""))
        return nodes.count - 1
    }

    private mutating func single() -> Block {
        let node = node()
        return (node, node)
    }

    private mutating func sequence(_ size: Int) -> Block {
        let part = 1 + random.below(size - 1)
        let (first, second) = (block(part), block(size - part))
        nodes[first.last].exit = .to([second.first])
        return (first.first, second.last)
    }

    /// Branches between a node that opens them and one that joins them; some may end on their own.
    private mutating func split(_ size: Int, _ exit: ([Int]) -> ExitRecipe) -> Block {
        let (opening, join) = (node(), node())
        let count = 2 + random.below(3)
        var targets: [Int] = []
        for number in 0..<count {
            let branch = block(max(1, (size - 2) / count))
            targets.append(branch.first)
            if number == 0 || random.below(4) > 0 { nodes[branch.last].exit = .to([join]) }
        }
        if random.below(5) == 0 { targets.append(join) }
        nodes[opening].exit = exit(targets)
        if case .route(var cases) = nodes[opening].exit, random.below(2) == 0 {
            let (one, other) = (random.below(cases.count), random.below(cases.count))
            if one != other { cases[one] += cases[other] }
            if random.below(3) == 0 { cases.append([]) }
            nodes[opening].exit = .route(cases)
        }
        return (opening, join)
    }

    private mutating func selfLoop() -> Block {
        let (header, after) = (node(), node())
        nodes[header].exit = .route([[header], [after]])
        return (header, after)
    }

    /// A node whose failure is mended on the way to what follows.
    private mutating func guarded(_ size: Int) -> Block {
        let (risky, after) = (node(), node())
        let mend = block(max(1, size - 2))
        nodes[risky].exit = .to([after])
        nodes[risky].onFailure = [mend.first]
        nodes[mend.last].exit = .to([after])
        return (risky, after)
    }

    /// A loop: left at its header or at its end, with a side branch, or with a second back edge.
    private mutating func loop(_ size: Int) -> Block {
        let (header, latch, after) = (node(), node(), node())
        let body = block(max(1, size - 4))
        nodes[body.last].exit = .to([latch])
        let shape = random.below(5)
        nodes[header].exit = shape == 0 ? .route([[body.first], [after]]) : .to([body.first])
        switch shape {
        case 0: nodes[latch].exit = .to([header])
        case 1, 2: nodes[latch].exit = .route([[after], [header]])
        case 3:
            let side = block(1 + random.below(2))
            nodes[latch].exit = .route([[header, side.first], [after]])
        default:
            nodes[body.last].exit = .route([[latch], [header]])
            nodes[latch].exit = .route([[header], [after], []])
        }
        return (header, after)
    }

    /// Gives the nodes new positions in the order of declaration, and names.
    mutating func shuffle(_ entries: [[Int]]) -> GraphRecipe {
        let places = nodes.indices.shuffled(using: &random)
        var recipe = GraphRecipe(entries: entries.map { $0.map { places[$0] } }, nodes: nodes)
        for (old, new) in places.enumerated() {
            var node = nodes[old]
            node.name = "n\(new)"
            node.onFailure = node.onFailure.map { places[$0] }
            node.exit = node.exit.mapTargets { places[$0] }
            recipe.nodes[new] = node
        }
        return recipe
    }
}

extension ExitRecipe {
    /// The exit with its targets renamed.
    func mapTargets(_ rename: (Int) -> Int) -> ExitRecipe {
        switch self {
        case .end, .finish: self
        case .to(let targets): .to(targets.map(rename))
        case .route(let cases): .route(cases.map { $0.map(rename) })
        case .select(let targets): .select(targets.map(rename))
        }
    }
}
