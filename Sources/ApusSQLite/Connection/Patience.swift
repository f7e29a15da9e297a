import CSQLite

/// How long a connection waits for another one that holds the database.
final class Patience {
    /// In milliseconds.
    private let limit: Int64
    private let random: @Sendable () -> UInt64
    private var waited: Int64 = 0
    /// How often it had to wait at all.
    private(set) var waits = 0

    init(limit: Duration, random: @escaping @Sendable () -> UInt64) {
        let parts = limit.components
        self.limit = parts.seconds * 1_000 + parts.attoseconds / 1_000_000_000_000_000
        self.random = random
    }

    /// Waits a little longer each time, by chance; `false` once the limit is reached. `attempt` counts from 0.
    private func wait(_ attempt: Int32) -> Bool {
        if attempt == 0 {
            waited = 0
            waits += 1
        }
        guard waited < limit else { return false }
        let most = Int64(1) << Int64(min(attempt, 5))
        let delay = max(1, most / 2 + Int64(random() % UInt64(most)))
        waited += delay
        sqlite3_sleep(Int32(min(delay, max(1, limit - waited + delay))))
        return true
    }

    /// Lets the connection ask this object, which has to live as long as it does.
    func attend(_ connection: OpaquePointer) {
        sqlite3_busy_handler(
            connection,
            { context, attempt in
                guard let context else { return 0 }
                return Unmanaged<Patience>.fromOpaque(context).takeUnretainedValue().wait(attempt) ? 1 : 0
            }, Unmanaged.passUnretained(self).toOpaque())
    }
}
