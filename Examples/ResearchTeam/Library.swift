import ApusAgents
import Foundation

/// The documentation of this project, cut into passages.
enum Library {
    static func read(_ folder: URL) async throws -> KnowledgeBase {
        var base = KnowledgeBase()
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".md") }
        for name in names.sorted() {
            try await base.add(try String(contentsOf: folder.appending(path: name), encoding: .utf8), as: name)
        }
        return base
    }
}
