/// A row that could not be read, with the place and the reason.
public struct RowProblem: Error, Codable, Equatable, CustomStringConvertible {
    /// Counted from 1 as a spreadsheet does, the header included.
    public var row: Int
    /// The column's name; its number where the row has no such column; empty where the row as a whole is wrong.
    public var column: String
    /// What stands there.
    public var value: String
    public var reason: String

    public init(row: Int, column: String, value: String, reason: String) {
        self.row = row
        self.column = column
        self.value = value
        self.reason = reason
    }

    public var description: String {
        let place = column.isEmpty ? "row \(row)" : "row \(row), column \(column)"
        return value.isEmpty ? "\(place): \(reason)" : "\(place): \"\(value)\": \(reason)"
    }
}
