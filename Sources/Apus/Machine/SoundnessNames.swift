/// Says what the search found in the words of the graph.
struct SoundnessNames {
    /// The path of the graph within others, with a slash behind it.
    let prefix: String

    func step(_ move: SoundnessMove, _ model: SoundnessModel) -> SoundnessStep {
        var owner = model
        for node in move.path.dropLast() { owner = owner.nodes[node].inner ?? owner }
        let node = move.path[move.path.count - 1]
        let row = owner.nodes[node]
        return SoundnessStep(name(move.path, model), kind(move.act, row))
    }

    private func kind(_ act: SoundnessMove.Act, _ row: SoundnessModel.Node) -> SoundnessStep.Kind {
        switch act {
        case .takesTurn: .takesTurn(key: row.key ?? "")
        case .ends(let number):
            row.choices[number].isSubset && row.choices[number].numbers.isEmpty
                ? .endsWithoutCase : .ends(cases: row.choices[number].labels)
        case .endsEarly(let number): .endsEarly(cases: row.choices[number].labels)
        case .fails: .fails
        case .timesOut: .timesOut
        case .isCancelled: .isCancelled
        }
    }

    /// The path of a node through the subgraphs around it.
    func name(_ path: [Int], _ model: SoundnessModel) -> String {
        var owner: SoundnessModel? = model
        var names: [String] = []
        for node in path {
            names.append(owner?.plan.names[node] ?? "?")
            owner = owner?.nodes[node].inner
        }
        return prefix + names.joined(separator: "/")
    }
}

// MARK: Circles

extension SoundnessNames {
    /// A circle of waits as a finding; its trace is left to the caller.
    func explain(_ circle: [SoundnessWaits.Wait], _ model: SoundnessModel) -> SoundnessFinding {
        let first = circle.firstIndex { $0.cause != .edge && $0.cause != .inside } ?? 0
        let turned = Array(circle[first...] + circle[..<first])
        var sentences: [String] = []
        var nodes: [String] = []
        var index = 0
        while index < turned.count {
            let wait = turned[index]
            var last = index
            if wait.cause == .edge {
                while last + 1 < turned.count, turned[last + 1].cause == .edge { last += 1 }
            }
            sentences.append(sentence(wait, turned[last].other, model))
            let name = plain(wait.place, model)
            if !nodes.contains(name) { nodes.append(name) }
            index = last + 1
        }
        let code = code(of: circle)
        return SoundnessFinding(
            code, nodes: nodes, trace: [], reason: sentences.joined(separator: ", and ") + ".",
            mend: mend(code, circle))
    }

    /// Nodes that wait though they are on no circle; `nil` if there are none.
    func explain(waiting places: [SoundnessWaits.Place], _ model: SoundnessModel) -> SoundnessFinding? {
        if places.isEmpty { return nil }
        return SoundnessFinding(
            .waitsForMilestone, nodes: places.map { plain($0, model) }, trace: [],
            reason: places.map { quoted($0, model) }.joined(separator: ", ") + " wait for ever.",
            mend: "Take out what they wait for.")
    }

    private func code(of circle: [SoundnessWaits.Wait]) -> SoundnessFinding.Code {
        var code = SoundnessFinding.Code.waitsForMilestone
        for wait in circle {
            if case .turn = wait.cause { return .waitsForTurn }
            if case .sender = wait.cause { code = .waitsForSender }
        }
        return code
    }

    private func sentence(_ wait: SoundnessWaits.Wait, _ other: SoundnessWaits.Place, _ model: SoundnessModel) -> String
    {
        let (one, other) = (quoted(wait.place, model), quoted(other, model))
        return switch wait.cause {
        case .end: "\(one) may start only after the end of \(other)"
        case .start: "\(one) may start only after \(other) has started"
        case .edge: "\(one) comes after \(other)"
        case .turn(let key): "\(one) waits for the turn \"\(key)\" that \(other) has"
        case .sender(let channel): "\(one) reads the channel \"\(channel)\" until \(other) has ended"
        case .inside: "\(one) ends only after \(other)"
        }
    }

    private func mend(_ code: SoundnessFinding.Code, _ circle: [SoundnessWaits.Wait]) -> String {
        var keys: Set<String> = []
        for wait in circle { if case .turn(let key) = wait.cause { keys.insert(key) } }
        return switch code {
        case .waitsForTurn:
            keys.count > 1
                ? "Let all nodes take these turns in the same order, or give them one key."
                : "Let only one of them need the turn."
        case .waitsForSender: "Fork the reader beside its senders."
        case .waitsForMilestone, .neverRuns: "Take out the milestone, or the edge that contradicts it."
        }
    }

    private func plain(_ place: SoundnessWaits.Place, _ model: SoundnessModel) -> String {
        let (owner, node) = resolve(place, model)
        return name(place.path + [node], owner)
    }

    private func quoted(_ place: SoundnessWaits.Place, _ model: SoundnessModel) -> String {
        let (owner, node) = resolve(place, model)
        let name = "\"\(name(place.path + [node], owner))\""
        return node == place.unit ? name : "the loop at \(name)"
    }

    /// The node that stands for a place, a loop's header for the loop.
    private func resolve(_ place: SoundnessWaits.Place, _ model: SoundnessModel) -> (root: SoundnessModel, node: Int) {
        var owner = model
        for node in place.path { owner = owner.nodes[node].inner ?? owner }
        let plan = owner.plan
        if place.unit < plan.nodeCount { return (model, place.unit) }
        let loop = place.unit - plan.nodeCount
        return (model, plan.headers[loop] >= 0 ? Int(plan.headers[loop]) : plan.nodes(in: place.unit)[0])
    }
}

extension SoundnessFinding {
    /// Whether both say the same of the same nodes. A circle has no first node.
    func isSame(as other: SoundnessFinding) -> Bool {
        guard code == other.code else { return false }
        return code == .neverRuns ? nodes.first == other.nodes.first : Set(nodes) == Set(other.nodes)
    }
}
