/// A collection of values by key, such as a dictionary.
public protocol KeyedCollection {
    associatedtype Key: Hashable
    associatedtype Value
    associatedtype Keys: Sequence<Key>
    var keys: Keys { get }
    /// The value of `key`; setting `nil` removes the entry.
    subscript(key: Key) -> Value? { get set }
}

extension Dictionary: KeyedCollection {}

/// Sets and removes entries.
struct KeysRule<Value: KeyedCollection & Codable & Equatable & Sendable>: MergeRule
where Value.Key: Codable & Sendable, Value.Value: Codable & Equatable & Sendable {
    typealias Operation = KeyedWrites<Value.Key, Value.Value>

    func operation(from before: Value, to after: Value) -> Operation? {
        var writes = Operation()
        for key in after.keys {
            guard let value = after[key], before[key] != value else { continue }
            writes.set[key] = value
        }
        for key in before.keys where after[key] == nil { writes.removed.insert(key) }
        return writes
    }

    func apply(_ operation: Operation, to value: inout Value) {
        for (key, entry) in operation.set { value[key] = entry }
        for key in operation.removed { value[key] = nil }
    }

    func combine(_ earlier: inout Operation, with later: Operation) {
        for (key, entry) in later.set {
            earlier.set[key] = entry
            earlier.removed.remove(key)
        }
        for key in later.removed {
            earlier.set[key] = nil
            earlier.removed.insert(key)
        }
    }

    func keys(of operation: Operation) -> [FieldKey]? {
        operation.set.keys.map { FieldKey($0) } + operation.removed.map { FieldKey($0) }
    }
}

/// The entries that a change set and removed; no key is in both.
struct KeyedWrites<Key: Hashable & Codable & Sendable, Value: Codable & Equatable & Sendable>: Codable, Equatable,
    Sendable
{
    var set: [Key: Value] = [:]
    var removed: Set<Key> = []
}
