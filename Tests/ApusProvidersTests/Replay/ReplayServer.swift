import CorpusKit
import Foundation

/// The servers of all vendors in one process of Python's, which answers as they were recorded to; it ends with this object.
final class ReplayServer: Sendable {
    /// How the body of an answer comes.
    enum Chunks: CustomStringConvertible, Sendable {
        case whole, one, bytes, close
        case random(seed: Int)

        var description: String {
            switch self {
            case .whole: "whole"
            case .one: "one"
            case .bytes: "bytes"
            case .close: "close"
            case .random(let seed): "random-\(seed)"
            }
        }
    }

    /// What goes wrong; the numbers are those of bytes that come before.
    enum Fault: CustomStringConvertible, Sendable {
        case none, silent, gone
        case stall(Int)
        case end(Int)
        /// Once ``release(_:)`` names it.
        case reset(Int, name: String)
        case status(Int, retryAfter: Int)
        /// So many times for all who use the name.
        case busy(Int, name: String)

        var description: String {
            switch self {
            case .none: "none"
            case .silent: "silent"
            case .gone: "gone"
            case .stall(let count): "stall-\(count)"
            case .end(let count): "end-\(count)"
            case .reset(let count, let name): "reset-\(count)-\(name)"
            case .status(let code, let seconds): "status-\(code)-\(seconds)"
            case .busy(let count, let name): "busy-\(count)-\(name)"
            }
        }
    }

    /// The one that the tests share.
    static let shared = Result { try ReplayServer() }

    let process = Process()
    let url: URL
    private let input = Pipe()

    init() throws {
        let output = Pipe()
        process.executableURL = try VendorTypes.python()
        let recordings = Corpus.folder.appending(path: "providers").path
        process.arguments = ["-B", VendorTypes.scripts.appending(path: "replay.py").path, recordings]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        var line = Data()
        while line.last != 10 {
            let more = output.fileHandleForReading.availableData
            guard !more.isEmpty else { throw VendorTypes.Unavailable(description: "replay.py told no port") }
            line += more
        }
        let port = String(decoding: line.dropLast(), as: UTF8.self)
        url = URL(string: "http://127.0.0.1:\(port)")!
    }

    deinit { close() }

    func close() { try? input.fileHandleForWriting.close() }

    /// What stands before a vendor's own path to have a recording replayed.
    func base(_ recording: Recording, _ chunks: Chunks = .whole, _ fault: Fault = .none) -> URL {
        url.appending(path: "\(recording.file)/\(recording.id)/\(chunks)/\(fault)")
    }

    /// What is asked for to have a reset happen.
    func release(_ name: String) -> URL { url.appending(path: "release/\(name)") }
}
