/// What a crash in the middle of an effect means.
public struct EffectKind<Value: Codable & Sendable>: Sendable {
    enum Way: Sendable {
        case idempotent
        case atMostOnce
        case reconcile(@Sendable (_ key: String) async throws -> Value?)
    }

    let way: Way

    /// It is performed again, with the same key, by which the outside tells a repetition from a new one.
    public static var idempotent: EffectKind { EffectKind(way: .idempotent) }

    /// It is never performed again: the run stops *in doubt* until somebody says what became of it.
    public static var atMostOnce: EffectKind { EffectKind(way: .atMostOnce) }

    /// `probe` asks the outside what became of the effect with this key: its result, or `nil` if it did not happen, and then it is
    /// performed again.
    public static func reconcile(_ probe: @escaping @Sendable (_ key: String) async throws -> Value?) -> EffectKind {
        EffectKind(way: .reconcile(probe))
    }

    var name: String {
        switch way {
        case .idempotent: "idempotent"
        case .atMostOnce: "atMostOnce"
        case .reconcile: "reconcile"
        }
    }
}

/// A worker lets go of a run because nobody knows whether an effect happened.
struct EffectInDoubt: Error {
    var activation: String
    var name: String
}
