import Apus
import Foundation

/// Ends its process with `kill -9` at the worst moment, if it is told to: when a notice has gone out and nobody has written that down.
final class CrashingNotifier: Notifier {
    /// The variable that says after how many notices.
    static let variable = "OVERDUE_REQUESTS_KILL_AFTER"

    private let notifier: any Notifier
    private let left: Guarded<Int>

    private init(_ notifier: any Notifier, after notices: Int) {
        self.notifier = notifier
        left = Guarded(notices)
    }

    /// The notifier as the process was told to treat it.
    static func asTold(_ notifier: some Notifier) -> any Notifier {
        guard let notices = ProcessInfo.processInfo.environment[variable].flatMap({ Int($0) }) else { return notifier }
        return CrashingNotifier(notifier, after: notices)
    }

    func send(_ notice: Notice, key: String, in context: NodeContext) async throws {
        try await notifier.send(notice, key: key, in: context)
        let isLast = left.withLock { left in
            left -= 1
            return left == 0
        }
        if isLast { kill(getpid(), SIGKILL) }
    }
}
