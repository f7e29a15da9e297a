/// What one node can do next.
struct SoundnessMove {
    enum Act {
        case takesTurn
        /// With the choice of this number.
        case ends(Int)
        case endsEarly(Int)
        case fails
        case timesOut
        case isCancelled
    }

    /// The node, below the subgraphs around it.
    var path: [Int]
    var act: Act
}

/// What can follow from one node under way.
struct SoundnessMoves {
    /// Where it is clear that one of them comes sooner or later.
    var must: [SoundnessMove] = []
    /// What may happen and need not.
    var may: [SoundnessMove] = []
    /// Whether it waits for something else in the graph.
    var waits = false
    /// Whether it can end the run, by `finish` or by failing.
    var mayStop = false

    var all: [SoundnessMove] { must + may }
}

extension SoundnessScene {
    /// What every node under way can do, in the order of the nodes, those inside subgraphs after the subgraph.
    func moves() -> [SoundnessMoves] {
        var found: [SoundnessMoves] = []
        collect(&found, [], holders)
        return found
    }

    /// The moves of the first node that goes on by itself and commutes with all that can happen beside it.
    func independentMoves(_ path: [Int] = []) -> [SoundnessMove]? {
        for opening in openings where model.matters[opening.node] {
            if case .inside(let scene) = opening.stage, !scene.isFinished, opening.stop != .cancelled {
                if let moves = scene.independentMoves(path + [opening.node]) { return moves }
            } else if model.nodes[opening.node].isIndependent {
                let moves = endings(of: opening, path + [opening.node])
                if !moves.must.isEmpty, moves.may.isEmpty { return moves.must }
            }
        }
        return nil
    }

    /// The only move there is, if it comes sooner or later.
    func onlyMove() -> [SoundnessMove]? {
        let moves = moves()
        return moves.allSatisfy(\.may.isEmpty) && moves.reduce(0, { $0 + $1.must.count }) == 1
            ? moves.flatMap(\.must) : nil
    }

    private func collect(_ found: inout [SoundnessMoves], _ path: [Int], _ holders: [String: [Int]]) {
        for opening in openings where model.matters[opening.node] {
            let node = opening.node
            switch opening.stage {
            case .atTurn:
                var moves = SoundnessMoves()
                if opening.stop == .cancelled {
                    moves.must = [SoundnessMove(path: path + [node], act: .isCancelled)]
                } else if let key = model.nodes[node].key, holders[key] == nil {
                    moves.must = [SoundnessMove(path: path + [node], act: .takesTurn)]
                } else {
                    moves.waits = true
                }
                found.append(moves)
            case .working: found.append(endings(of: opening, path + [node]))
            case .inside(let scene): collect(&found, inside: scene, opening, path + [node], holders)
            }
        }
    }

    private func collect(
        _ found: inout [SoundnessMoves], inside scene: SoundnessScene, _ opening: Opening, _ path: [Int],
        _ holders: [String: [Int]]
    ) {
        if scene.isFinished || opening.stop == .cancelled { return found.append(endings(of: opening, path)) }
        let node = opening.node
        let first = found.count
        scene.collect(&found, path, holders)
        var own = SoundnessMoves(waits: true)
        if found[first...].allSatisfy({ $0.must.isEmpty && !$0.mayStop }), model.nodes[node].facts.hasTimeout {
            own = late(node, path)
        } else if model.nodes[node].failure != nil {
            own.may = [SoundnessMove(path: path, act: .fails)]
        }
        found.insert(own, at: first)
    }

    /// How a node that is at work, or whose graph has ended, can end.
    private func endings(of opening: Opening, _ path: [Int]) -> SoundnessMoves {
        let (node, stop) = (opening.node, opening.stop)
        let row = model.nodes[node]
        var moves = SoundnessMoves()
        if stop == .cancelled {
            moves.must = [SoundnessMove(path: path, act: .isCancelled)]
            return moves
        }
        if machine.exceedsLimit(node), !row.facts.passesOver { return failing(node, path, .fails) }
        if stop == nil, isWaiting(node) {
            if row.facts.hasTimeout { return late(node, path) }
            moves.waits = true
            if row.facts.endsEarly, mayHaveEnough(node) {
                moves.may = usable(node, path) { .endsEarly($0) }
            }
            return moves
        }
        moves.must = usable(node, path) { .ends($0) }
        moves.mayStop = model.nodes[node].choices.contains(where: \.finishes)
        if stop == nil, let failure = row.failure, mayTake(failure, node) {
            moves.must.append(SoundnessMove(path: path, act: .fails))
        }
        return moves
    }

    /// Whether it reads a channel along which more may come.
    func isWaiting(_ reader: Int) -> Bool {
        model.nodes[reader].facts.reads.contains { channel in
            model.channels[channel].senders.contains { machine.isOpen($0, before: reader) }
        }
    }

    private func mayHaveEnough(_ reader: Int) -> Bool {
        model.nodes[reader].facts.reads.contains { channel in
            model.channels[channel].senders.contains { machine.isEnded($0) }
        }
    }

    private func late(_ node: Int, _ path: [Int]) -> SoundnessMoves {
        let row = model.nodes[node]
        guard row.facts.mends else { return failing(node, path, .timesOut) }
        return SoundnessMoves(must: usable(node, path) { .ends($0) })
    }

    private func failing(_ node: Int, _ path: [Int], _ act: SoundnessMove.Act) -> SoundnessMoves {
        guard let failure = model.nodes[node].failure else { return SoundnessMoves(mayStop: true) }
        return SoundnessMoves(must: mayTake(failure, node) ? [SoundnessMove(path: path, act: act)] : [])
    }

    private func usable(_ node: Int, _ path: [Int], _ act: (Int) -> SoundnessMove.Act) -> [SoundnessMove] {
        model.nodes[node].choices.indices.filter { mayTake(model.nodes[node].choices[$0], node) }
            .map { SoundnessMove(path: path, act: act($0)) }
    }

    /// Whether a choice neither ends the whole run nor goes back more often than is looked at.
    private func mayTake(_ choice: SoundnessChoice, _ node: Int) -> Bool {
        if choice.finishes, model.isRoot { return false }
        return choice.returns.allSatisfy { loop in
            let isRegion = model.plan.headers[loop] < 0
            let times = SoundnessReport.returns * (isRegion ? model.plan.members[loop + 1].count : 1)
            return machine.iteration(of: loop) < times
        }
    }
}
