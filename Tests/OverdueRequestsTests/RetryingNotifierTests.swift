import Apus
import ApusTesting
import OverdueRequestsKit
import Testing

@Suite struct RetryingNotifierTests {
    @Test func `what may pass is sent again after a growing wait`() throws {
        let (review, elapsed, sent) = try run(failing: 2, with: .transient)
        #expect(review.told == 1 && sent == 3)
        #expect(elapsed >= .seconds(30) && elapsed < .seconds(31))
    }

    @Test func `what will not pass is sent once`() throws {
        let (review, elapsed, sent) = try run(failing: 2, with: .permanent)
        #expect(review.deliveries.map(\.failure) == ["permanent"] && sent == 1)
        #expect(elapsed < .seconds(1))
    }

    @Test func `after the last attempt the failure is recorded`() throws {
        let (review, _, sent) = try run(failing: 9, with: .transient)
        #expect(review.deliveries.map(\.failure) == ["transient"] && sent == 3)
    }

    private func run(
        failing failures: Int, with kind: FailureKind
    ) throws -> (review: OverdueReview, elapsed: Duration, sent: Int) {
        let shaky = ShakyNotifier(failures: failures, kind: kind)
        let policy = RetryPolicy.exponential(attempts: 3, first: .seconds(10), jitter: 0)
        let folder = TemporaryFolder()
        let parts = ReviewParts(
            source: ListSource(requests: [Samples.request(late: 2)]), notifier: RetryingNotifier(shaky, policy),
            folder: folder.output)
        let graph = try Graph.review(with: parts)
        let simulator = Simulator(seed: 1)
        let review = try simulator.run { environment in
            try await GraphExecutor(environment: environment).run(graph, from: OverdueReview(asOf: Samples.asOf))
        }
        #expect(folder.files == ["report.json"])
        return (review, simulator.elapsed, shaky.sent)
    }
}

/// Fails the first times.
private final class ShakyNotifier: Notifier {
    struct Failure: ClassifiedError, CustomStringConvertible {
        let failureKind: FailureKind
        var description: String { failureKind.rawValue }
    }

    private let failures: Int
    private let kind: FailureKind
    private let count = Guarded(0)

    init(failures: Int, kind: FailureKind) {
        self.failures = failures
        self.kind = kind
    }

    var sent: Int { count.withLock { $0 } }

    func send(_ notice: Notice, key: String, in context: NodeContext) async throws {
        let attempt = count.withLock { count in
            count += 1
            return count
        }
        if attempt <= failures { throw Failure(failureKind: kind) }
    }
}
