public import Apus

/// What a question brought.
public struct SQLiteTable: Hashable, Sendable {
    public var columns: [String]
    /// A value for each column. Bytes that are no text are named by their number.
    public var rows: [[JSON]]
    /// Whether there is more, which the limits left out.
    public var isCut: Bool

    /// An object with the members `columns`, `rows` and, where something was left out, `note`.
    public var json: JSON {
        var json: JSON = [
            "columns": .array(columns.map { .string($0) }), "rows": .array(rows.map { .array($0) }),
        ]
        if isCut {
            json["note"] = .string(
                "Only the first \(rows.count) rows are here. Narrow the question, count, or use LIMIT.")
        }
        return json
    }
}
