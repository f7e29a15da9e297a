public import Foundation

/// Test material that is not part of the repository: gzipped JSON lines in a folder beside the checkout.
///
/// `APUS_CORPORA` names the folder. Where it is absent a test is skipped, which it says, or fails if `CI` is set.
public enum Corpus {
    public static let folder: URL = {
        if let path = ProcessInfo.processInfo.environment["APUS_CORPORA"] { return URL(filePath: path) }
        return URL(filePath: #filePath).appending(path: "../../../../shared/corpora").standardized
    }()

    public static let isPresent = FileManager.default.fileExists(atPath: folder.appending(path: "workflows").path)

    /// Whether tests over the material run: also where it is missing but must not be.
    public static let isExpected: Bool = {
        if isPresent || ProcessInfo.processInfo.environment["CI"] != nil { return true }
        print("SKIPPED: no corpora at \(folder.path); set APUS_CORPORA to run the tests over material of others")
        return false
    }()

    /// A file that is missing or that gzip does not take.
    public struct Unreadable: Error {
        public let file: String
    }

    /// Every line of a gzipped file.
    public static func lines(of file: String) throws -> [Data] {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["gzip", "-dc", folder.appending(path: file).path]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Unreadable(file: file) }
        return data.split(separator: UInt8(ascii: "\n")).map { Data($0) }
    }

    /// Decodes every line of a gzipped file of JSON lines.
    public static func lines<Line: Decodable>(of file: String, as type: Line.Type) throws -> [Line] {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try lines(of: file).map { try decoder.decode(type, from: $0) }
    }
}
