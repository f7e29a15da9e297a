import Apus
import Foundation
import OverdueRequestsKit
import Testing

@Suite struct ReviewCommandTests {
    @Test func `the sample is reviewed, shown and written`() async throws {
        let folder = TemporaryFolder()
        let result = await run(["--out", folder.url.path])
        #expect(result.code == .done && result.errors.isEmpty)
        #expect(folder.files == ["graph.svg", "notices.jsonl", "report.json", "timeline.svg"])
        for line in [
            "✓ fetch    2000 requests from service-requests.csv", "✓ analyse  353 open, 138 overdue, 0 due soon",
            "✓ decide   138 done", "  To DHS: 11 overdue; escalate 11 to level 2", "✓ notify   6 done",
            "DOF              68       68        0", "all             353      138        0",
            "Decided: escalate 1 to level 3, 16 to level 2, 48 to level 1; remind 73.",
        ] {
            #expect(result.output.split(separator: "\n").contains { $0 == line }, "\(line)")
        }
    }

    @Test func `the output is the same each time`() async {
        let folder = TemporaryFolder()
        let first = await run(["--out", folder.url.path, "--run", "a"])
        #expect(
            await run(["--out", folder.url.path, "--run", "b"]).output == first.output.replacing("run a", with: "run b")
        )
        #expect(folder.files.count == 4)
    }

    @Test func `the drawings show the run`() async throws {
        let folder = TemporaryFolder()
        _ = await run(["--out", folder.url.path, "--as-of", "2011-02-01"])
        let graph = String(decoding: try folder.bytes("graph.svg"), as: UTF8.self)
        #expect(graph.hasPrefix("<svg") && graph.contains("run completed") && graph.contains("analyse"))
        #expect(String(decoding: try folder.bytes("timeline.svg"), as: UTF8.self).hasPrefix("<svg"))
    }

    @Test func `with nothing overdue it says so and skips the rest`() async {
        let folder = TemporaryFolder()
        let result = await run(["--out", folder.url.path, "--as-of", "2011-01-01"])
        #expect(result.code == .done)
        #expect(result.output.contains("– decide   not needed") && result.output.contains("Nothing is overdue."))
        #expect(folder.files.contains("report.json"))
    }

    @Test func `rows that can't be read are told, and the others reviewed`() async throws {
        let folder = TemporaryFolder()
        let table = try folder.write(
            """
            Unique Key,Created Date,Closed Date,Due Date,Agency,Agency Name,Complaint Type,Descriptor,Borough
            1,03/01/2011 01:00:00 PM,,03/02/2011 01:00:00 PM,DOT,,Pothole,,QUEENS
            2,03/01/2011 01:00:00 PM,,02/30/2011 01:00:00 PM,DOT,,Pothole,,QUEENS
            """, to: "table.csv")
        let result = await run(["--data", table, "--out", folder.url.path])
        #expect(result.code == .done)
        #expect(result.output.contains("1 request from table.csv, 1 row not readable"))
        let line = "row 3, column Due Date: \"02/30/2011 01:00:00 PM\": there is no such date or time of day"
        #expect(result.output.contains("Could not read 1 row of table.csv:\n  \(line)"))
        #expect(try folder.report().problems.map(\.description) == [line])
    }

    @Test(arguments: [
        (["--nonsense"], ExitCode.usage, "there is no option --nonsense"),
        (["--as-of", "soon"], .usage, "--as-of soon"),
        (["--data", "/no/such.csv"], .noInput, "/no/such.csv: there is no such file"),
        (["--data", "/"], .noInput, "/: it is a folder"),
        (["--data", "/dev/null"], .badData, "/dev/null: it is empty"),
        (["--out", "/dev/null/out"], .cannotWrite, "/dev/null/out/"),
        (["--approve", "perhaps"], .usage, "--approve perhaps: not yes or no"),
        (["resume"], .usage, "resume needs the name of a run"),
        (["resume", "nobody"], .noInput, "The run \"nobody\" is not in this storage"),
    ])
    func `what goes wrong is told in one line, with an exit code`(
        _ arguments: [String], _ code: ExitCode, _ words: String
    ) async {
        let folder = TemporaryFolder()
        let out = arguments.contains("--out") ? [] : ["--out", folder.url.path]
        let result = await run(arguments + out)
        #expect(result.code == code)
        #expect(result.errors.hasPrefix("OverdueRequests: ") && result.errors.contains(words), "\(result.errors)")
    }

    @Test func `help lists every option and does nothing else`() async {
        let folder = TemporaryFolder()
        let result = await run(["--help", "--out", folder.url.path])
        #expect(result.code == .done && folder.files == [])
        let options = [
            "--data", "--as-of", "--limit", "--webhook", "--out", "--approve", "--run", "--database", "--help",
        ]
        for option in options {
            #expect(result.output.contains("  \(option)"), "\(option)")
        }
    }

    @Test func `a webhook that can't be reached leaves a report and an exit code of its own`() async throws {
        let folder = TemporaryFolder()
        let result = await run(["--webhook", "http://127.0.0.1:9/", "--limit", "200", "--out", folder.url.path])
        #expect(result.code == .undelivered)
        #expect(result.output.contains("✓ notify   1 failed\n") && result.output.contains("\nNot told: DOF, "))
        #expect(try folder.report().deliveries.allSatisfy { $0.failure != nil })
    }

    private func run(_ arguments: [String]) async -> Commanded.Result {
        let isStart = !["resume", "list"].contains(arguments.first)
        return await Commanded().run(
            arguments + (isStart && !arguments.contains("--approve") ? ["--approve", "yes"] : []))
    }
}
