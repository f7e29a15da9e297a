import Apus

/// The real world without patience: whoever sleeps goes on at once.
struct HastyEnvironment: Environment {
    private let live = LiveEnvironment()

    var executor: (any TaskExecutor)? { nil }
    func now() -> Instant { live.now() }
    func random() -> UInt64 { live.random() }

    func sleep(until deadline: Instant) async throws {
        try Task.checkCancellation()
        await Task.yield()
    }
}
