/// Blocks of a page that are compiled together, as one file of Swift.
///
/// A block that says `import`, `extension` or another thing that only a file can hold is a program of its own. Every
/// other block becomes the body of a function, so that the blocks of a page may use the same names.
struct Listing {
    var page: String
    var blocks: [Page.Block]
    var directive: String? { blocks.first?.directive }
    var line: Int { blocks.first?.line ?? 1 }

    private static let topLevel = [
        "import ", "@testable ", "extension ", "protocol ", "public ", "package ", "private ", "@main", "@Suite",
    ]

    var isProgram: Bool {
        blocks.contains { block in
            block.code.contains { line in Self.topLevel.contains { line.hasPrefix($0) } }
        }
    }

    var isLibrary: Bool { blocks.contains { $0.code.contains { $0.hasPrefix("@main") || $0.hasPrefix("@Suite") } } }

    /// The text of the file; the compiler's messages name the page and its lines.
    func source(imports: [String]) -> String {
        let body = blocks.map { block in
            "#sourceLocation(file: \"\(page)\", line: \(block.line))\n" + block.code.joined(separator: "\n") + "\n"
        }.joined()
        if isProgram { return body }
        let imports = imports.map { $0 + "\n" }.joined()
        return imports + "func block\(line)() async throws {\n" + body + "#sourceLocation()\n}\n"
    }
}

extension Page {
    /// The Swift blocks, each together with those that continue it.
    var listings: [Listing] {
        var listings: [Listing] = []
        for block in blocks where block.language == "swift" {
            if block.directive == "continues", !listings.isEmpty {
                listings[listings.count - 1].blocks.append(block)
            } else {
                listings.append(Listing(page: path, blocks: [block]))
            }
        }
        return listings
    }

    /// What every block that is no program of its own imports: Apus, and what the preamble names.
    var imports: [String] {
        ["import Apus"] + (preamble?.code.filter { $0.hasPrefix("import ") && $0 != "import Apus" } ?? [])
    }
}
