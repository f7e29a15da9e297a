public import Apus

/// Sends again, notice by notice, what failed for a reason that may pass.
public struct RetryingNotifier: Notifier {
    private let notifier: any Notifier
    private let policy: RetryPolicy

    public init(_ notifier: some Notifier, _ policy: RetryPolicy) {
        self.notifier = notifier
        self.policy = policy
    }

    public func send(_ notice: Notice, key: String, in context: NodeContext) async throws {
        var attempt = 1
        while true {
            do {
                return try await notifier.send(notice, key: key, in: context)
            } catch  where attempt < policy.attempts && policy.accepts(error) && !(error is CancellationError) {
                context.progress("\(notice.agency), attempt \(attempt) of \(policy.attempts): \(error)")
                let delay = policy.delay(after: attempt, error: error, chance: context.environment.random())
                try await context.environment.sleep(for: delay)
                attempt += 1
            }
        }
    }
}
