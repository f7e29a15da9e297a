import Foundation

/// The files of this checkout.
enum Repository {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Every text file that a person wrote: Swift code, pages, scripts.
    static let files: [SourceFile] = {
        let keys: [URLResourceKey] = [.isDirectoryKey]
        guard let walk = FileManager.default.enumerator(at: root, includingPropertiesForKeys: keys) else { return [] }
        var files: [SourceFile] = []
        for case let url as URL in walk {
            let path = String(url.path(percentEncoded: false).dropFirst(root.path(percentEncoded: false).count))
            if url.hasDirectoryPath {
                if generated.contains(path.trimmingCharacters(in: ["/"])) { walk.skipDescendants() }
            } else if isText(path), let text = try? String(contentsOf: url, encoding: .utf8) {
                files.append(SourceFile(path, text))
            }
        }
        return files.sorted { $0.path < $1.path }
    }()

    private static let generated: Set = [".build", ".git", ".swiftpm", "out"]

    private static func isText(_ path: String) -> Bool {
        let endings = [".swift", ".md", ".sh", ".yml", ".json", ".svg", ".mmd", ".dot", ".modulemap", ".h", ".html"]
        let names = ["Makefile", "LICENSE", ".swift-format", ".gitignore", ".ci/run"]
        return endings.contains(where: path.hasSuffix) || names.contains(path) || path.hasPrefix("Scripts/")
    }
}
