public import Apus

/// What a review works with.
public struct ReviewParts: Sendable {
    public var source: any RequestSource
    public var rules = DecisionRules()
    public var notifier: any Notifier
    public var folder: OutputFolder

    public init(source: some RequestSource, notifier: some Notifier, folder: OutputFolder) {
        self.source = source
        self.notifier = notifier
        self.folder = folder
    }
}

extension Graph where State == OverdueReview {
    /// Fetch, analyse, decide about each overdue request side by side, notify the agencies one by one, and record.
    ///
    /// With nothing overdue there is nothing to decide. A notice that can't be delivered is recorded, and does not keep the
    /// others from going out.
    public static func review(with parts: ReviewParts) throws -> Graph<OverdueReview> {
        let rules = parts.rules
        let notifier = parts.notifier
        return try Graph("overdue-requests") { g in
            let fetch = g.node("fetch", FetchRequests(source: parts.source)).timeout(.seconds(30))
            let analyse = g.node("analyse", AnalyseRequests())
            let decide = g.forEach("decide", \.overdue, concurrency: 8) { overdue, _ in
                rules.decide(overdue)
            } collect: { review, decisions in
                review.decisions += decisions
                review.notices = Notice.grouped(decisions, asOf: review.asOf)
            }
            let notify = g.forEach("notify", \.notices, concurrency: 1) { notice, context in
                try await notifier.send(notice, in: context)
                return notice.decisions.count
            } settle: { review, results in
                for (notice, result) in zip(review.notices, results) { review.settle(notice, result) }
            }
            let record = g.node("record", RecordReview(folder: parts.folder))

            g.start(at: fetch)
            g.chain(fetch, analyse)
            g.route(from: analyse, to: [decide, record]) { $0.overdue.isEmpty ? record : decide }
            g.chain(decide, notify, record)
        }
    }
}
