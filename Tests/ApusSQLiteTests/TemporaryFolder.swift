import Foundation

/// A folder of its own for a test, gone with the last reference.
final class TemporaryFolder: Sendable {
    let url: URL

    init() throws {
        var template = Array(
            (FileManager.default.temporaryDirectory.path + "/apus-sqlite-" + String(repeating: "X", count: 6))
                .utf8CString)
        guard mkdtemp(&template) != nil else { throw CocoaError(.fileWriteUnknown) }
        url = URL(filePath: String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func path(_ name: String = "apus.sqlite") -> String { url.appending(path: name).path(percentEncoded: false) }
}
