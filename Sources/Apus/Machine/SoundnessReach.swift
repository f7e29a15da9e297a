/// Which nodes of a graph some choice runs, and how near the others come to it.
struct SoundnessReach {
    /// A moment of the search, so many steps after the start.
    struct Point {
        var record: Int
        var depth: Int
    }

    /// What became of a node that did not run.
    enum Miss: Int {
        /// It was skipped with all edges to it.
        case skipped
        /// It waited.
        case held
        /// A branch came to it, and it was skipped all the same.
        case dropped
    }

    private let model: SoundnessModel
    /// The earliest start of each node that matters.
    private(set) var starts: [Point?]
    private(set) var misses: [(kind: Miss, point: Point)?]
    /// The units that were decided in some run.
    private var ended: [Bool]
    /// The nodes that do not matter to any wait, where branches of such nodes begin.
    private var free: [Int] = []
    private var isFree: [Bool]

    init(_ model: SoundnessModel) {
        self.model = model
        starts = Array(repeating: nil, count: model.plan.nodeCount)
        misses = Array(repeating: nil, count: model.plan.nodeCount)
        ended = Array(repeating: false, count: model.plan.nodeCount + model.plan.loopCount)
        isFree = Array(repeating: false, count: model.plan.nodeCount)
    }

    mutating func note(_ transition: RunMachine.Transition, _ scene: SoundnessScene, _ point: Point) {
        switch transition {
        case .ready(let node), .released(let node):
            if !scene.machine.exceedsLimit(node) { start(node, point) }
        case .held(let node): miss(node, .held, point)
        case .dropped(let node): miss(node, .dropped, point)
        case .skipped(let unit, _):
            ended[unit] = true
            for node in model.plan.nodes(in: unit) {
                miss(node, node == unit && scene.machine.isTaken(unit) ? .dropped : .skipped, point)
            }
        case .loopEnded(let loop): ended[model.plan.nodeCount + loop] = true
        case .loopStarted, .iterationEnded: break
        }
    }

    /// The run starts with this case of the virtual first node.
    mutating func note(start: Int) { begin(from: model.plan.nodeCount + start) { _ in true } }

    /// A node of this graph ends. A select can lead to targets that change nothing that matters, whatever else it selects.
    mutating func note(_ move: SoundnessMove) {
        let node = move.path[0]
        let row = model.nodes[node]
        var numbers: [Int] = []
        switch move.act {
        case .takesTurn: return
        case .ends(let number), .endsEarly(let number):
            let choice = row.choices[number]
            numbers = choice.isSubset ? Array(model.plan.exits[node].cases.indices) : choice.numbers
        case .fails, .timesOut: numbers = row.failure?.numbers ?? []
        case .isCancelled: break
        }
        ended[node] = true
        begin(from: node) { numbers.contains($0) }
    }

    private mutating func begin(from row: Int, _ isTaken: (Int) -> Bool) {
        let plan = model.plan
        for index in Int(plan.rows[row])..<Int(plan.rows[row + 1]) where isTaken(Int(plan.edges[index].number)) {
            let target = Int(plan.edges[index].target)
            guard !model.matters[target], !isFree[target] else { continue }
            isFree[target] = true
            free.append(target)
        }
    }

    /// Every node by whether some choice runs it.
    func isReached() -> [Bool] {
        let blocked = blockedUnits()
        let following = model.flow.following(free) { node in
            let plan = model.plan
            let isInside = plan.loops(around: node).contains { blocked[plan.nodeCount + $0] }
            return !model.matters[node] && !blocked[node] && !isInside
        }
        return starts.indices.map { starts[$0] != nil || following[$0] }
    }

    /// The nodes that nothing waits for but that wait for something that matters.
    var doubtfulJoins: [Int] {
        let plan = model.plan
        return ended.indices.filter { unit in
            let waits = plan.predecessors[unit].contains { model.matters[Int($0)] }
            return waits && !model.matters[unit] && plan.units[unit].incoming > 1
        }.flatMap { unit -> [Int] in
            guard unit >= plan.nodeCount, plan.headers[unit - plan.nodeCount] >= 0 else { return plan.nodes(in: unit) }
            return [Int(plan.headers[unit - plan.nodeCount])]
        }
    }

    /// The units that do not matter themselves but wait for one that is never decided.
    private func blockedUnits() -> [Bool] {
        var blocked = [Bool](repeating: false, count: ended.count)
        let scopes = model.plan.members
        for members in scopes {
            for member in members where !model.matters[Int(member)] {
                blocked[Int(member)] = model.plan.predecessors[Int(member)].contains { before in
                    model.matters[Int(before)] ? !ended[Int(before)] : blocked[Int(before)]
                }
            }
        }
        return blocked
    }

    private mutating func start(_ node: Int, _ point: Point) {
        if let known = starts[node], known.depth <= point.depth { return }
        starts[node] = point
    }

    private mutating func miss(_ node: Int, _ kind: Miss, _ point: Point) {
        if let known = misses[node], (-known.kind.rawValue, known.point.depth) <= (-kind.rawValue, point.depth) {
            return
        }
        misses[node] = (kind, point)
    }
}

extension RunMachine.Transition {
    /// The node that became ready.
    var started: Int? {
        switch self {
        case .ready(let node), .released(let node): node
        default: nil
        }
    }
}
