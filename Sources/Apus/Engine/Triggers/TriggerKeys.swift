/// Where the parts of triggers are stored.
enum TriggerKeys {
    static let all = StorageKey("trigger")
    static func state(_ trigger: String) -> StorageKey { StorageKey("trigger", trigger) }

    /// What firings that wait carry.
    static func load(_ trigger: String, _ firing: Firing.ID) -> StorageKey {
        StorageKey("trigger-load", trigger, firing)
    }

    /// What became of firings that can't be told again, for a while.
    static func outcome(_ trigger: String, _ firing: Firing.ID) -> StorageKey {
        StorageKey("trigger-outcome", trigger, firing)
    }

    /// The group of the runs whose end a trigger has to hear of.
    static func group(_ trigger: String) -> String { "trigger/\(trigger)" }
}

/// The stored state of a trigger, with the bytes that have to be there still when it is replaced.
struct StoredTrigger: Sendable {
    var state: TriggerState
    let bytes: [UInt8]

    init?(_ entry: StorageEntry?) throws {
        guard let entry else { return nil }
        state = try entry.load()
        bytes = entry.value
    }
}
