/// One state of a run under exploration: the machine, and what the nodes under way are at.
final class SoundnessScene {
    enum Stage {
        /// It waits for its turn.
        case atTurn
        case working
        /// It runs a graph in which something can matter outside.
        case inside(SoundnessScene)
    }

    /// A node under way.
    struct Opening {
        var node: Int
        var stage: Stage
        /// A region has cancelled it while it was under way.
        var stop: CancelOutcome?

        var isAtTurn: Bool { if case .atTurn = stage { true } else { false } }
    }

    let model: SoundnessModel
    private(set) var machine: RunMachine
    /// In the order of the nodes; of the nodes that do not matter none is ever ended.
    private(set) var openings: [Opening] = []
    private(set) var isFinished = false

    init(_ model: SoundnessModel, start: Int) {
        self.model = model
        machine = RunMachine(model.plan)
        machine.isLogging = true
        follow(machine.start(start))
    }

    private init(copying other: SoundnessScene) {
        model = other.model
        machine = other.machine.copy()
        isFinished = other.isFinished
        openings = other.openings.map { opening in
            guard case .inside(let scene) = opening.stage else { return opening }
            return Opening(node: opening.node, stage: .inside(scene.copy()), stop: opening.stop)
        }
    }

    func copy() -> SoundnessScene { SoundnessScene(copying: self) }

    /// The steps of the structure since they were last taken.
    func takeLog() -> [RunMachine.Transition] { machine.takeLog() }

    func opening(of node: Int) -> Opening? { openings.first { $0.node == node } }
}

// MARK: Acting

extension SoundnessScene {
    func perform(_ move: SoundnessMove) { perform(move.act, at: move.path[...]) }

    private func perform(_ act: SoundnessMove.Act, at path: ArraySlice<Int>) {
        guard let node = path.first, let place = openings.firstIndex(where: { $0.node == node }) else { return }
        if path.count > 1 {
            if case .inside(let scene) = openings[place].stage { scene.perform(act, at: path.dropFirst()) }
            return
        }
        if case .takesTurn = act {
            openings[place].stage = stage(of: node)
            return begin(node)
        }
        openings.remove(at: place)
        follow(next(act, node))
    }

    private func next(_ act: SoundnessMove.Act, _ node: Int) -> RunMachine.Next {
        switch act {
        case .ends(let number), .endsEarly(let number):
            let choice = model.nodes[node].choices[number]
            if choice.isSubset { return machine.completed(node, subset: choice.numbers) }
            return machine.completed(node, choice: choice.numbers[0])
        case .fails, .timesOut: return machine.failed(node)
        case .isCancelled: return machine.cancelled(node)
        case .takesTurn: return .wait
        }
    }

    private func follow(_ next: RunMachine.Next) {
        for node in machine.takeCancelled() {
            guard let place = openings.firstIndex(where: { $0.node == node }) else { continue }
            openings[place].stop = machine.cancellation(of: node)
        }
        var ready = machine.takeReady()
        if case .run(let node) = next { ready.append(node) }
        for node in ready {
            let needsTurn = model.nodes[node].key != nil && !machine.exceedsLimit(node)
            let stage: Stage = needsTurn ? .atTurn : stage(of: node)
            let place = openings.firstIndex { $0.node > node } ?? openings.count
            openings.insert(Opening(node: node, stage: stage), at: place)
        }
        if next == .finished || machine.phase != .running {
            isFinished = true
            openings = []
        }
        for node in ready where opening(of: node)?.isAtTurn == false { begin(node) }
    }

    /// A node has what it needs to run: what a milestone holds back until then may go on.
    private func begin(_ node: Int) {
        guard model.plan.constraints.milestones.contains(where: { $0.node == node }) else { return }
        if !machine.exceedsLimit(node) { follow(machine.began(node)) }
    }

    private func stage(of node: Int) -> Stage {
        guard let inner = model.nodes[node].inner, !machine.exceedsLimit(node) else { return .working }
        return .inside(SoundnessScene(inner, start: 0))
    }
}

// MARK: Comparing

extension SoundnessScene {
    var signature: MachineSignature {
        var signature = MachineSignature()
        sign(&signature)
        return signature
    }

    private func sign(_ signature: inout MachineSignature) {
        machine.sign(&signature, where: model.matters)
        signature.add(isFinished ? 1 : 0)
        for opening in openings where model.matters[opening.node] {
            signature.add(opening.node)
            if let stop = opening.stop { signature.add(stop == .cancelled ? -5 : -6) }
            switch opening.stage {
            case .atTurn: signature.add(-1)
            case .working: signature.add(-2)
            case .inside(let scene): scene.sign(&signature)
            }
        }
        signature.add(-4)
    }

    /// Who has which turn, by the path of the node.
    var holders: [String: [Int]] {
        var found: [String: [Int]] = [:]
        note(&found, [])
        return found
    }

    private func note(_ found: inout [String: [Int]], _ path: [Int]) {
        for opening in openings {
            if opening.isAtTurn { continue }
            let isBeyondLimit = machine.exceedsLimit(opening.node)
            if let key = model.nodes[opening.node].key, !isBeyondLimit { found[key] = path + [opening.node] }
            if case .inside(let scene) = opening.stage { scene.note(&found, path + [opening.node]) }
        }
    }
}
