/// A text file of the repository.
struct SourceFile: Sendable {
    /// Relative to the root of the repository.
    let path: String
    let lines: [Substring]
    /// Empty unless the file is Swift code.
    let tokens: [Token]

    init(_ path: String, _ text: String) {
        self.path = path
        lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        tokens = path.hasSuffix(".swift") ? Lexer.tokens(of: text) : []
    }

    var name: Substring { path.split(separator: "/").last ?? "" }
    var isSwift: Bool { path.hasSuffix(".swift") }
    /// The number of lines, the empty end after the last line break not counted.
    var length: Int { lines.last == "" ? lines.count - 1 : lines.count }

    func isIn(_ folder: String) -> Bool { path.hasPrefix(folder + "/") }

    func violation(_ line: Int, _ reason: String) -> Violation { Violation(path: path, line: line, reason: reason) }
}

/// A place that breaks a rule, and what to do about it.
struct Violation: Sendable, Equatable, CustomStringConvertible {
    let path: String
    let line: Int
    let reason: String

    var description: String { "\(path):\(line): \(reason)" }
}
