/// What is known of activations that are under way: few at most times, and then searched faster than hashed.
struct ActivationMap<Value: Sendable>: Sendable {
    private var few: [(id: ActivationID, value: Value)] = []
    private var many: [ActivationID: Value] = [:]
    private static var bound: Int { 8 }

    var count: Int { few.count + many.count }

    subscript(id: ActivationID) -> Value? {
        get { few.last { $0.id == id }?.value ?? (many.isEmpty ? nil : many[id]) }
        set {
            if let place = few.lastIndex(where: { $0.id == id }) {
                if let newValue { few[place].value = newValue } else { few.remove(at: place) }
            } else if let newValue, few.count < Self.bound, many.isEmpty || many[id] == nil {
                few.append((id, newValue))
            } else if newValue != nil || !many.isEmpty {
                many[id] = newValue
            }
        }
    }

    mutating func remove(_ id: ActivationID) -> Value? {
        if let place = few.lastIndex(where: { $0.id == id }) { return few.remove(at: place).value }
        return many.isEmpty ? nil : many.removeValue(forKey: id)
    }

    /// Takes all out, by their names.
    mutating func removeAll() -> [(id: ActivationID, value: Value)] {
        defer { (few, many) = ([], [:]) }
        let all = few + many.map { (id: $0.key, value: $0.value) }
        return all.count < 2 ? all : all.sorted { $0.id.description < $1.id.description }
    }
}

extension ActivationID {
    /// The nodes on the way, without rounds; elements and branches of a composite are `[]`. It names as many things as the graph has.
    var nodeName: String {
        if path.count == 1, path[0].index == nil { return path[0].node }
        return path.map { $0.index == nil ? $0.node : $0.node + "[]" }.joined(separator: "/")
    }

    /// Whether it is an element or a branch of a composite.
    var isElement: Bool { path.last?.index != nil }

    /// What it is a part of: the composite of an element, the node that runs a graph; `nil` at the top.
    var container: ActivationID? {
        guard let last = path.last else { return nil }
        if last.index != nil {
            return ActivationID(path.dropLast() + [.init(node: last.node, iterations: last.iterations)])
        }
        return path.count > 1 ? ActivationID(Array(path.dropLast())) : nil
    }
}
