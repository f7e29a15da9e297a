@testable import Apus

/// Every order of every step of a graph, with the search's own steps but nothing left out: what its shortcuts are checked against.
struct EveryOrder {
    private let model: SoundnessModel
    private let names = SoundnessNames(prefix: "")
    /// The nodes that became ready in some run.
    private(set) var reached: Set<String> = []
    /// The kind and the nodes of every circle of waits, and the fewest steps to it.
    private(set) var circles: [Circle: Int] = [:]
    private(set) var isComplete = true

    struct Circle: Hashable {
        var code: SoundnessFinding.Code
        var nodes: Set<String>
    }

    /// With the steps of all nodes, or only of those that can matter to a wait.
    init(_ graph: Graph<Nothing>, ofAllNodes: Bool, most: Int) {
        var descent = SoundnessDescent()
        let facts = descent.enter(graph)!
        let circular = SoundnessKeys(facts).circular
        model = SoundnessModel(facts, circular: circular, goals: ofAllNodes ? Array(graph.nodes.indices) : [])
        var seen: Set<MachineSignature> = []
        var layer = (0...graph.entries.count).map { SoundnessScene(model, start: $0) }
        var depth = 0
        while !layer.isEmpty {
            var next: [SoundnessScene] = []
            for scene in layer where seen.insert(scene.signature).inserted { next += follow(scene, depth) }
            isComplete = seen.count <= most
            if !isComplete { return }
            layer = next
            depth += 1
        }
    }

    private mutating func follow(_ scene: SoundnessScene, _ depth: Int) -> [SoundnessScene] {
        note(scene)
        let moves = scene.moves()
        if moves.allSatisfy(\.must.isEmpty) { judge(scene, moves, depth) }
        return moves.flatMap(\.all).map { move in
            let next = scene.copy()
            next.perform(move)
            return next
        }
    }

    private mutating func note(_ scene: SoundnessScene) {
        _ = scene.takeLog()
        for opening in scene.openings where !scene.machine.exceedsLimit(opening.node) {
            reached.insert(model.plan.names[opening.node])
        }
    }

    private mutating func judge(_ scene: SoundnessScene, _ moves: [SoundnessMoves], _ depth: Int) {
        if scene.isFinished || moves.contains(where: \.mayStop) { return }
        for circle in SoundnessWaits(scene).circles() {
            let finding = names.explain(circle, model)
            let circle = Circle(code: finding.code, nodes: Set(finding.nodes))
            circles[circle] = min(depth, circles[circle] ?? depth)
        }
    }
}
