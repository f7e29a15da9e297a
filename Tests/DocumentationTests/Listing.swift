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
        "@Test",
    ]

    var isProgram: Bool {
        Self.topLevel.contains(where: begins)
    }

    /// Whether it declares tests or an entry, so that statements can't stand at its top.
    var isLibrary: Bool { isTest || begins(with: "@main") }

    private var isTest: Bool { begins(with: "@Suite") || begins(with: "@Test") }

    private func begins(with start: String) -> Bool {
        blocks.contains { $0.code.contains { $0.hasPrefix(start) } }
    }

    /// The text of the file; the compiler's messages name the page and its lines.
    func source(imports: [String]) -> String {
        let body = blocks.map { block in
            "#sourceLocation(file: \"\(page)\", line: \(block.line))\n" + block.code.joined(separator: "\n") + "\n"
        }.joined()
        if begins(with: "import ") || begins(with: "@testable ") { return body }
        let imports = (imports + (isTest ? ["import Testing"] : [])).map { $0 + "\n" }.joined()
        if isProgram { return imports + body }
        return imports + "func block\(line)() async throws {\n" + body + "#sourceLocation()\n}\n"
    }
}

extension Page {
    /// The Swift blocks, each together with those that continue it.
    var listings: [Listing] {
        var listings: [Listing] = []
        for block in blocks where block.language == "swift" && block.file == nil {
            if block.directive == "continues", !listings.isEmpty {
                listings[listings.count - 1].blocks.append(block)
            } else {
                listings.append(Listing(page: path, blocks: [block]))
            }
        }
        return listings
    }

    /// What a block that imports nothing may use: Apus, the library whose page it is, and what the preamble imports.
    var imports: [String] {
        let parts = path.split(separator: "/")
        let library = parts.first == "Sources" ? ["import \(parts[1])"] : []
        let hidden = preamble?.code.filter { $0.hasPrefix("import ") } ?? []
        return Set(["import Apus"] + library + hidden).sorted()
    }
}
