import AsideKit
public import Foundation

/// A run of a program of this package.
public struct ChildProgram: Sendable {
    public enum Ending: Equatable, Sendable {
        case printed(String)
        case killed
        case failed(String)
    }

    /// A program stands beside the tests, or in a folder around them.
    public static func location(of name: String) throws -> URL {
        var folder = Bundle.main.executableURL ?? URL(filePath: CommandLine.arguments[0])
        for bundle in Bundle.allBundles where bundle.bundlePath.hasSuffix(".xctest") { folder = bundle.bundleURL }
        while folder.path(percentEncoded: false) != "/" {
            folder = folder.deletingLastPathComponent()
            let tool = folder.appending(path: name)
            if FileManager.default.isExecutableFile(atPath: tool.path(percentEncoded: false)) { return tool }
        }
        throw CocoaError(.fileNoSuchFile, userInfo: [NSFilePathErrorKey: name])
    }

    public let process = Process()
    private let output = Pipe()
    private let errors = Pipe()
    private let input = Pipe()

    public init(_ name: String, _ arguments: String...) throws { try self.init(name, arguments) }

    public init(_ name: String, _ arguments: [String]) throws {
        process.executableURL = try Self.location(of: name)
        process.arguments = arguments
        process.standardOutput = output
        process.standardError = errors
        process.standardInput = input
        try process.run()
    }

    /// Waits for the next line that it prints.
    public func line() -> String {
        var line: [UInt8] = []
        while let byte = output.fileHandleForReading.readData(ofLength: 1).first, byte != UInt8(ascii: "\n") {
            line.append(byte)
        }
        return String(decoding: line, as: UTF8.self)
    }

    /// Lets it read a line.
    public func send(_ line: String) throws { try input.fileHandleForWriting.write(contentsOf: Data("\(line)\n".utf8)) }

    /// Waits for its end.
    public func ending() async -> Ending { await aside { waited() } }

    private func waited() -> Ending {
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        let error = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        if process.terminationReason == .uncaughtSignal {
            return [SIGKILL, SIGABRT].contains(process.terminationStatus) ? .killed : .failed(error)
        }
        return process.terminationStatus == 0 ? .printed(text) : .failed(error)
    }
}
