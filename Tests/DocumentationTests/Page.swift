import Foundation
import Testing

/// A Markdown page, or the documentation comments of a source file, cut into its blocks of code.
struct Page: Sendable, CustomTestStringConvertible {
    /// A fenced block of code.
    struct Block: Sendable, Equatable {
        var language: String
        /// The line of its first line of code, counted from 1.
        var line: Int
        var code: [String]
        /// What `<!-- swift: … -->` directly above it says.
        var directive: String?

        /// The source file that it shows, where it is compiled as part of the repository: `<!-- swift: is Path.swift -->`.
        var file: String? {
            guard let directive, directive.hasPrefix("is ") else { return nil }
            return String(directive.dropFirst("is ".count))
        }
    }

    let path: String
    let lines: [String]
    private(set) var blocks: [Block] = []
    /// Declarations that the readers do not see: the lines of `<!-- swift: preamble … -->`.
    private(set) var preamble: Block?

    var testDescription: String { path }

    init(_ path: String, _ text: String) {
        self.path = path
        let all = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        lines = path.hasSuffix(".swift") ? all.map(Self.documentation(of:)) : all
        cut()
    }

    private static func documentation(of line: String) -> String {
        let line = line.drop { $0 == " " }
        guard line.hasPrefix("///") else { return "" }
        return String(line.dropFirst(line.hasPrefix("/// ") ? 4 : 3))
    }

    private mutating func cut() {
        var index = 0
        var directive: String?
        while index < lines.count {
            let line = lines[index].trimmingCharacters(in: .whitespaces)
            if line.hasPrefix("```") {
                let indent = lines[index].prefix { $0 == " " }.count
                let end = self.end(after: index) { $0.trimmingCharacters(in: .whitespaces) == "```" }
                let code = lines[index + 1..<end].map {
                    String($0.dropFirst(min(indent, $0.prefix { $0 == " " }.count)))
                }
                blocks.append(
                    Block(language: String(line.dropFirst(3)), line: index + 2, code: code, directive: directive))
                directive = nil
                index = end
            } else if line == "<!-- swift: preamble" {
                let end = self.end(after: index) { $0.trimmingCharacters(in: .whitespaces) == "-->" }
                preamble = Block(language: "swift", line: index + 2, code: Array(lines[index + 1..<end]))
                index = end
            } else if line.hasPrefix("<!-- swift: "), line.hasSuffix(" -->") {
                directive = String(line.dropFirst("<!-- swift: ".count).dropLast(" -->".count))
            } else if !line.isEmpty {
                directive = nil
            }
            index += 1
        }
    }

    private func end(after start: Int, where isEnd: (String) -> Bool) -> Int {
        lines[(start + 1)...].firstIndex(where: isEnd) ?? lines.count
    }
}

extension Page {
    private static let root = Checkout.root

    /// Every page of the repository that has code, and every source file whose comments have.
    static let all: [Page] = {
        guard let walk = FileManager.default.enumerator(at: root, includingPropertiesForKeys: [.isDirectoryKey])
        else { return [] }
        var pages: [Page] = []
        for case let url as URL in walk {
            let path = String(url.path(percentEncoded: false).dropFirst(root.path(percentEncoded: false).count))
            if path.hasPrefix(".") || path.hasPrefix("out") {
                walk.skipDescendants()
            } else if path.hasSuffix(".md") || (path.hasPrefix("Sources/") && path.hasSuffix(".swift")),
                let text = try? String(contentsOf: url, encoding: .utf8)
            {
                pages.append(Page(path, text))
            }
        }
        return pages.sorted { $0.path < $1.path }
    }()

    static var withSwift: [Page] { all.filter { $0.blocks.contains { $0.language.hasPrefix("swift") } } }

    static var markdown: [Page] { all.filter { $0.path.hasSuffix(".md") } }
}
