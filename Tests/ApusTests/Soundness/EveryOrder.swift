@testable import Apus

/// Every order of every step of a graph, with the search's own steps but nothing left out: what its shortcuts are checked against.
struct EveryOrder {
    private let model: SoundnessModel
    private let names = SoundnessNames(prefix: "")
    /// The nodes that became ready in some run.
    private(set) var reached: Set<String> = []
    /// The kind and the nodes of every circle of waits.
    private(set) var circles: Set<Circle> = []
    private(set) var isComplete = true

    struct Circle: Hashable {
        var code: SoundnessFinding.Code
        var nodes: Set<String>
    }

    init(_ graph: Graph<Nothing>, most: Int) {
        var descent = SoundnessDescent()
        let facts = descent.enter(graph)!
        let circular = SoundnessKeys(facts).circular
        model = SoundnessModel(facts, circular: circular, goals: Array(graph.nodes.indices))
        var seen: Set<MachineSignature> = []
        var open = (0...graph.entries.count).map { SoundnessScene(model, start: $0) }
        for scene in open { note(scene) }
        while let scene = open.popLast() {
            guard seen.insert(scene.signature).inserted else { continue }
            if seen.count > most {
                isComplete = false
                return
            }
            let moves = scene.moves()
            if moves.allSatisfy(\.must.isEmpty) { judge(scene, moves) }
            for move in moves.flatMap(\.all) {
                let next = scene.copy()
                next.perform(move)
                note(next)
                open.append(next)
            }
        }
    }

    private mutating func note(_ scene: SoundnessScene) {
        _ = scene.takeLog()
        for opening in scene.openings where !scene.machine.exceedsLimit(opening.node) {
            reached.insert(model.plan.names[opening.node])
        }
    }

    private mutating func judge(_ scene: SoundnessScene, _ moves: [SoundnessMoves]) {
        if scene.isFinished || moves.contains(where: \.mayStop) { return }
        for circle in SoundnessWaits(scene).circles() {
            let finding = names.explain(circle, model)
            circles.insert(Circle(code: finding.code, nodes: Set(finding.nodes)))
        }
    }
}
