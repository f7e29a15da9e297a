import Apus
import ApusSQLite
import CSQLite
import Foundation
import Testing

@Suite struct DatabaseFileTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @discardableResult
    private func shell(_ sql: String, _ name: String = "apus.sqlite") -> [[String]] {
        var connection: OpaquePointer?
        var statement: OpaquePointer?
        var rows: [[String]] = []
        #expect(sqlite3_open(folder.path(name), &connection) == SQLITE_OK)
        #expect(sqlite3_prepare_v2(connection, sql, -1, &statement, nil) == SQLITE_OK)
        while sqlite3_step(statement) == SQLITE_ROW {
            rows.append(
                (0..<sqlite3_column_count(statement)).map { column in
                    sqlite3_column_text(statement, column).map { String(cString: $0) } ?? ""
                })
        }
        sqlite3_finalize(statement)
        sqlite3_close(connection)
        return rows
    }

    private func refusal(of path: String) async -> StorageError? {
        do {
            await (try SQLiteStorage.open(at: path)).close()
            return nil
        } catch {
            return error as? StorageError
        }
    }

    @Test func `a new file is for its owner alone`() async throws {
        let storage = try await SQLiteStorage.open(at: folder.path())
        for name in ["apus.sqlite", "apus.sqlite-wal", "apus.sqlite-shm"] {
            let attributes = try FileManager.default.attributesOfItem(atPath: folder.path(name))
            #expect(attributes[.posixPermissions] as? Int == 0o600, "\(name)")
        }
        await storage.close()
    }

    @Test func `the file of another program is refused and left as it is`() async throws {
        shell("CREATE TABLE orders (id)", "other.sqlite")
        let before = try Data(contentsOf: URL(filePath: folder.path("other.sqlite")))
        let error = await refusal(of: folder.path("other.sqlite"))
        #expect(error?.code == .incompatible)
        #expect(error?.detail?.contains("another program") == true)
        #expect(try Data(contentsOf: URL(filePath: folder.path("other.sqlite"))) == before)
    }

    @Test func `the file of a newer version is refused with its version`() async throws {
        await (try SQLiteStorage.open(at: folder.path())).close()
        shell("PRAGMA user_version = 99")
        let error = await refusal(of: folder.path())
        #expect(error?.code == .incompatible)
        #expect(error?.detail?.contains("version 99") == true)
    }

    @Test func `what is no database is refused`() async throws {
        #expect(await refusal(of: folder.url.path)?.detail?.contains("is a directory") == true)
        try Data("once upon a time there was a text\n".utf8).write(to: URL(filePath: folder.path("text")))
        #expect(await refusal(of: folder.path("text"))?.code == .incompatible)
        #expect(await refusal(of: folder.path("missing/apus.sqlite"))?.code == .refused)
    }

    @Test func `a path is never taken for an address`() async throws {
        for name in ["file:a?mode=memory", ":memory:", "%20 ü"] {
            let storage = try await SQLiteStorage.open(at: folder.path(name))
            await storage.close()
            #expect(FileManager.default.fileExists(atPath: folder.path(name)), "\(name)")
        }
    }

    @Test func `a person reads keys and values as text`() async throws {
        let storage = try await SQLiteStorage.open(at: folder.path())
        var batch = StorageBatch()
        batch.put(Array("sent".utf8), at: StorageKey("journal", "order-17", 0x2c8))
        batch.put([], at: StorageKey("a"), expires: WallTime(milliseconds: 1_000_000_000_000_000))
        try await storage.commit(batch)
        #expect(shell("SELECT key, value, bytes FROM readable")[1] == ["journal/order-17/c2c8", "sent", "4"])
        await storage.close()
    }

    @Test func `a person looks at runs, at what they did and at what they ask`() async throws {
        let storage = try await SQLiteStorage.open(at: folder.path())
        try await ask(in: storage)
        #expect(shell("SELECT run, graph, status, reason FROM apus_runs") == [["order-17", "order", "waiting", ""]])
        #expect(
            shell("SELECT run, question, choices, answer FROM apus_questions")
                == [["order-17", "Send 3 tents?", "[\"true\",\"false\"]", "Bool"]])
        #expect(
            shell("SELECT what, activation, name, value FROM apus_records WHERE run = 'order-17' AND what <> 'claim'")
                == [
                    ["begin", "", "order", "{\"tents\":3}"], ["intent", "send", "weigh", ""],
                    ["effect", "send", "weigh", "4"],
                    ["ask", "send", "leave", ""], ["release", "", "", ""],
                ])
        #expect(shell("SELECT count(*) FROM apus_runs WHERE created LIKE '20__-__-__T__:__:__.___Z'") == [["1"]])
        await storage.close()
    }

    private struct Order: GraphState { var tents = 3 }

    /// Lets a run do something and ask.
    private func ask(in storage: SQLiteStorage) async throws {
        let graph = try Graph<Order>("order") { g in
            let send = g.node("send") { order, context in
                order.tents = try await context.step("weigh") { order.tents + 1 }
                _ = try await context.ask(Question<Bool>("leave", "Send 3 tents?", choices: [true, false]))
            }
            g.start(at: send)
        }
        let engine = Engine(storage: storage)
        engine.register(graph)
        try await withThrowingTaskGroup { group in
            group.addTask { try await engine.run() }
            let run = try await engine.start(graph, from: Order(), id: RunID("order-17"))
            while try await engine.status(of: run)?.status != .waiting { await Task.yield() }
            group.cancelAll()
        }
    }

    @Test func `a file of the first version is brought up to date`() async throws {
        await (try SQLiteStorage.open(at: folder.path())).close()
        let views = ["apus_runs", "apus_records", "apus_questions"]
        for statement in views.map({ "DROP VIEW \($0)" }) + ["PRAGMA user_version = 1"] { shell(statement) }
        await (try SQLiteStorage.open(at: folder.path())).close()
        #expect(shell("PRAGMA user_version") == [["2"]])
        for view in views { #expect(shell("SELECT count(*) FROM \(view)") == [["0"]]) }
    }

    @Test func `a backup is a database of its own`() async throws {
        let storage = try await SQLiteStorage.open(at: folder.path())
        var batch = StorageBatch()
        for number in 0..<500 { batch.put([UInt8](repeating: 1, count: 300), at: StorageKey("a", number)) }
        try await storage.commit(batch)
        try await storage.backup(to: folder.path("copy.sqlite"))
        await #expect(throws: StorageError(.refused)) { try await storage.backup(to: folder.path("copy.sqlite")) }
        var later = StorageBatch()
        later.delete(.all)
        try await storage.commit(later)
        let copy = try await SQLiteStorage.open(at: folder.path("copy.sqlite"))
        #expect(try await copy.check().intact == 500)
        #expect(try await storage.check().intact == 0)
        await copy.close()
        await storage.close()
    }

    @Test func `threads and files go with the last reference`() async throws {
        var storage: SQLiteStorage? = try await SQLiteStorage.open(at: folder.path())
        var batch = StorageBatch()
        batch.put([1], at: StorageKey("a"))
        try await storage?.commit(batch)
        let changes = storage?.changes(in: .all)
        storage = nil
        if let changes { for await _ in changes {} }
        // The log goes when the last connection is closed, which is the last thing that the last thread does.
        while FileManager.default.fileExists(atPath: folder.path("apus.sqlite-wal")) { await Task.yield() }
    }

    @Test func `what has expired is taken out of the file`() async throws {
        var options = SQLiteOptions()
        options.reclaimInterval = .zero
        let storage = try await SQLiteStorage.open(at: folder.path(), options: options)
        for number in 0..<3 {
            var batch = StorageBatch()
            batch.put([1], at: StorageKey("a", number), expires: WallTime(milliseconds: 1))
            try await storage.commit(batch)
        }
        #expect(shell("SELECT count(*) FROM entry")[0] == ["0"])
        await storage.close()
    }

    @Test func `keys and values beyond the limit are refused`() async throws {
        var options = SQLiteOptions()
        options.maximumValueLength = 1_000
        let storage = try await SQLiteStorage.open(at: folder.path(), options: options)
        var batch = StorageBatch()
        batch.put([UInt8](repeating: 0, count: 1_001), at: StorageKey("a"))
        await #expect(throws: StorageError(.tooLarge, key: StorageKey("a"))) { try await storage.commit(batch) }
        batch = StorageBatch()
        batch.put([], at: StorageKey(bytes: [UInt8](repeating: 1, count: 1_025)))
        await #expect(throws: StorageError(.tooLarge)) { try await storage.commit(batch) }
        await storage.close()
    }
}
