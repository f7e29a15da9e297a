/// Who waits for whom where nothing goes on by itself.
struct SoundnessWaits {
    /// A unit of a graph, below the subgraphs around it.
    struct Place: Hashable {
        var path: [Int]
        var unit: Int
    }

    /// Why a place waits for another.
    enum Cause: Equatable {
        /// It may start only after the other's end.
        case end
        /// It may start only after the other's start.
        case start
        /// An edge leads from the other to it.
        case edge
        case turn(String)
        case sender(String)
        /// The other is inside it.
        case inside
    }

    struct Wait {
        var place: Place
        var cause: Cause
        var other: Place
    }

    private let root: SoundnessScene

    init(_ root: SoundnessScene) { self.root = root }

    /// The circles of waits, each once; every wait for ever lies on one or behind one.
    func circles() -> [[Wait]] {
        var found: [[Wait]] = []
        var done: Set<Place> = []
        for start in waiting() { search(start, &found, &done) }
        return found
    }

    private func search(_ start: Place, _ found: inout [[Wait]], _ done: inout Set<Place>) {
        var way: [Wait] = []
        var open = [(start, waits(of: start))]
        var positions: [Place: Int] = [start: 0]
        guard done.insert(start).inserted else { return }
        while var (place, rest) = open.popLast() {
            guard !rest.isEmpty else {
                positions[place] = nil
                if !way.isEmpty { way.removeLast() }
                continue
            }
            let wait = rest.removeFirst()
            open.append((place, rest))
            place = wait.other
            if let position = positions[place] {
                found.append(way[position...] + [wait])
            } else if done.insert(place).inserted {
                positions[place] = open.count
                open.append((place, waits(of: place)))
                way.append(wait)
            }
        }
    }
}

extension SoundnessWaits {
    private func scene(_ path: [Int]) -> SoundnessScene? {
        path.reduce(root as SoundnessScene?) { scene, node in
            guard case .inside(let inner) = scene?.opening(of: node)?.stage else { return nil }
            return inner
        }
    }

    /// The nodes that wait by themselves: for a milestone, a turn or a sender.
    func waiting() -> [Place] { waiting(root, []) }

    private func waiting(_ scene: SoundnessScene, _ path: [Int]) -> [Place] {
        var found = scene.machine.heldNodes().map { Place(path: path, unit: $0) }
        for opening in scene.openings where scene.model.matters[opening.node] {
            if case .inside(let inner) = opening.stage {
                found += waiting(inner, path + [opening.node])
            } else {
                found.append(Place(path: path, unit: opening.node))
            }
        }
        return found
    }

    private func waits(of place: Place) -> [Wait] {
        guard let scene = scene(place.path) else { return [] }
        let isNode = place.unit < scene.model.plan.nodeCount
        let own = isNode ? waits(ofNode: place.unit, scene, place.path) : []
        return (own + pending(place.unit, scene, place.path)).map {
            Wait(place: place, cause: $0.cause, other: $0.other)
        }
    }

    private typealias Need = (cause: Cause, other: Place)

    private func waits(ofNode node: Int, _ scene: SoundnessScene, _ path: [Int]) -> [Need] {
        let model = scene.model
        guard let opening = scene.opening(of: node) else { return milestones(of: node, scene, path) }
        switch opening.stage {
        case .atTurn:
            guard let key = model.nodes[node].key, let holder = root.holders[key] else { return [] }
            return [(.turn(key), Place(path: Array(holder.dropLast()), unit: holder[holder.count - 1]))]
        case .inside(let inner):
            return waiting(inner, path + [node]).map { (.inside, $0) }
        case .working:
            return model.nodes[node].facts.reads.flatMap { channel in
                model.channels[channel].senders.filter { scene.machine.isOpen($0, before: node) }.map { sender in
                    let unit = scene.machine.standing(of: scene.machine.unit(of: sender, seenFrom: node))
                    return (.sender(model.channels[channel].name), Place(path: path, unit: unit))
                }
            }
        }
    }

    private func milestones(of node: Int, _ scene: SoundnessScene, _ path: [Int]) -> [Need] {
        guard scene.machine.isHeld(node) else { return [] }
        return scene.model.plan.constraints.milestones.flatMap { one -> [Need] in
            if one.node == node, !scene.machine.isEnded(one.after) {
                return [(.end, Place(path: path, unit: one.after))]
            }
            if one.before == node, !scene.machine.isEnded(one.node), !scene.machine.isBegun(one.node) {
                return [(.start, Place(path: path, unit: one.node))]
            }
            return []
        }
    }

    /// The units before one that has not begun, or those inside a loop that goes on.
    private func pending(_ unit: Int, _ scene: SoundnessScene, _ path: [Int]) -> [Need] {
        let plan = scene.model.plan
        if unit < plan.nodeCount, scene.opening(of: unit) != nil || scene.machine.isHeld(unit) { return [] }
        let standing = scene.machine.standing(of: unit)
        let scope = plan.scope(of: standing)
        if scope > 0, plan.headers[scope - 1] < 0, standing < plan.nodeCount {
            // Inside a cycle with several entries one step runs at a time.
            let running = scene.openings.filter { plan.scope(of: $0.node) == scope }
            return running.map { (.edge, Place(path: path, unit: $0.node)) }
        }
        let isLoop = standing >= plan.nodeCount && scene.machine.isRunning(loop: standing - plan.nodeCount)
        let others = isLoop ? plan.members[standing - plan.nodeCount + 1] : plan.predecessors[standing]
        return others.filter { scene.model.matters[Int($0)] && !scene.machine.isEnded(Int($0)) }.map { other in
            (isLoop ? .inside : .edge, Place(path: path, unit: scene.machine.standing(of: Int(other))))
        }
    }
}
