import Apus

/// Where a simulated body leaves what it returned or threw.
final class Outcome<Success: Sendable>: Sendable {
    private let stored = Guarded<Result<Success, any Error>?>(nil)

    var result: Result<Success, any Error>? {
        get { stored.withLock { $0 } }
        set { stored.withLock { $0 = newValue } }
    }
}
