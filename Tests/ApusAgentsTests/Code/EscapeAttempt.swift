import Apus
import Foundation

/// An attempt to get out, as it stands in a file of the folder Payloads.
///
/// A line `# name | words` begins one; the words say that it has to succeed where nothing confines it (`control`), or by which limit
/// it has to end.
struct EscapeAttempt: Sendable {
    var name: String
    var words: [String]
    var code: String

    var isControl: Bool { words.contains("control") }

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Payloads")

    static func text(_ file: String) throws -> String {
        try String(contentsOf: folder.appending(path: file), encoding: .utf8)
    }

    /// The attempts of a file, in which names in capitals between signs stand for what a world has.
    static func all(in file: String, _ world: EscapeWorld) throws -> [Self] {
        var attempts: [Self] = []
        for line in try text(file).split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("# ") {
                let parts = line.dropFirst(2).split(separator: " | ")
                let words = parts.dropFirst().flatMap { $0.split(separator: " ").map(String.init) }
                attempts.append(Self(name: String(parts[0]), words: words, code: ""))
            } else if !attempts.isEmpty {
                attempts[attempts.count - 1].code += line + "\n"
            }
        }
        return attempts.map { attempt in
            var attempt = attempt
            for (name, value) in world.names {
                var text = "\(value)"
                if case .string(let string) = value { text = string }
                attempt.code.replace("@\(name)@", with: text)
            }
            return attempt
        }
    }
}
