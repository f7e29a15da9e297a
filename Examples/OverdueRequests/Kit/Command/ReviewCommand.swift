public import Apus

/// The command: reads the arguments, runs the review, shows its progress and writes its results.
public struct ReviewCommand: Sendable {
    private let console: Console
    private let environment: any Environment

    public init(console: Console = .standard, environment: any Environment = .live) {
        self.console = console
        self.environment = environment
    }

    /// `arguments` are those behind the command's name.
    @concurrent
    public func run(_ arguments: [String]) async -> ExitCode {
        do {
            let options = try Options(arguments)
            guard !options.help else {
                console.print(Option.help)
                return .done
            }
            return try await review(options)
        } catch {
            return complain(of: error)
        }
    }

    private func review(_ options: Options) async throws -> ExitCode {
        let folder = OutputFolder(path: options.out)
        let graph = try Graph.review(with: try parts(for: options, writingTo: folder))
        console.print("Service requests as of \(options.asOf)\n")
        let run = GraphExecutor(environment: environment).start(graph, from: OverdueReview(asOf: options.asOf))
        var events: [RunEvent] = []
        var view = ProgressView(console: console, nodes: graph.nodes)
        for try await event in run.events {
            events.append(event)
            view.show(event)
        }
        let review = try await run.value
        let files = [review.reportPath].compactMap { $0 } + (try draw(graph.outline, events, into: folder))
        console.print("\n\(Summary(of: review).text)\n\nWritten: \(files.joined(separator: ", "))")
        return review.deliveries.allSatisfy { $0.failure == nil } ? .done : .undelivered
    }

    private func parts(for options: Options, writingTo folder: OutputFolder) throws -> ReviewParts {
        let source =
            try options.data.map { CSVRequestSource(path: $0, limit: options.limit) } ?? .sample(limit: options.limit)
        let notifier: any Notifier =
            options.webhook.map {
                RetryingNotifier(WebhookNotifier(address: $0), .exponential(attempts: 3))
            } ?? PrintedNotifier()
        return ReviewParts(source: source, notifier: notifier, folder: folder)
    }

    /// Draws the graph with what the run did on it, and the run over time; returns the paths.
    private func draw(_ outline: GraphOutline, _ events: [RunEvent], into folder: OutputFolder) throws -> [String] {
        [
            try folder.write(outline.svg(overlay: RunOverlay(events: events)), to: "graph.svg"),
            try folder.write(RunTimeline(events: events).svg(), to: "timeline.svg"),
        ]
    }

    /// Says what went wrong; a run's error is told as its cause.
    private func complain(of error: any Error) -> ExitCode {
        switch (error as? RunError)?.underlying ?? error {
        case let error as UsageError:
            console.complain("\(error)\nusage: OverdueRequests [options]; --help lists them")
            return .usage
        case let error as SourceError:
            console.complain("\(error)")
            return error.code == .missing || error.code == .unreadable ? .noInput : .badData
        case let error as OutputError:
            console.complain("\(error)")
            return .cannotWrite
        default:
            console.complain("\(error)")
            return .failed
        }
    }
}
