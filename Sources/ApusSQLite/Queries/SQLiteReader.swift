public import Apus
import CSQLite

/// Answers questions about a database of any program, and changes nothing in it, whatever the statement says.
///
/// It is made for statements that nobody vouches for, such as those of a language model: the file is opened for reading alone, each
/// table, column, function and pragma that a statement names is asked about, and its work, its rows and its memory are bounded. One
/// thread does the reading, so that none of Swift's pool waits for the disk; it ends with the last reference.
public final class SQLiteReader: Sendable {
    private let questions = JobQueue<Question>()
    private let thread = Crew()

    /// - Parameters:
    ///   - path: Of a database that is there; it is opened when the first question comes.
    ///   - tables: The tables that may be read, without regard to case, and the views over them that may; `nil` is all.
    public init(
        at path: String, tables: Set<String>? = nil, limits: SQLiteReaderLimits = SQLiteReaderLimits(),
        environment: some Environment = .live
    ) {
        let options = SQLiteOptions()
        let file = DatabaseFile(path: path, options: options, random: { environment.random() })
        thread.start("Apus SQLite questions") { [questions] in
            let desk = ReadingDesk(file, tables, limits, now: { environment.now() })
            while let question = questions.take(atMost: 1).first { question.answer(desk) }
        }
    }

    deinit { questions.close() }

    /// The rows of one statement, with a value for each `?`, as many as the limits allow.
    ///
    /// Cancelling the task ends the statement.
    /// - Throws: ``SQLiteReaderError``, or `CancellationError`.
    public func query(_ sql: String, _ values: [SQLiteValue] = []) async throws -> SQLiteTable {
        try await ask { desk, mark in try desk.rows(of: sql, values, mark) }
    }

    /// The statements that made the tables and views which may be read, one after the other.
    /// - Throws: ``SQLiteReaderError``, or `CancellationError`.
    public func schema() async throws -> String {
        try await ask { desk, mark in try desk.schema(mark) }
    }

    private func ask<Value: Sendable>(
        _ body: @escaping @Sendable (ReadingDesk, CancellationMark) throws -> Value
    ) async throws -> Value {
        let mark = CancellationMark()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let question = Question { desk in
                    continuation.resume(with: Result { try body(desk, mark) })
                }
                if !questions.add(question) {
                    continuation.resume(throwing: SQLiteReaderError(.unavailable, "it is closed"))
                }
            }
        } onCancel: {
            mark.set()
        }
    }

    private struct Question: Sendable { let answer: @Sendable (ReadingDesk) -> Void }
}

/// Whether somebody has given a question up.
final class CancellationMark: Sendable {
    private let flag = Guarded(false)
    func set() { flag.withLock { $0 = true } }
    var isSet: Bool { flag.withLock { $0 } }
}

/// What one question may cost and bring.
public struct SQLiteReaderLimits: Hashable, Sendable {
    /// How many rows are returned; whoever asked is told that there are more.
    public var rows: Int
    /// How many bytes of names and values are returned.
    public var bytes: Int
    /// The longest value that a statement may read or make, in bytes.
    public var value: Int
    /// How long a statement may run.
    public var time: Duration
    /// How many instructions of SQLite's machine it may take, which no clock decides; some 20 a row.
    public var instructions: Int
    /// By how many bytes the memory of all connections of this process may grow meanwhile.
    public var memory: Int

    public init(
        rows: Int = 200, bytes: Int = 64 << 10, value: Int = 1 << 20, time: Duration = .seconds(5),
        instructions: Int = 200_000_000, memory: Int = 128 << 20
    ) {
        self.rows = rows
        self.bytes = bytes
        self.value = value
        self.time = time
        self.instructions = instructions
        self.memory = memory
    }
}
