import Apus
import ApusSQLite
import Foundation
import OverdueRequestsKit
import Testing

@Suite struct DurableReviewTests {
    private let folder = TemporaryFolder()
    private let command = Commanded()

    @Test func `without an answer the run waits, and goes on when it is resumed with one`() async throws {
        let first = await run(["--run", "a"])
        #expect(first.code == .waiting && first.errors.isEmpty)
        #expect(first.output.contains("65 requests would be escalated"))
        #expect(first.output.contains("  DPR: escalate 1 to level 3, 4 to level 2, 4 to level 1\n"))
        #expect(first.output.contains("swift run OverdueRequests resume a --out \(folder.url.path) --approve yes\n"))
        #expect(folder.files == [], "nothing has gone out")
        let second = await run(["resume", "a", "--approve", "yes"])
        #expect(second.code == .done && second.errors.isEmpty)
        #expect(!second.output.contains("✓ decide") && second.output.contains("✓ approve  escalate"))
        #expect(try arrivals().map(\.agency) == ["DOF", "DOT", "DHS", "DPR", "DOHMH", "DFTA"])
    }

    @Test func `at a terminal the answer is typed`() async throws {
        let result = await run([], typed: ["perhaps", "", "N"])
        #expect(result.code == .done, "\(result.errors)")
        #expect(result.output.contains("to escalate was not approved") == false)
        #expect(result.output.contains("To escalate was not approved: reminders went out instead."))
        #expect(try folder.report().approval == .no)
    }

    @Test func `a terminal that is closed leaves the run waiting`() async {
        #expect(await run([], typed: ["perhaps"]).code == .waiting)
    }

    @Test func `starting a run again does nothing that was done`() async throws {
        let first = await run(["--run", "a", "--approve", "yes"])
        let report = try folder.bytes("report.json")
        let second = await run(["--run", "a", "--approve", "yes"])
        #expect((first.code, second.code) == (.done, .done))
        #expect(second.output.contains("all             353      138        0") && !second.output.contains("✓"))
        #expect(try arrivals().count == 6 && folder.bytes("report.json") == report)
        let other = await run(["--run", "a", "--limit", "7"])
        #expect(other.code == .usage && other.errors.contains("choose another id"))
    }

    @Test func `the list shows runs and what they ask`() async {
        #expect(await run(["list"]).output == "There are no runs.\n")
        _ = await run(["--run", "b", "--approve", "yes", "--as-of", "2011-01-01"])
        _ = await run(["--run", "a"])
        let lines = await run(["list"]).output.split(separator: "\n")
        #expect(lines.first?.hasPrefix("b  ") == true && lines.first?.hasSuffix("  completed") == true)
        #expect(lines.dropFirst().first?.hasPrefix("a  ") == true)
        #expect(lines.dropFirst().first?.hasSuffix("  waiting") == true, "\(lines)")
        #expect(
            lines.last == "    to answer: swift run OverdueRequests resume a --out \(folder.url.path) --approve yes")
    }

    @Test func `a run that failed goes on where it failed once that is mended`() async throws {
        let out = try folder.write("", to: "out")
        let failed = await command.run(["--run", "a", "--approve", "yes", "--out", out, "--database", "d"])
        #expect(failed.code == .cannotWrite || failed.code == .failed || failed.code == .undelivered)
        try FileManager.default.removeItem(atPath: out)
        let mended = await command.run(["resume", "a", "--approve", "yes", "--out", out, "--database", "d"])
        #expect(!mended.output.contains("✓ fetch"))
        #expect(mended.output.contains("✓ record"))
    }

    @Test func `runs are kept in a file of SQLite`() async throws {
        let command = Commanded(.file)
        let first = await command.run(["--run", "a", "--out", folder.url.path])
        #expect(first.code == .waiting, "\(first.errors)")
        #expect(folder.files.contains("overdue.db"))
        let second = await command.run(["resume", "a", "--out", folder.url.path, "--approve", "yes"])
        #expect(second.code == .done, "\(second.errors)")
    }

    @Test func `a database of something else is refused and left as it is`() async throws {
        let command = Commanded(.file)
        let path = try folder.write("not a database, and longer than the header of one; ".repeated(9), to: "other.db")
        let before = try folder.bytes("other.db")
        for arguments in [["--approve", "yes"], ["list"], ["resume", "a"]] {
            let result = await command.run(arguments + ["--database", path, "--out", folder.url.path])
            #expect(result.code == .badData && result.errors.contains("\(path) is no database of runs"))
        }
        #expect(try folder.bytes("other.db") == before)
        let missing = await command.run(["list", "--database", "\(path).none"])
        #expect(missing.code == .noInput && missing.errors.contains("there is no such file"))
    }

    private func run(_ arguments: [String], typed: [String]? = nil) async -> Commanded.Result {
        await command.run(arguments + ["--out", folder.url.path], typed: typed)
    }

    private func arrivals() throws -> [NoticeLedger.Entry] { try NoticeLedger(folder: folder.output).entries() }
}

extension String {
    fileprivate func repeated(_ count: Int) -> String { String(repeating: self, count: count) }
}
