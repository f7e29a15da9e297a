public import Apus
import Foundation

/// Kills a program with `kill -9` just before and just behind every commit of its storage, lets it go on, and compares what comes of it
/// with an undisturbed run.
///
/// The program starts itself as its own victim, so it has to be an executable, and what it does may depend on the folder of its
/// attempt alone.
public struct CrashTrial: Sendable {
    /// One process of a trial, which may be about to die.
    public struct Attempt: Sendable {
        /// Where all is that outlives the process; each point of death has a folder of its own.
        public let folder: String
        let number: Int
        let moment: CommitMoment

        /// The storage in one of whose commits the process dies.
        public func dying<Base: Storage>(in storage: Base) -> TrappedStorage<Base> {
            TrappedStorage(storage, at: number, moment) { kill(getpid(), SIGKILL) }
        }
    }

    private static let variable = "APUS_CRASH_TRIAL"
    private let work: @Sendable (Attempt) async throws -> String

    /// `work` begins the run or goes on with it, and returns all that counts in the end: the final state, what the outside has seen.
    public init(_ work: @escaping @Sendable (Attempt) async throws -> String) { self.work = work }

    /// Goes through all points; returns how often a process was killed. In a process that is a victim it does not return.
    ///
    /// Throws ``CrashTrialError`` at the first point after which something else comes of it.
    public func run() async throws -> Int {
        if let order = ProcessInfo.processInfo.environment[Self.variable] { try await die(as: order) }
        let root = FileManager.default.temporaryDirectory.appending(path: "crash-trial-\(getpid())")
        defer { try? FileManager.default.removeItem(at: root) }
        let expected = try attempt(0, .before, in: root.appending(path: "undisturbed"))
        var deaths = 0
        for moment in CommitMoment.allCases {
            var number = 1
            while true {
                let folder = root.appending(path: "\(moment)-\(number)")
                let first = try attempt(number, moment, in: folder)
                let found = try first ?? attempt(0, moment, in: folder)
                guard found == expected else {
                    throw CrashTrialError(number: number, moment: moment, expected: expected ?? "", found: found ?? "")
                }
                if first != nil { break }
                deaths += 1
                number += 1
            }
        }
        return deaths
    }

    /// What becomes of one process; `nil` if it was killed.
    private func attempt(_ number: Int, _ moment: CommitMoment, in folder: URL) throws -> String? {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let path = folder.path(percentEncoded: false)
        let status = try Self.spawn("\(number) \(moment.rawValue) \(path)")
        if status & 0x7F == SIGKILL { return nil }
        let outcome = try? String(contentsOf: folder.appending(path: "outcome"), encoding: .utf8)
        return status == 0 ? outcome : "status \(status): \(outcome ?? "nothing")"
    }

    private func die(as order: String) async throws -> Never {
        let parts = order.split(separator: " ", maxSplits: 2).map(String.init)
        guard parts.count == 3, let number = Int(parts[0]), let moment = CommitMoment(rawValue: parts[1]) else {
            preconditionFailure("\(Self.variable) is not for others to set: \(order)")
        }
        let outcome: String
        do {
            outcome = try await work(Attempt(folder: parts[2], number: number, moment: moment))
        } catch {
            outcome = "failed: \(error)"
        }
        try outcome.write(to: URL(filePath: parts[2]).appending(path: "outcome"), atomically: true, encoding: .utf8)
        exit(0)
    }

    /// Starts this program again and waits for its end.
    private static func spawn(_ order: String) throws -> Int32 {
        var environment = ProcessInfo.processInfo.environment
        environment[variable] = order
        let arguments = CommandLine.arguments.map { strdup($0) } + [nil]
        let variables = environment.sorted { $0.key < $1.key }.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in arguments + variables { free(text) } }
        var process = pid_t()
        let path = Bundle.main.executablePath ?? CommandLine.arguments[0]
        guard posix_spawn(&process, path, nil, nil, arguments, variables) == 0 else {
            throw CocoaError(.executableNotLoadable)
        }
        var status: Int32 = 0
        while waitpid(process, &status, 0) == -1, errno == EINTR {}
        return status
    }
}

/// After a process was killed, something else came of its run.
public struct CrashTrialError: Error, Equatable, CustomStringConvertible {
    /// At which commit it was killed, counted from 1.
    public var number: Int
    public var moment: CommitMoment
    public var expected: String
    public var found: String

    public var description: String {
        "Killed \(moment) commit \(number), it came to \"\(found)\", not to \"\(expected)\"."
    }
}
