import Foundation

/// Requests from a file of comma-separated values.
public struct CSVRequestSource: RequestSource {
    private let file: URL
    private let path: String
    private let limit: Int

    /// Reads at most `limit` rows of the file.
    public init(path: String, limit: Int = .max) {
        self.init(file: URL(fileURLWithPath: path), path: path, limit: limit)
    }

    private init(file: URL, path: String, limit: Int) {
        self.file = file
        self.path = path
        self.limit = limit
    }

    /// The table that stands beside the code.
    public static func bundled(limit: Int = .max) throws -> CSVRequestSource {
        let name = "service-requests.csv"
        guard let file = Bundle.module.url(forResource: name, withExtension: nil) else {
            throw SourceError(.missing, source: name, reason: "the package was built without it; name a file instead")
        }
        return CSVRequestSource(file: file, path: name, limit: limit)
    }

    public var name: String { file.lastPathComponent }

    public func requests() async throws -> RequestBatch {
        try RequestReader.read(try bytes(), source: path, limit: limit)
    }

    private func bytes() throws(SourceError) -> [UInt8] {
        if (try? file.resourceValues(forKeys: [.isDirectoryKey]))?.isDirectory == true {
            throw SourceError(.unreadable, source: path, reason: "it is a folder; name a file")
        }
        do {
            let handle = try FileHandle(forReadingFrom: file)
            defer { try? handle.close() }
            return Array(try handle.readToEnd() ?? Data())
        } catch let error as CocoaError where error.code == .fileReadNoSuchFile || error.code == .fileNoSuchFile {
            throw SourceError(.missing, source: path, reason: "there is no such file")
        } catch {
            throw SourceError(.unreadable, source: path, reason: "it cannot be read: \(error.localizedDescription)")
        }
    }
}
