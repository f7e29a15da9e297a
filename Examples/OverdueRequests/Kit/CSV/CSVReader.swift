/// Reads comma-separated values as RFC 4180 writes them, one record at a time.
///
/// Values may be quoted and then hold commas, line ends and doubled quotes. A record ends with a line feed, a carriage
/// return or both. A byte order mark is passed over; so are blank lines, which still count as rows.
public struct CSVReader {
    private let bytes: [UInt8]
    private var position: Int
    private var row = 0

    public init(_ bytes: [UInt8]) {
        self.bytes = bytes
        position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    }

    /// The next record, or `nil` at the end.
    ///
    /// After an error the reader stands behind the bad record and can go on; after an unterminated quote that is the end.
    public mutating func next() throws(CSVError) -> CSVRecord? {
        while position < bytes.count {
            row += 1
            if endRecord() { continue }
            return try record()
        }
        return nil
    }

    private mutating func record() throws(CSVError) -> CSVRecord {
        var fields: [String] = []
        while true {
            let text = try value(column: fields.count + 1)
            fields.append(text)
            if position == bytes.count || endRecord() { return CSVRecord(row: row, fields: fields) }
            position += 1  // the comma
        }
    }

    /// Reads a value and stops at the comma, the end of the record or the end of the text behind it.
    private mutating func value(column: Int) throws(CSVError) -> String {
        let raw = byte == .quote ? try quoted(column: column) : try plain(column: column)
        guard let text = String(validating: raw, as: UTF8.self) else { throw refuse(.invalidText, column: column) }
        return text
    }

    private mutating func plain(column: Int) throws(CSVError) -> [UInt8] {
        let start = position
        while let byte, byte != .comma, !byte.endsLine {
            if byte == .quote { throw refuse(.strayQuote, column: column) }
            position += 1
        }
        return Array(bytes[start..<position])
    }

    private mutating func quoted(column: Int) throws(CSVError) -> [UInt8] {
        var value: [UInt8] = []
        position += 1
        while let byte {
            position += 1
            guard byte == .quote else {
                value.append(byte)
                continue
            }
            guard self.byte == .quote else { return try closed(value, column: column) }
            value.append(.quote)
            position += 1
        }
        throw CSVError(.unterminatedQuote, row: row, column: column)
    }

    private mutating func closed(_ value: [UInt8], column: Int) throws(CSVError) -> [UInt8] {
        if let byte, byte != .comma, !byte.endsLine { throw refuse(.textAfterQuote, column: column) }
        return value
    }

    /// Passes over what is left of the line, so that one bad record costs only itself.
    private mutating func refuse(_ code: CSVError.Code, column: Int) -> CSVError {
        while let byte, !byte.endsLine { position += 1 }
        _ = endRecord()
        return CSVError(code, row: row, column: column)
    }

    /// Steps over a line end, if one stands here.
    private mutating func endRecord() -> Bool {
        guard let byte, byte.endsLine else { return false }
        position += 1
        if byte == .carriageReturn, self.byte == .lineFeed { position += 1 }
        return true
    }

    private var byte: UInt8? { position < bytes.count ? bytes[position] : nil }
}

extension UInt8 {
    fileprivate static let quote = UInt8(ascii: "\"")
    fileprivate static let comma = UInt8(ascii: ",")
    fileprivate static let lineFeed = UInt8(ascii: "\n")
    fileprivate static let carriageReturn = UInt8(ascii: "\r")

    fileprivate var endsLine: Bool { self == .lineFeed || self == .carriageReturn }
}
