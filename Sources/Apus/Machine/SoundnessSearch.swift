/// Tries the choices of one graph, fewest steps first.
struct SoundnessSearch {
    /// A state that waits to be looked at; of equal ones the first found comes first.
    private struct Entry: Comparable {
        var depth: Int
        var record: Int

        static func < (left: Self, right: Self) -> Bool { (left.depth, left.record) < (right.depth, right.record) }
    }

    /// How a state was reached: by a step after another state.
    private struct Record {
        var before: Int
        var step: SoundnessStep?
        var depth: Int
    }

    let model: SoundnessModel
    let names: SoundnessNames
    private let limit: Int
    private(set) var explored = 0
    private(set) var isComplete = true
    private(set) var findings: [SoundnessFinding] = []
    private(set) var reach: SoundnessReach
    private var records: [Record] = []
    private var scenes: [Int: SoundnessScene] = [:]
    private var queue = MinHeap<Entry>()
    private var best: [MachineSignature: Int] = [:]
    private var settled: Set<MachineSignature> = []

    init(_ model: SoundnessModel, _ names: SoundnessNames, limit: Int) {
        self.model = model
        self.names = names
        self.limit = limit
        reach = SoundnessReach(model)
        isComplete = !model.isNarrowed
    }

    /// Looks at all that the start and the entries lead to.
    mutating func run() {
        for start in 0...model.plan.entries.count { begin(start) }
        while explored < limit, let entry = queue.popMin() {
            guard let scene = scenes.removeValue(forKey: entry.record) else { continue }
            if settled.insert(scene.signature).inserted { expand(scene, entry.record) }
        }
        if !queue.isEmpty { isComplete = false }
    }

    private mutating func begin(_ start: Int) {
        let scene = SoundnessScene(model, start: start)
        let entry = start == 0 ? nil : SoundnessStep("", .starts(entry: model.plan.entries[start - 1]))
        records.append(Record(before: -1, step: entry, depth: 0))
        reach.note(start: start)
        note(scene)
        enqueue(scene)
    }

    /// The steps that led to a record.
    func trace(_ record: Int) -> [SoundnessStep] {
        var steps: [SoundnessStep] = []
        var record = record
        while record >= 0 {
            if let step = records[record].step { steps.append(step) }
            record = records[record].before
        }
        return steps.reversed()
    }
}

// MARK: Going on

extension SoundnessSearch {
    private mutating func expand(_ scene: SoundnessScene, _ record: Int) {
        let next = scene.independentMoves() ?? judged(scene, record)
        for move in next {
            guard explored < limit else {
                isComplete = false
                return
            }
            let scene = next.count == 1 ? scene : scene.copy()
            step(scene, move, after: record)
            walk(scene)
            enqueue(scene)
        }
    }

    /// All moves of all nodes, which have to be tried in all orders.
    private mutating func judged(_ scene: SoundnessScene, _ record: Int) -> [SoundnessMove] {
        let moves = scene.moves()
        if moves.allSatisfy(\.must.isEmpty) { judge(scene, moves, record) }
        return moves.flatMap(\.all)
    }

    /// Goes on as long as there is nothing to choose.
    private mutating func walk(_ scene: SoundnessScene) {
        while explored < limit {
            guard let next = scene.independentMoves() ?? scene.onlyMove(), next.count == 1 else { return }
            step(scene, next[0], after: records.count - 1)
        }
    }

    private mutating func step(_ scene: SoundnessScene, _ move: SoundnessMove, after before: Int) {
        explored += 1
        let depth = records[before].depth + 1
        records.append(Record(before: before, step: names.step(move, model), depth: depth))
        if move.path.count == 1 { reach.note(move) }
        scene.perform(move)
        note(scene)
    }

    private mutating func note(_ scene: SoundnessScene) {
        let point = SoundnessReach.Point(record: records.count - 1, depth: records[records.count - 1].depth)
        let log = scene.takeLog()
        for (index, transition) in log.enumerated() {
            if let node = transition.started, log[index...].contains(.dropped(node)) { continue }
            reach.note(transition, scene, point)
        }
    }

    private mutating func enqueue(_ scene: SoundnessScene) {
        let signature = scene.signature
        let record = records.count - 1
        if settled.contains(signature) { return }
        if let known = best[signature], known <= records[record].depth { return }
        best[signature] = records[record].depth
        scenes[record] = scene
        queue.insert(Entry(depth: records[record].depth, record: record))
    }

    /// Nothing goes on by itself: who waits for whom?
    private mutating func judge(_ scene: SoundnessScene, _ moves: [SoundnessMoves], _ record: Int) {
        if scene.isFinished || moves.contains(where: \.mayStop) { return }
        let waits = SoundnessWaits(scene)
        let circles = waits.circles()
        // A node that is neither waiting nor able to go on is one whose loop goes on beyond what is looked at.
        let isCut = moves.contains { $0.all.isEmpty && !$0.waits }
        let rest = circles.isEmpty && !isCut ? [names.explain(waiting: waits.waiting(), model)].compactMap(\.self) : []
        for finding in circles.map({ names.explain($0, model) }) + rest {
            var finding = finding
            if findings.contains(where: { $0.isSame(as: finding) }) { continue }
            finding.trace = trace(record)
            findings.append(finding)
        }
    }
}
