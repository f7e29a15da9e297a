/// Why a record of comma-separated values could not be read, and where it stands.
public struct CSVError: Error, Equatable, CustomStringConvertible {
    public enum Code: Sendable {
        /// A quoted value is still open at the end of the text, so nothing behind its quote can be trusted.
        case unterminatedQuote
        /// A quote stands inside a value that does not begin with one.
        case strayQuote
        /// Something other than a comma or the end of the record follows a closing quote.
        case textAfterQuote
        /// The bytes of a value are not UTF-8.
        case invalidText
    }

    public let code: Code
    /// The record, counted from 1 as a spreadsheet does, the header included.
    public let row: Int
    /// The value within the record, counted from 1.
    public let column: Int

    public init(_ code: Code, row: Int, column: Int) {
        self.code = code
        self.row = row
        self.column = column
    }

    public var reason: String {
        switch code {
        case .unterminatedQuote: "a quote is opened here and never closed"
        case .strayQuote: "a quote stands inside a value that is not quoted; quote the value and double the quote"
        case .textAfterQuote: "text follows a closing quote; a quote inside a quoted value is written twice"
        case .invalidText: "the value is not UTF-8"
        }
    }

    public var description: String { "row \(row), column \(column): \(reason)" }
}
