import Foundation

/// The Swift compiler of this toolchain, with this package's modules and settings.
struct Compiler: Sendable {
    /// What a run of a command left.
    struct Outcome: Sendable {
        var succeeded: Bool
        /// What it printed, its errors included.
        var output: String
    }

    let products: URL
    let folder: URL

    /// A compiler that works in a fresh folder.
    init(products: URL) throws {
        self.products = products
        let name = "documentation-\(ProcessInfo.processInfo.processIdentifier)-\(UUID().uuidString)"
        folder = FileManager.default.temporaryDirectory.appending(path: name)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    func cleanUp() { try? FileManager.default.removeItem(at: folder) }

    private var settings: [String] {
        let features = [
            "ExistentialAny", "InferIsolatedConformances", "InternalImportsByDefault", "MemberImportVisibility",
            "NonisolatedNonsendingByDefault",
        ]
        return ["-swift-version", "6", "-Werror", "DeprecatedDeclaration"]
            + features.flatMap { ["-enable-upcoming-feature", $0] }
            + ["-I", products.appending(path: "Modules").path(percentEncoded: false)]
            + ["CCurl", "CLinux", "CSQLite"].flatMap {
                ["-I", Checkout.root.appending(path: "Sources/\($0)").path(percentEncoded: false)]
            }
    }

    /// Checks every Swift block of the page; the outcome is `nil` where all are well.
    func problems(of page: Page) throws -> String? {
        let listings = page.listings
        let preamble = try page.preamble.map { block in
            try file("Preamble.swift", Listing(page: page.path, blocks: [block]).declarations(imports: page.imports))
        }
        var outputs: [String] = []
        let bodies = try listings.filter { !$0.isProgram }.map { listing in
            try file("Block\(listing.line).swift", listing.source(imports: page.imports))
        }
        if !bodies.isEmpty || preamble != nil {
            outputs.append(try check(files: bodies + [preamble].compactMap(\.self), module: "Page"))
        }
        for listing in listings where listing.isProgram {
            let name = listing.isLibrary ? "Program\(listing.line).swift" : "\(listing.line)/main.swift"
            let program = try file(name, listing.source(imports: page.imports))
            let files = [program] + [preamble].compactMap(\.self)
            outputs.append(try check(files: files, module: "Program\(listing.line)", isLibrary: listing.isLibrary))
        }
        let problems = outputs.joined()
        return problems.isEmpty ? nil : problems
    }

    /// Builds a program with the libraries it imports and runs it.
    func run(_ listing: Listing, of page: Page) throws -> Outcome {
        let program = try file("\(listing.line)/main.swift", listing.source(imports: page.imports))
        let binary = folder.appending(path: "program").path(percentEncoded: false)
        let imports = listing.blocks.flatMap(\.code)
        var libraries = ["Apus", "ApusAgents", "ApusTesting", "ApusSQLite"].filter { imports.contains("import \($0)") }
        if libraries.contains("ApusTesting"), !libraries.contains("ApusAgents") { libraries.append("ApusAgents") }
        let system = libraries.contains("ApusSQLite") ? ["-lsqlite3"] : []
        let inputs = try libraries.flatMap { try objects(of: $0) } + system
        let build = try execute(["swiftc"] + settings + [program, "-o", binary] + inputs)
        return build.succeeded ? try execute([binary]) : build
    }

    /// The first form that the compiler gives to a source, prepared for the thread sanitizer.
    func intermediate(of source: String) throws -> Outcome {
        let program = try file("Canary.swift", source)
        return try execute(["swiftc", "-emit-silgen", "-sanitize=thread", "-parse-as-library"] + settings + [program])
    }

    /// The object files of a library as its last build left them; those of files that are gone are not among them.
    private func objects(of library: String) throws -> [String] {
        let map = products.appending(path: "\(library).build/output-file-map.json")
        let outputs = try JSONDecoder().decode([String: [String: String]].self, from: Data(contentsOf: map))
        return outputs.values.compactMap { $0["object"] }.sorted()
    }

    private func check(files: [String], module: String, isLibrary: Bool = false) throws -> String {
        let kind = isLibrary || !files.contains { $0.hasSuffix("/main.swift") } ? ["-parse-as-library"] : []
        let arguments = ["swiftc", "-typecheck", "-wmo", "-module-name", module] + kind + settings + files
        let outcome = try execute(arguments)
        guard !outcome.succeeded else { return "" }
        // An example may leave a value unused; what it may not is named by lines such as `Page.md:7:5: error: …`.
        let errors = outcome.output.split(separator: "\n").filter { $0.contains("error:") }
        return errors.isEmpty ? outcome.output : errors.joined(separator: "\n") + "\n"
    }

    private func file(_ name: String, _ text: String) throws -> String {
        let url = folder.appending(path: name)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try text.write(to: url, atomically: false, encoding: .utf8)
        return url.path(percentEncoded: false)
    }

    private func execute(_ arguments: [String]) throws -> Outcome {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Outcome(succeeded: process.terminationStatus == 0, output: String(decoding: output, as: UTF8.self))
    }
}

extension Listing {
    /// The blocks as they are, in a file that holds declarations only.
    fileprivate func declarations(imports: [String]) -> String {
        imports.map { $0 + "\n" }.joined()
            + blocks.map {
                "#sourceLocation(file: \"\(page)\", line: \($0.line))\n" + $0.code.joined(separator: "\n") + "\n"
            }
            .joined()
    }
}
