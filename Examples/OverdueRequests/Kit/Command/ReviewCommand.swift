public import Apus
public import ApusAgents
public import Foundation

/// The command: reads the arguments, runs the review, shows its progress and writes its results.
public struct ReviewCommand: Sendable {
    private let console: Console
    private let environment: any Environment
    private let database: Database
    private let executable: URL?
    private let model: (any LLMProvider)?

    /// `executable` is the program that the command stands in; without it there is no `crash`. Without `model` rules decide alone.
    public init(
        console: Console = .standard, environment: any Environment = .live, database: Database = .file,
        executable: URL? = nil, model: (any LLMProvider)? = nil
    ) {
        self.console = console
        self.environment = environment
        self.database = database
        self.executable = executable
        self.model = model
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
            switch options.command {
            case .review: return try await review(options)
            case .resume(let run): return try await resume(RunID(run), options)
            case .list: return try await list(options)
            case .crash: return try await crash(options)
            }
        } catch {
            return complain(of: error)
        }
    }

    private func review(_ options: Options) async throws -> ExitCode {
        let first = OverdueReview(
            asOf: options.asOf, data: options.data, limit: options.limit == .max ? nil : options.limit)
        // What is wrong with the arguments shows before there is a run.
        _ = try await ReviewParts.source(of: first).requests()
        if options.database == nil { try OutputFolder(path: options.out).prepare(for: options.databaseName) }
        let engine = try await engine(options, creating: true)
        let graph = try Graph.review(with: ReviewParts(options, model: model))
        let run = options.run.map { RunID($0) } ?? RunID(from: environment)
        try await engine.start(graph, from: first, id: run)
        console.print("Service requests as of \(options.asOf), run \(run) in \(options.databasePath)\n")
        return try await finish(run, graph, engine, options)
    }

    private func resume(_ run: RunID, _ options: Options) async throws -> ExitCode {
        let engine = try await engine(options, creating: false)
        guard let head = try await engine.status(of: run) else { throw JournalError(.unknownRun, run: run) }
        if [.failed, .dead].contains(head.status) { try await engine.retry(run) }
        console.print("Run \(run) in \(options.databasePath)\n")
        return try await finish(run, try Graph.review(with: ReviewParts(options, model: model)), engine, options)
    }

    /// Gets the run to its end, or to where only a person can get it on.
    private func finish(
        _ run: RunID, _ graph: Graph<OverdueReview>, _ engine: Engine, _ options: Options
    ) async throws -> ExitCode {
        engine.register(graph)
        let host = ReviewHost(engine: engine, run: run)
        var view = ReviewView(console: console, graph: graph)
        var isFirst = true
        while let head = try await engine.status(of: run), !head.status.isTerminal {
            guard head.fingerprint == graph.fingerprint else { throw JournalError(.otherGraph, run: run) }
            if let question = try await engine.questions(of: run, limit: 1).first {
                guard let approval = approval(for: question, options) else { return .waiting }
                try await answer(question, approval, engine)
            }
            if head.status == .running, isFirst {
                console.print("It goes on here when the process that had it has been silent for two seconds.")
            }
            guard try await host.proceed({ view.show($0) }) else {
                throw CommandError(.failed, "the run \(run) can't be taken up; it is \(head.status)")
            }
            isFirst = false
        }
        let review = try await engine.value(of: run, graph)
        let folder = OutputFolder(path: options.out)
        let files = [review.reportPath].compactMap { $0 } + (try view.draw(into: folder))
        console.print("\n\(Summary(of: review).text)\n\nWritten: \(files.joined(separator: ", "))")
        return review.deliveries.allSatisfy { $0.failure == nil } ? .done : .undelivered
    }

    /// What the options or whoever sits at the terminal say; `nil` if there is nobody to ask.
    private func approval(for question: OpenQuestion, _ options: Options) -> Approval? {
        console.print("\n\(question.text)")
        if let approval = options.approve {
            console.print("--approve \(approval.rawValue)\n")
            return approval
        }
        let typed = console.ask("Escalate? (yes, no)") { word in
            Approval.allCases.first { !word.isEmpty && $0.rawValue.hasPrefix(word) }
        }
        if typed == nil {
            console.print("\nThe run waits for the answer: \(options.resuming(question.run)) --approve yes")
        } else {
            console.print()
        }
        return typed
    }

    private func answer(_ question: OpenQuestion, _ approval: Approval, _ engine: Engine) async throws {
        do {
            try await engine.answer(question.run, question.id, with: approval)
        } catch let error as AnswerError where error.code == .notOpen {
            // Another process has answered it.
        }
    }

    private func list(_ options: Options) async throws -> ExitCode {
        let engine = try await engine(options, creating: false)
        let name = try Graph.review(with: ReviewParts(options, model: model)).name
        let list = RunList(engine: engine, graph: name) { "\(options.resuming($0)) --approve yes" }
        console.print(try await list.text())
        return .done
    }

    private func crash(_ options: Options) async throws -> ExitCode {
        guard let executable else { throw CommandError(.failed, "crash needs a program to kill") }
        let trial = CrashTrial(executable: executable, folder: options.out, environment: environment)
        return try await trial.run(nil, console) ? .done : .failed
    }

    private func engine(_ options: Options, creating: Bool) async throws -> Engine {
        let storage = try await database.open(options.databasePath, creating: creating)
        return Engine(storage: storage, environment: environment, options: ReviewHost.options)
    }
}

extension ReviewCommand {
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
        case let error as CommandError:
            console.complain("\(error)")
            return error.code
        case let error as JournalError where error.code == .otherRun || error.code == .unknownRun:
            console.complain("\(error)")
            return error.code == .otherRun ? .usage : .noInput
        default:
            console.complain("\(error)")
            return .failed
        }
    }
}
