import Apus
import ApusSQLite
import CSQLite
import Foundation
import Testing

@Suite struct SQLiteReaderTests {
    /// A database of somebody else's, which goes with this value.
    private final class Shop: Sendable {
        let path: String
        private let folder: TemporaryFolder

        init() throws {
            folder = try TemporaryFolder()
            path = folder.path("shop.sqlite")
            try Self.make(
                at: path,
                [
                    "CREATE TABLE item (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT, price REAL)",
                    "CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT)",
                    "CREATE TABLE secret (id INTEGER PRIMARY KEY, word TEXT)",
                    "CREATE INDEX by_name ON item (name)", "CREATE VIEW cheap AS SELECT name FROM item WHERE price < 5",
                    "CREATE VIEW revealing AS SELECT word FROM secret",
                    "INSERT INTO item VALUES (1, 'seed', 2.5), (2, 'net', 10), (3, 'ring', 7), (4, 'perch', 1.25)",
                    "INSERT INTO item SELECT id + 4, 'more ' || id, id FROM item",
                    "INSERT INTO note VALUES (1, 'swifts'), (2, NULL)", "INSERT INTO secret VALUES (1, 'canary')",
                ])
        }

        private static func make(at path: String, _ statements: [String]) throws {
            var connection: OpaquePointer?
            defer { sqlite3_close(connection) }
            try #require(sqlite3_open(path, &connection) == SQLITE_OK)
            for statement in statements {
                try #require(sqlite3_exec(connection, statement, nil, nil, nil) == SQLITE_OK)
            }
        }

        func reader(_ limits: SQLiteReaderLimits = SQLiteReaderLimits(), all: Bool = false) -> SQLiteReader {
            SQLiteReader(at: path, tables: all ? nil : ["item", "NOTE", "cheap"], limits: limits)
        }

        var bytes: Data { get throws { try Data(contentsOf: URL(filePath: path)) } }
    }

    private let shop: Shop

    init() throws { shop = try Shop() }

    private struct Payload: Sendable {
        var code: SQLiteReaderError.Code
        var statement: String
    }

