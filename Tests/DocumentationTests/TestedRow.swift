import Foundation
import Testing

/// A row of a table that says what shows each of its claims: its number, and the tests that it names.
struct TestedRow: Sendable, CustomTestStringConvertible {
    var number: String
    var suites: [String]
    var sentences: [String]
    var testDescription: String { number }

    /// The rows of a page whose first cell is a number of that kind; the last cell names suites, and tests in backticks.
    static func all(of page: String, _ isNumber: (String) -> Bool) -> [TestedRow] {
        let text = try? String(contentsOf: Checkout.root.appending(path: page), encoding: .utf8)
        return (text ?? "").split(separator: "\n").compactMap { line in
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            guard cells.count == 4, isNumber(cells[0]) else { return nil }
            return TestedRow(
                number: cells[0], suites: cells[3].matches(of: #/\w+Tests/#).map { String($0.output) },
                sentences: cells[3].split(separator: "`", omittingEmptySubsequences: false).enumerated()
                    .filter { $0.offset % 2 == 1 && $0.element.contains(" ") }.map { String($0.element) })
        }
    }

    /// The suites that are nowhere, and the tests that are in none of the row's suites.
    var missing: [String] {
        let texts = suites.map { suite in Self.tests.filter { $0.contains(" struct \(suite) ") } }
        return zip(suites, texts).filter { $0.1.isEmpty }.map(\.0)
            + sentences.filter { sentence in
                !texts.joined().contains { $0.contains("`\(sentence)`(") }
            }
    }

    /// The text of every test of the repository.
    private static let tests: [String] = {
        let folder = Checkout.root.appending(path: "Tests")
        guard let walk = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil) else { return [] }
        return walk.compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" }
            .compactMap { try? String(contentsOf: $0, encoding: .utf8) }
    }()
}
