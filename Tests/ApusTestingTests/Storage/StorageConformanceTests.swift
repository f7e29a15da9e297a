import Apus
import ApusTesting
import AsideKit
import Foundation
import Testing

/// The clauses hold for a storage without a bug, and each planted bug breaks one.
@Suite(.aside) struct StorageConformanceTests {
    private static let clauses =
        StorageConformance.clauses + StorageConformance.reopeningClauses + StorageConformance.crashingClauses
        + StorageConformance.watchingClauses + StorageConformance.transactionClauses

    private static let page = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../Documentation/Storage.md").standardized

    private static func finding(of clause: StorageConformance.Clause, _ bug: StorageBug?) throws -> ConformanceError? {
        do {
            try Simulator(seed: 1).run(decisions: 100_000) { environment in
                try await clause.check(PlantedStorage.subject(bug), on: environment)
            }
            return nil
        } catch let finding as ConformanceError {
            return finding
        }
    }

    @Test(arguments: clauses)
    func `a storage without a bug meets the contract`(_ clause: StorageConformance.Clause) throws {
        if let finding = try Self.finding(of: clause, nil) { throw finding }
    }

    @Test func `no two clauses have one name`() {
        #expect(Set(Self.clauses.map(\.name)).count == Self.clauses.count)
        #expect(StorageConformance.clauses.count >= 80)
    }

    /// The rows of the table of bugs: the bug, what it does, a clause that finds it.
    private static func rows() throws -> [[String]] {
        try String(contentsOf: page, encoding: .utf8).split(separator: "\n").compactMap { line in
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            return cells.count == 3 && cells[0].hasPrefix("`") ? cells : nil
        }
    }

    @Test(arguments: StorageBug.allCases)
    func `a planted bug is found by the clause that its row names`(_ bug: StorageBug) throws {
        let row = try Self.rows().first { $0[0] == "`\(bug)`" }
        guard let row, let clause = Self.clauses.first(where: { $0.name == row[2] }) else {
            let found = try Self.clauses.filter { try Self.finding(of: $0, bug) != nil }.map(\.name)
            Issue.record("The page names no clause for \(bug); it is found by \(found.count): \(found).")
            return
        }
        let finding = try #require(try Self.finding(of: clause, bug), "not found any more by \(clause)")
        #expect(finding.clause == clause.name)
        #expect(finding.finding.count < 1_000)
    }

    @Test func `a clause whose ability the subject does not have says so`() async throws {
        let clause = try #require(StorageConformance.reopeningClauses.first)
        let error = await #expect(throws: ConformanceError.self) {
            try await clause.check { environment in MemoryStorage(environment: environment) }
        }
        #expect(error?.finding.contains("reopening(_:)") == true)
    }
}
