import Apus

/// Fires for what is appended to a log in the storage; every fifth entry is of no interest.
final class LogTrigger: Trigger {
    let name: String
    private let storage: any Storage
    private let ended = Guarded<Set<String>>([])

    init(_ name: String, _ storage: any Storage) {
        self.name = name
        self.storage = storage
    }

    static func key(_ number: Int) -> StorageKey { StorageKey("log", number) }
    static func isOfInterest(_ number: Int) -> Bool { number % 5 != 4 }

    func register(_ registration: TriggerRegistration) -> Firings {
        let last = Guarded(registration.position.flatMap { Int($0.rawValue) } ?? -1)
        return Firings { [self] in
            while !Task.isCancelled, !ended.withLock({ $0.contains(registration.id) }) {
                let number = last.withLock(\.self) + 1
                if let entry = try await storage.read([Self.key(number)])[0] {
                    last.withLock { $0 = number }
                    let position = TriggerPosition("\(number)")
                    guard Self.isOfInterest(number) else { return Arrival(movingTo: position) }
                    let due: WallTime = try entry.load()
                    return Arrival(Firing("e\(number)", due: due, payload: .integer(Int64(number)), position: position))
                }
                try await registration.environment.sleep(for: .milliseconds(400))
            }
            return nil
        }
    }

    func unregister(_ registration: TriggerRegistration) { ended.withLock { _ = $0.insert(registration.id) } }
}
