import Foundation
import Testing

/// Programs and libraries that others wrote, and that `Scripts/prepare` brings.
enum OutsideProgram {
    static let root = URL(filePath: #filePath).appending(path: "../../../..").standardized

    /// It is not there.
    struct Unavailable: Error, CustomStringConvertible {
        var name: String
        var description: String {
            "There is no \(name). Run `make test`, which brings it; `Scripts/prepare test` alone does, too."
        }
    }

    /// Where a program is: in a folder that `Scripts/prepare` fills, or where the shell finds it.
    static func location(of name: String, _ folders: String...) throws -> URL {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let places = folders.map { root.appending(path: $0).path } + path.split(separator: ":").map(String.init)
        for place in places {
            let file = "\(place)/\(name)"
            if FileManager.default.isExecutableFile(atPath: file) { return URL(filePath: file) }
        }
        throw Unavailable(name: name)
    }

    static func prometheus(_ name: String) throws -> URL {
        try location(of: name, ".build/prometheus/usr/bin")
    }

    /// Python with OpenTelemetry's messages.
    static func python() throws -> URL {
        let python = root.appending(path: ".build/vendor-types/bin/python")
        guard FileManager.default.isExecutableFile(atPath: python.path) else {
            throw Unavailable(name: "Python environment with OpenTelemetry's library")
        }
        return python
    }

    /// Whether tests that need it run: always in continuous integration, where they fail without it.
    static func isWanted(_ find: () throws -> URL) -> Bool {
        if ProcessInfo.processInfo.environment["CI"] != nil { return true }
        do {
            _ = try find()
            return true
        } catch {
            FileHandle.standardError.write(Data("SKIPPED: \(error)\n".utf8))
            return false
        }
    }

    /// Runs a program to its end, with a text to read; returns what it printed.
    static func output(
        of program: URL, _ arguments: [String], reading input: [UInt8] = []
    ) async throws -> (text: String, status: Int32) {
        let folder = FileManager.default.temporaryDirectory.appending(path: "outside-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (source, sink) = (folder.appending(path: "input"), folder.appending(path: "output"))
        try Data(input).write(to: source)
        try Data().write(to: sink)
        let process = Process()
        process.executableURL = program
        process.arguments = arguments
        process.standardInput = try FileHandle(forReadingFrom: source)
        process.standardOutput = try FileHandle(forWritingTo: sink)
        process.standardError = process.standardOutput
        try await withCheckedThrowingContinuation { (ended: CheckedContinuation<Void, any Error>) in
            process.terminationHandler = { _ in ended.resume() }
            do { try process.run() } catch { ended.resume(throwing: error) }
        }
        return (String(decoding: try Data(contentsOf: sink), as: UTF8.self), process.terminationStatus)
    }
}
