public import Apus

/// What a review works with.
public struct ReviewParts: Sendable {
    /// Where the requests of a review come from.
    public var source: @Sendable (OverdueReview) throws -> any RequestSource
    public var decider = Decider()
    public var notifier: any Notifier
    public var folder: OutputFolder

    public init(
        source: @escaping @Sendable (OverdueReview) throws -> any RequestSource, notifier: some Notifier,
        folder: OutputFolder
    ) {
        self.source = source
        self.notifier = notifier
        self.folder = folder
    }

    /// The same for any review.
    public init(source: some RequestSource, notifier: some Notifier, folder: OutputFolder) {
        self.init(source: { _ in source }, notifier: notifier, folder: folder)
    }
}

extension Graph where State == OverdueReview {
    /// Fetch, analyse, decide about each overdue request side by side, ask before escalating, notify the agencies one by one, and
    /// record.
    ///
    /// With nothing overdue there is nothing to decide, and with nothing to escalate nothing to ask. A notice that can't be
    /// delivered is recorded, and does not keep the others from going out. Each notice and the report are effects of their own,
    /// so that a run that is taken up after a crash does not repeat those that are written down.
    public static func review(with parts: ReviewParts) throws -> Graph<OverdueReview> {
        let decider = parts.decider
        let notifier = parts.notifier
        return try Graph("overdue-requests") { g in
            let fetch = g.node("fetch", FetchRequests(source: parts.source)).timeout(.seconds(30))
            let analyse = g.node("analyse", AnalyseRequests())
            let decide = g.forEach("decide", \.overdue, concurrency: 8) { overdue, _ in
                try await decider.decide(overdue)
            } collect: { review, decisions in
                review.decisions += decisions
                review.notices = Notice.grouped(decisions, asOf: review.asOf)
            }
            let approve = g.node("approve", ApproveEscalations())
            let notify = g.forEach("notify", \.notices, concurrency: 1) { notice, context in
                try await context.step("notify-\(notice.agency)") { key in
                    try await notifier.send(notice, key: key, in: context)
                }
                return notice.decisions.count
            } settle: { review, results in
                for (notice, result) in zip(review.notices, results) { review.settle(notice, result) }
            }
            let record = g.node("record", RecordReview(folder: parts.folder))

            g.start(at: fetch)
            g.chain(fetch, analyse)
            g.route(from: analyse, to: [decide, record]) { $0.overdue.isEmpty ? record : decide }
            g.route(from: decide, to: [approve, notify]) { review in
                review.notices.contains { $0.escalates } ? approve : notify
            }
            g.chain(approve, notify, record)
        }
    }
}
