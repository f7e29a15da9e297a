import Apus
import ApusAgents
import Foundation

extension Options {
    var databaseName: String { "overdue.db" }
    var databasePath: String { database ?? (out == "." ? databaseName : "\(out)/\(databaseName)") }

    /// What to type to go on with a run that these options started. The webhook's address is left out: it may be a secret.
    func resuming(_ run: some CustomStringConvertible) -> String {
        var words = ["swift run OverdueRequests resume", "\(run)"]
        if out != Options().out { words += ["--out", out] }
        if let database { words += ["--database", database] }
        return words.joined(separator: " ")
    }
}

extension ReviewParts {
    /// For the command: what a review reads is part of its state; whom it tells, and where, is said anew each time.
    init(_ options: Options, model: (any LLMProvider)?) {
        let folder = OutputFolder(path: options.out)
        let notifier: any Notifier =
            options.webhook.map {
                RetryingNotifier(WebhookNotifier(address: $0), .exponential(attempts: 3))
            } ?? LedgerNotifier(NoticeLedger(folder: folder))
        self.init(source: Self.source(of:), notifier: CrashingNotifier.asTold(notifier), folder: folder)
        decider = Decider(model: model)
    }

    @Sendable
    static func source(of review: OverdueReview) throws -> any RequestSource {
        let limit = review.limit ?? .max
        return try review.data.map { CSVRequestSource(path: $0, limit: limit) } ?? .sample(limit: limit)
    }
}
