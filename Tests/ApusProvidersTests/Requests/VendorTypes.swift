import Apus
import Foundation

/// The types of the vendors' own Python libraries, asked about bodies in a process of their own.
enum VendorTypes {
    /// A body, and what it is sent for.
    struct Line: Sendable {
        var vendor: String
        var feature: String
        var interface: String
        var isStreamed: Bool
        var path: String
        var body: JSON
        /// Whether the body is also broken at each of its members, to see that the check notices.
        var isBroken = false

        var json: JSON {
            [
                "interface": .string(interface), "streamed": .bool(isStreamed), "path": .string(path),
                "body": body, "breaks": .bool(isBroken),
            ]
        }
    }

    struct Verdict: Sendable {
        /// What is wrong with each line; nothing for a good one.
        var failures: [[String]]
        /// Of the libraries.
        var versions: [String: String]
        /// The places of an interface that take any name or any type, and how many bodies were broken elsewhere and refused.
        var mutants: [String: (free: [String], tried: Int, refused: Int)]
    }

    /// There is no answer of Python's.
    struct Unavailable: Error, CustomStringConvertible {
        var description: String
    }

    private static let root = URL(filePath: #filePath).appending(path: "../../../..").standardized
    static let scripts = root.appending(path: "Tests/VendorTypes")

    /// Python with the vendors' libraries.
    static func python() throws -> URL {
        let python = root.appending(path: ".build/vendor-types/bin/python")
        guard FileManager.default.isExecutableFile(atPath: python.path) else {
            throw Unavailable(
                description: "There is no Python environment with the vendors' libraries at \(python.path). "
                    + "Run `make test`, which makes it; `Scripts/prepare test` alone does, too.")
        }
        return python
    }

    static func check(_ lines: [Line]) async throws -> Verdict {
        let answers = try await run("check.py", over: lines.map(\.json))
        guard answers.count == lines.count + 1, let last = answers.last else {
            throw Unavailable(description: "check.py answered \(answers.count) lines to \(lines.count)")
        }
        let failures = answers.dropLast().map { answer in
            (answer["failures"]?.elements ?? []).map { "\($0["path"]?.text ?? ""): \($0["problem"]?.text ?? "")" }
        }
        var verdict = Verdict(failures: failures, versions: [:], mutants: [:])
        for (name, version) in last["versions"]?.members ?? [:] { verdict.versions[name] = version.text }
        for (name, mutants) in last["mutants"]?.members ?? [:] {
            verdict.mutants[name] = (
                (mutants["free"]?.elements ?? []).compactMap(\.text), mutants["tried"]?.integerValue ?? 0,
                mutants["refused"]?.integerValue ?? 0
            )
        }
        return verdict
    }

    /// What a script prints about lines, one JSON value a line.
    private static func run(_ script: String, over lines: [JSON]) async throws -> [JSON] {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (input, output) = (folder.appending(path: "input"), folder.appending(path: "output"))
        try Data(lines.map { $0.bytes + [10] }.joined()).write(to: input)
        try Data().write(to: output)
        let process = Process()
        process.executableURL = try python()
        process.arguments = ["-B", scripts.appending(path: script).path, input.path]
        process.standardOutput = try FileHandle(forWritingTo: output)
        try await end(of: process)
        guard process.terminationStatus == 0 else {
            throw Unavailable(description: "\(script) ended with status \(process.terminationStatus)")
        }
        return try Data(contentsOf: output).split(separator: 10).map { try JSON(parsing: Array($0)) }
    }

    private static func end(of process: Process) async throws {
        try await withCheckedThrowingContinuation { (ended: CheckedContinuation<Void, any Error>) in
            process.terminationHandler = { _ in ended.resume() }
            do { try process.run() } catch { ended.resume(throwing: error) }
        }
    }
}
