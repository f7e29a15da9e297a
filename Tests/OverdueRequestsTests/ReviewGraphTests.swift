import Apus
import ApusTesting
import Foundation
import OverdueRequestsKit
import Testing

@Suite struct ReviewGraphTests {
    @Test func `the sample is fetched, analysed, decided, told and recorded`() async throws {
        let folder = TemporaryFolder()
        let notifier = RecordingNotifier()
        let (review, recording) = try await review(.init(source: .sample(), notifier: notifier, folder: folder.output))
        #expect(review.requests.count == 2000 && review.decisions.count == 138 && review.told == 138)
        #expect(notifier.sent == ["DOF", "DOT", "DHS", "DPR", "DOHMH", "DFTA"])
        #expect(review.deliveries.map(\.agency) == notifier.sent)
        #expect(
            recording.failures(
                of: .order(of: "fetch", before: "analyse"), .order(of: "analyse", before: "decide"),
                .order(of: "decide", before: "notify"), .order(of: "notify", before: "record"), .ended(.completed))
                == [])
        #expect(try folder.report().decisions == Array(review.decisions))
    }

    @Test func `decisions stand in the order of the due dates, whatever ends first`() async throws {
        let folder = TemporaryFolder()
        let review = try await review(.init(source: .sample(), notifier: RecordingNotifier(), folder: folder.output)).0
        #expect(review.decisions.map(\.request) == review.overdue.map(\.request))
        let due = try folder.report().decisions.compactMap(\.request.due)
        #expect(due.count == 138 && due == due.sorted())
    }

    @Test func `with nothing overdue the report is written and nobody told`() async throws {
        let folder = TemporaryFolder()
        let source = ListSource(requests: [Samples.request(late: 1)])
        let notifier = RecordingNotifier()
        let before = try LocalTime(isoForm: "2011-03-02")
        let (_, recording) = try await review(
            .init(source: source, notifier: notifier, folder: folder.output), at: before)
        #expect(recording.failures(of: .skipped("decide"), .skipped("notify"), .visited("record", times: 1)) == [])
        #expect(notifier.sent == [])
        #expect(try folder.report().counts == Analysis.Count(open: 1))
    }

    @Test func `a notice that can't be delivered is recorded and the others go out`() async throws {
        let folder = TemporaryFolder()
        let notifier = RecordingNotifier(refusing: ["DHS"])
        let (review, _) = try await review(.init(source: .sample(), notifier: notifier, folder: folder.output))
        #expect(notifier.sent == ["DOF", "DOT", "DPR", "DOHMH", "DFTA"])
        #expect(review.told == 127)
        let failures = try folder.report().deliveries.filter { $0.failure != nil }
        #expect(failures == [Delivery(agency: "DHS", requests: 11, failure: "refused")])
    }

    @Test func `a report holds nothing that was not known at its moment`() async throws {
        let folder = TemporaryFolder()
        _ = try await review(.init(source: .sample(), notifier: RecordingNotifier(), folder: folder.output))
        #expect(try folder.report().decisions.allSatisfy { $0.request.closed == nil })
    }

    @Test func `the same data and moment give the same report, byte for byte`() async throws {
        let folders = [TemporaryFolder(), TemporaryFolder()]
        for folder in folders {
            _ = try await review(.init(source: .sample(), notifier: RecordingNotifier(), folder: folder.output))
        }
        #expect(try folders[0].bytes("report.json") == folders[1].bytes("report.json"))
    }

    @Test func `what the simulator does differently leaves the review as it is`() throws {
        let folder = TemporaryFolder()
        let graph = try Graph.review(
            with: ReviewParts(
                source: .sample(limit: 300), notifier: RecordingNotifier(), folder: folder.output))
        var reviews: [OverdueReview] = []
        for seed in UInt64(1)...5 {
            reviews.append(
                try Simulator(seed: seed).run { environment in
                    let executor = GraphExecutor(environment: environment)
                    let run = executor.start(graph, from: OverdueReview(asOf: Samples.asOf))
                    _ = try await run.events(saying: .yes)
                    return try await run.value
                })
            #expect(reviews.last == reviews.first, "seed \(seed)")
        }
    }

    @Test(arguments: Approval.allCases)
    func `what a person says decides whether anything is escalated`(_ approval: Approval) async throws {
        let folder = TemporaryFolder()
        let source = ListSource(requests: [Samples.request("1", late: 8), Samples.request("2", late: 2)])
        let parts = ReviewParts(source: source, notifier: RecordingNotifier(), folder: folder.output)
        let review = try await review(parts, saying: approval).0
        #expect(review.approval == approval)
        let actions = review.notices.flatMap(\.decisions).map(\.action)
        #expect(actions == (approval == .yes ? [.escalate(level: 1), .remind] : [.remind, .remind]))
        let report = try folder.report()
        #expect(report.approval == approval && report.decisions.map(\.action) == actions)
        let reasons = try #require(report.decisions.first?.reasons)
        #expect(reasons.contains("to escalate was not approved") == (approval == .no))
    }

    @Test func `with nothing to escalate nobody is asked`() async throws {
        let folder = TemporaryFolder()
        let source = ListSource(requests: [Samples.request(late: 2)])
        let parts = ReviewParts(source: source, notifier: RecordingNotifier(), folder: folder.output)
        let (review, recording) = try await review(parts)
        #expect(recording.failures(of: .skipped("approve"), .visited("notify", times: 1)) == [])
        #expect(review.approval == nil && review.told == 1)
    }

    private func review(
        _ parts: ReviewParts, at moment: LocalTime = Samples.asOf, saying approval: Approval = .yes
    ) async throws -> (OverdueReview, RunRecording) {
        let run = GraphExecutor().start(try Graph.review(with: parts), from: OverdueReview(asOf: moment))
        let events = try await run.events(saying: approval)
        return (try await run.value, RunRecording(events))
    }
}

/// A source that holds its requests.
struct ListSource: RequestSource {
    var requests: [ServiceRequest]
    var name: String { "list" }

    func requests() async throws -> RequestBatch {
        var batch = RequestBatch()
        batch.requests = requests
        return batch
    }
}

extension Run where State == OverdueReview {
    /// All that happens in a review in which somebody answers what is asked.
    func events(saying approval: Approval) async throws -> [RunEvent] {
        var all: [RunEvent] = []
        for try await event in events {
            all.append(event)
            if case .asked(_, let question) = event.kind { try await answer(question, with: approval) }
        }
        return all
    }
}

/// Keeps whom it told, in order, and refuses some.
final class RecordingNotifier: Notifier {
    struct Refusal: Error, CustomStringConvertible { let description = "refused" }

    private let refused: Set<String>
    private let agencies = Guarded<[String]>([])

    init(refusing refused: Set<String> = []) { self.refused = refused }

    var sent: [String] { agencies.withLock { $0 } }

    func send(_ notice: Notice, key: String, in context: NodeContext) async throws {
        if refused.contains(notice.agency) { throw Refusal() }
        agencies.withLock { $0.append(notice.agency) }
    }
}
