/// A collection that only ever grows at its end and can tell what was added, such as ``Log``.
public protocol AppendOnly<Element> {
    associatedtype Element
    /// What was appended since `earlier`; `nil` unless `earlier` is how this collection begins.
    func additions(since earlier: Self) -> [Element]?
    mutating func append(contentsOf elements: [Element])
}

/// Appends to a collection that can do more than grow.
struct AppendRule<Value: RangeReplaceableCollection & Codable & Equatable & Sendable>: MergeRule
where Value.Element: Equatable {
    func operation(from before: Value, to after: Value) -> Value? { payload(from: before, to: after)?.value }

    func payload(from before: Value, to after: Value) -> TypedPayload<Value>? {
        let count = before.count
        guard after.count > count, begins(after, with: before, count) else { return nil }
        return TypedPayload(Value(after.suffix(from: after.index(after.startIndex, offsetBy: count))))
    }

    func apply(_ operation: Value, to value: inout Value) { value.append(contentsOf: operation) }
    func combine(_ earlier: inout Value, with later: Value) { earlier.append(contentsOf: later) }

    private func begins(_ value: Value, with start: Value, _ count: Int) -> Bool {
        let contiguous = value.withContiguousStorageIfAvailable { whole in
            start.withContiguousStorageIfAvailable { part in
                for index in 0..<count where whole[index] != part[index] { return false }
                return true
            }
        }
        return (contiguous ?? nil) ?? value.starts(with: start)
    }
}

/// Appends to a collection that only grows.
struct AppendOnlyRule<Value: AppendOnly & Codable & Equatable & Sendable>: MergeRule
where Value.Element: Codable & Equatable & Sendable {
    func operation(from before: Value, to after: Value) -> [Value.Element]? { after.additions(since: before) }
    func apply(_ operation: [Value.Element], to value: inout Value) { value.append(contentsOf: operation) }
    func combine(_ earlier: inout [Value.Element], with later: [Value.Element]) { earlier += later }
}
