import Apus
import ApusAgents
import OverdueRequestsKit

/// The command as one test calls it, several times over one storage.
struct Commanded {
    struct Result {
        var code: ExitCode
        var output: String
        var errors: String
    }

    private final class Texts: Sendable {
        let output = Guarded("")
        let errors = Guarded("")
        let typed: Guarded<[String]>

        init(_ typed: [String]) { self.typed = Guarded(typed) }
    }

    private let database: Database

    init(_ database: Database = .storage(MemoryStorage())) { self.database = database }

    /// `typed` are the lines that somebody at the terminal types; `nil` where there is no terminal.
    func run(_ arguments: [String], typed: [String]? = nil, model: (any LLMProvider)? = nil) async -> Result {
        let texts = Texts(typed ?? [])
        let input: @Sendable () -> String? = { texts.typed.withLock { $0.isEmpty ? nil : $0.removeFirst() } }
        let console = Console(
            output: { text in texts.output.withLock { $0 += text } },
            errors: { text in texts.errors.withLock { $0 += text } }, input: typed == nil ? nil : input)
        let code = await ReviewCommand(console: console, database: database, model: model).run(arguments)
        return Result(code: code, output: texts.output.withLock { $0 }, errors: texts.errors.withLock { $0 })
    }
}
