import Foundation

/// Where the command writes to.
public struct Console: Sendable {
    /// Whether lines may be replaced while the command runs.
    public var isTerminal: Bool
    private let output: @Sendable (String) -> Void
    private let errors: @Sendable (String) -> Void
    /// Reads a line that somebody types; `nil` where nobody can.
    private let input: (@Sendable () -> String?)?

    public init(
        isTerminal: Bool = false, output: @escaping @Sendable (String) -> Void,
        errors: @escaping @Sendable (String) -> Void, input: (@Sendable () -> String?)? = nil
    ) {
        self.input = input
        self.isTerminal = isTerminal
        self.output = output
        self.errors = errors
    }

    /// The standard output and the standard error of this process.
    public static var standard: Console {
        let type: @Sendable () -> String? = { readLine() }
        return Console(
            isTerminal: isatty(STDOUT_FILENO) == 1,
            output: { FileHandle.standardOutput.write(Data($0.utf8)) },
            errors: { FileHandle.standardError.write(Data($0.utf8)) },
            input: isatty(STDIN_FILENO) == 1 ? type : nil)
    }

    func print(_ line: String = "") { output("\(line)\n") }

    /// Shows a line that the next one replaces; nothing where lines can't be replaced.
    func show(_ line: String) { if isTerminal { output("\r\u{1B}[2K\(line)") } }

    /// Takes back what ``show(_:)`` wrote.
    func clear() { show("") }

    /// Asks until `read` makes sense of an answer; `nil` if there is nobody to ask.
    func ask<Answer>(_ prompt: String, _ read: (String) -> Answer?) -> Answer? {
        guard let input else { return nil }
        while true {
            output("\(prompt) ")
            guard let line = input() else { return nil }
            if let answer = read(line.trimmingCharacters(in: .whitespaces).lowercased()) { return answer }
        }
    }

    func complain(_ line: String) { errors("OverdueRequests: \(line)\n") }
}
