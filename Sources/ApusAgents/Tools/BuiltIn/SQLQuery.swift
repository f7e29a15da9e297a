public import Apus

/// Asks a database, which somebody else keeps from being changed.
///
/// It knows no database: what reads is given, such as the functions `schema()` and `query(_:)` of a `SQLiteReader` of ApusSQLite.
public struct SQLQuery: Tool {
    public struct Input: Codable, Sendable, SchemaDescribed {
        public var sql: String?
        public static let descriptions = ["sql": "One SELECT statement; without it the tables are described"]
    }

    public let name: String
    public let description: String
    public var policy: ToolPolicy
    private let schema: @Sendable () async throws -> String
    private let query: @Sendable (String) async throws -> JSON

    /// - Parameters:
    ///   - dialect: Whose SQL it is.
    ///   - contents: For the model: what the database is about.
    ///   - isTrusted: Whether nobody wrote into it who could mislead a model.
    ///   - schema: Describes the tables.
    ///   - query: Answers one statement; what it throws goes to the model as words.
    public init(
        _ name: String = "sql_query", dialect: String = "SQLite", contents: String = "a database",
        isTrusted: Bool = false, schema: @escaping @Sendable () async throws -> String,
        query: @escaping @Sendable (String) async throws -> JSON
    ) {
        self.name = name
        description =
            "Reads from \(contents) by SQL (\(dialect)). Call it without sql first: it describes the tables then"
        policy = ToolPolicy(effect: .readOnly, flow: isTrusted ? [] : .brings)
        self.schema = schema
        self.query = query
    }

    public func call(_ input: Input, _ context: ToolContext) async throws -> JSON {
        guard let sql = input.sql, sql.contains(where: { !$0.isWhitespace }) else {
            return ["tables": .string(try await schema())]
        }
        return try await query(sql)
    }
}