    private static let payloads: [Payload] = {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "Payloads/refused-statements.txt")
        let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.compactMap { line in
            let parts = line.split(separator: " ", maxSplits: 1)
            return SQLiteReaderError.Code(rawValue: String(parts[0]))
                .map { Payload(code: $0, statement: parts.count > 1 ? String(parts[1]) : "") }
        }
    }()

    @Test func `whatever is no reading of what may be read is refused in words, and the file stays as it is`()
        async throws
    {
        #expect(Self.payloads.count > 200)
        let before = try shop.bytes
        // So few instructions that what never ends has ended soon.
        let reader = shop.reader(SQLiteReaderLimits(instructions: 3_000_000, memory: 64 << 20))
        for payload in Self.payloads {
            do {
                let table = try await reader.query(payload.statement)
                Issue.record("answered \(payload.statement): \(table.json)")
            } catch let error as SQLiteReaderError {
                #expect(error.code == payload.code, "\(payload.statement): \(error)")
                #expect(!"\(error)".contains("canary"))
            }
        }
        #expect(try await reader.query("SELECT count(*) FROM item").rows == [[8]])
        #expect(try shop.bytes == before)
        let files = try FileManager.default.contentsOfDirectory(
            atPath: URL(filePath: shop.path).deletingLastPathComponent().path)
        #expect(files == ["shop.sqlite"])
    }

    @Test(arguments: [
        ("SELECT name, price FROM item WHERE id < 3 ORDER BY id", #"[["seed",2.5],["net",10.0]]"#),
        ("SELECT count(*), sum(price) FROM item;", #"[[8,30.75]]"#),
        (
            "SELECT i.name, n.text FROM item i JOIN note n ON n.id = i.id ORDER BY 1",
            #"[["net",null],["seed","swifts"]]"#
        ),
        (
            "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 4) SELECT x FROM c",
            "[[1],[2],[3],[4]]"
        ),
        ("SELECT row_number() OVER (ORDER BY price) FROM item LIMIT 2", "[[1],[2]]"),
        ("SELECT value FROM json_each('[1,2]')", "[[1],[2]]"), ("VALUES (1, 'a')", #"[[1,"a"]]"#),
        ("SELECT name FROM cheap WHERE name = 'perch'", #"[["perch"]]"#),
        ("SELECT x'0102', 1e999", #"[["(2 bytes)",null]]"#),
        ("SELECT name FROM pragma_table_info('note')", #"[["id"],["text"]]"#), ("  SELECT 1  ", "[[1]]"),
        ("SELECT strftime('%Y', 0, 'unixepoch')", #"[["1970"]]"#), ("SELECT 1 WHERE 0", "[]"),
        ("SELECT group_concat(name, '/') FROM (SELECT name FROM item ORDER BY id LIMIT 2)", #"[["seed/net"]]"#),
    ])
    func `a question is answered`(sql: String, rows: String) async throws {
        let table = try await shop.reader().query(sql)
        #expect("\(table.json["rows"] ?? [])" == rows)
        #expect(!table.isCut)
    }

    @Test func `rows and bytes are limited, and whoever asks is told`() async throws {
        let few = try await shop.reader(SQLiteReaderLimits(rows: 3)).query("SELECT id FROM item ORDER BY id")
        #expect(few.rows == [[1], [2], [3]] && few.isCut)
        #expect(few.json["note"]?.text?.contains("first 3 rows") == true)
        #expect(try await !shop.reader(SQLiteReaderLimits(rows: 8)).query("SELECT id FROM item").isCut)
        let short = try await shop.reader(SQLiteReaderLimits(bytes: 100)).query("SELECT hex(zeroblob(15)) FROM item")
        #expect(short.rows.count == 2 && short.isCut)
        let error = await #expect(throws: SQLiteReaderError.self) {
            try await shop.reader(SQLiteReaderLimits(bytes: 100)).query("SELECT hex(zeroblob(100)) FROM item")
        }
        #expect(error?.code == .tooMuch)
    }

    @Test func `values are bound, and a quote in one is a quote`() async throws {
        let reader = shop.reader()
        #expect(try await reader.query("SELECT ? || ?", ["' OR 1", 2]).rows == [["' OR 12"]])
        #expect(try await reader.query("SELECT name FROM item WHERE name = ?", ["' OR '1'='1"]).rows.isEmpty)
        await #expect(throws: SQLiteReaderError.self) { try await reader.query("SELECT ?", [1, 2]) }
    }

    @Test func `the tables that may be read are described, and no others`() async throws {
        let schema = try await shop.reader().schema()
        #expect(schema.contains("CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT);"))
        #expect(schema.contains("CREATE VIEW cheap"))
        #expect(!schema.contains("secret") && !schema.contains("sqlite_"))
        #expect(try await shop.reader(all: true).schema().contains("secret"))
        #expect(try await shop.reader(SQLiteReaderLimits(bytes: 60)).schema().hasSuffix("-- and more"))
        #expect(try await shop.reader(all: true).query("SELECT word FROM revealing").rows == [["canary"]])
    }

    @Test func `a statement that is given up ends, and the next one is answered`() async throws {
        let reader = shop.reader(SQLiteReaderLimits(time: .seconds(600), instructions: .max))
        let endless = LiveEnvironment().spawn {
            try await reader.query(
                "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c")
        }
        endless.cancel()
        await #expect(throws: CancellationError.self) { try await endless.value }
        #expect(try await reader.query("SELECT 1").rows == [[1]])
    }

    @Test func `the clock ends what the count of instructions lets pass`() async throws {
        let reader = shop.reader(SQLiteReaderLimits(time: .milliseconds(50), instructions: .max))
        let error = await #expect(throws: SQLiteReaderError.self) {
            try await reader.query(
                "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c")
        }
        #expect(error?.code == .tooMuch)
    }

    @Test func `what is no database is said to be none, and nothing is created`() async throws {
        let folder = try TemporaryFolder()
        let missing = folder.path("missing.sqlite")
        let text = folder.path("text.sqlite")
        try String(repeating: "no database ", count: 100).write(toFile: text, atomically: true, encoding: .utf8)
        for path in [missing, text, folder.path("."), "file:\(missing)?mode=rwc", ":memory:"] {
            let error = await #expect(throws: SQLiteReaderError.self, "\(path)") {
                try await SQLiteReader(at: path).query("SELECT * FROM sqlite_schema")
            }
            #expect(error?.code == .unavailable)
        }
        #expect(!FileManager.default.fileExists(atPath: missing))
    }

    @Test func `the storage of runs can be read while it is written`() async throws {
        let folder = try TemporaryFolder()
        let storage = try await SQLiteStorage.open(at: folder.path("runs.sqlite"))
        let reader = SQLiteReader(at: folder.path("runs.sqlite"))
        for number in 1...3 {
            var batch = StorageBatch()
            batch.create(Array("\(number)".utf8), at: StorageKey("order", number))
            try await storage.commit(batch)
            #expect(try await reader.query("SELECT count(*) FROM readable").rows == [[.integer(Int64(number))]])
        }
        await storage.close()
    }
}
