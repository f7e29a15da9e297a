import Apus
import ApusAgents
import ApusSQLite
import ApusTesting
import Foundation
import Testing

@Suite struct SQLQueryTests {
    /// What a model reads, call by call, of a storage that holds five entries.
    private func results(_ calls: [JSON], rows: Int = 200) async throws -> [ToolResult] {
        let path = FileManager.default.temporaryDirectory.appending(path: "query-\(UUID()).sqlite").path
        defer { for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + end) } }
        let storage = try await SQLiteStorage.open(at: path)
        for number in 1...5 {
            var batch = StorageBatch()
            batch.create(Array("nest \(number)".utf8), at: StorageKey("nest", number))
            try await storage.commit(batch)
        }
        let reader = SQLiteReader(at: path, tables: ["readable", "entry"], limits: SQLiteReaderLimits(rows: rows))
        var tool = SQLQuery(
            contents: "nests", schema: { try await reader.schema() }, query: { try await reader.query($0).json })
        // However much else the machine has to do.
        tool.policy.timeout = nil
        let model = ScriptedModel(calls.map { .call(tool.name, $0) } + [.text("done")])
        let end = try await Agent("reader", model: model, tools: [tool]).run([.user("?")])
        await storage.close()
        return end.messages.flatMap(\.toolResults)
    }

    @Test func `a model asks for the tables, and then for what is in them`() async throws {
        let results = try await results([[:], ["sql": " "], ["sql": "SELECT value FROM readable LIMIT 2"]])
        #expect(results.map(\.isError) == [false, false, false])
        #expect(results[0].text.contains("CREATE VIEW readable"))
        #expect(results[1].text == results[0].text)
        #expect(results[2].text == #"{"columns":["value"],"rows":[["nest 1"],["nest 2"]]}"#)
    }

    @Test func `what is refused, and what was left out, is told in words`() async throws {
        let results = try await results(
            [
                ["sql": "DELETE FROM entry"], ["sql": "SELECT colour FROM readable"], ["sql": "SELECT name FROM apus"],
                ["sql": "SELECT value FROM readable"],
            ], rows: 3)
        #expect(results.map(\.isError) == [true, true, true, false])
        #expect(results[0].text.contains("only be read"))
        #expect(results[1].text.contains("no such column: colour"))
        #expect(results[2].text.contains("the table apus may not be read"))
        #expect(results[3].text.contains("Only the first 3 rows"))
    }

    @Test func `what a database holds taints, unless it is trusted`() {
        let tool = SQLQuery(schema: { "" }, query: { _ in [] })
        #expect(tool.policy == ToolPolicy(effect: .readOnly, flow: .brings))
        #expect(SQLQuery(isTrusted: true, schema: { "" }, query: { _ in [] }).policy.flow.isEmpty)
    }
}
