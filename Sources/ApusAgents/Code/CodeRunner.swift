public import Apus

/// Runs code that somebody else wrote, such as a model.
///
/// Whatever the code does, the run ends: by itself, or by a limit that ``CodeOutcome/ending`` names. Nothing of it is left
/// afterwards, neither a process nor a file. A run that is cancelled is stopped and throws `CancellationError`.
public protocol CodeRunner: Sendable {
    /// What it runs; the first where a request names none.
    var languages: [String] { get }
    /// What a run may take at most.
    var limits: CodeLimits { get }
    /// Throws ``CodeError`` if the code was not run. Code that fails is an outcome, not an error. `environment` measures
    /// the time.
    func run(_ request: CodeRequest, in environment: any Environment) async throws -> CodeOutcome
}

/// Code, and what it is run with.
public struct CodeRequest: Sendable, Hashable, Codable {
    public var code: String
    /// One of ``CodeRunner/languages``; `nil` for the first.
    public var language: String?
    /// What the code reads from its standard input.
    public var input: String
    /// Tighter limits than the runner's; what is wider is not heeded.
    public var limits: CodeLimits?

    public init(_ code: String, language: String? = nil, input: String = "", limits: CodeLimits? = nil) {
        self.code = code
        self.language = language
        self.input = input
        self.limits = limits
    }
}
