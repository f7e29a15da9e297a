/// One record of comma-separated values.
public struct CSVRecord: Sendable, Equatable {
    /// Counted from 1 as a spreadsheet does, the header and blank lines included.
    public let row: Int
    public let fields: [String]

    public init(row: Int, fields: [String]) {
        self.row = row
        self.fields = fields
    }
}
