import Foundation
import OverdueRequestsKit

/// A folder of its own for one test, gone with it.
final class TemporaryFolder {
    let url = FileManager.default.temporaryDirectory.appending(path: "review-\(UUID())")

    deinit { try? FileManager.default.removeItem(at: url) }

    var output: OutputFolder { OutputFolder(path: url.path) }

    var files: [String] { (try? FileManager.default.contentsOfDirectory(atPath: url.path).sorted()) ?? [] }

    func bytes(_ name: String) throws -> Data { try Data(contentsOf: url.appending(path: name)) }

    func report() throws -> Report { try JSONDecoder().decode(Report.self, from: bytes("report.json")) }

    func write(_ text: String, to name: String) throws -> String {
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url.appending(path: name))
        return url.appending(path: name).path
    }
}
