import Apus

/// Reads the requests from where they are.
struct FetchRequests: Node {
    let source: @Sendable (OverdueReview) throws -> any RequestSource

    func run(_ review: inout OverdueReview, in context: NodeContext) async throws {
        let source = try source(review)
        let batch = try await source.requests()
        review.source = source.name
        review.requests = batch.requests
        review.problems += batch.problems
        let bad = batch.problems.isEmpty ? "" : ", \(batch.problems.count.of("row")) not readable"
        context.progress("\(batch.requests.count.of("request")) from \(source.name)\(bad)")
    }
}

/// Counts what is open, overdue and due soon, and picks out what is overdue.
struct AnalyseRequests: Node {
    func run(_ review: inout OverdueReview, in context: NodeContext) async throws {
        let analysis = Analysis(of: review.requests, at: review.asOf)
        review.analysis = analysis
        review.overdue = OverdueRequest.all(of: review.requests, at: review.asOf)
        let total = analysis.total
        context.progress("\(total.open) open, \(total.overdue) overdue, \(total.dueSoon) due soon")
    }
}

/// Asks a person before anything is escalated; without leave reminders go out instead.
struct ApproveEscalations: Node {
    func run(_ review: inout OverdueReview, in context: NodeContext) async throws {
        let approval = try await context.ask(Approval.question(about: review.notices))
        review.approval = approval
        review.notices = Notice.grouped(review.rulings, asOf: review.asOf)
        context.progress(approval == .yes ? "escalate" : "remind instead")
    }
}

/// Writes the report.
struct RecordReview: Node {
    let folder: OutputFolder

    func run(_ review: inout OverdueReview, in context: NodeContext) async throws {
        let report = Report(of: review)
        let path = try await context.step("report") {
            try folder.write(try JSON.encode(report, pretty: true), to: "report.json")
        }
        review.reportPath = path
        context.progress(path)
    }
}
