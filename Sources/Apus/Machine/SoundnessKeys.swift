/// Which turns can matter to a wait in a circle. All others only order time.
struct SoundnessKeys {
    private var wanted: [String: Set<String>] = [:]

    init(_ facts: SoundnessFacts) { note(facts) }

    /// The turns that something holds while it waits for others, in a circle, and those held around them, which may keep
    /// the circle from closing.
    var circular: Set<String> {
        let circle = wanted.keys.filter { reaches($0, $0) }
        return Set(wanted.keys.filter { key in circle.contains { $0 == key || reaches(key, $0) } })
    }

    private mutating func note(_ facts: SoundnessFacts) {
        for (index, node) in facts.nodes.enumerated() {
            if let key = node.key {
                wanted[key, default: []].formUnion(node.inner.flatMap(\.keys))
                if !node.reads.isEmpty {
                    var others = facts
                    others.nodes.remove(at: index)
                    wanted[key, default: []].formUnion(others.keys)
                }
            }
            for inner in node.inner { note(inner) }
        }
    }

    private func reaches(_ start: String, _ goal: String) -> Bool {
        var seen: Set<String> = []
        var open = [start]
        while let key = open.popLast() {
            for next in wanted[key] ?? [] where seen.insert(next).inserted {
                if next == goal { return true }
                open.append(next)
            }
        }
        return false
    }
}
