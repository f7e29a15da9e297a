public import Apus
import Foundation

/// Computes an arithmetic expression exactly as written, since models guess.
public struct Calculator: Tool {
    public struct Input: Codable, Sendable, SchemaDescribed {
        public var expression: String
        public static let descriptions = [
            "expression": "Numbers, + - * / % ^, parentheses, sqrt, abs, min, max, round, ln, exp"
        ]
    }

    public let name = "calculate"
    public let description = "Computes an arithmetic expression"
    public var policy: ToolPolicy { .readOnly }

    public init() {}

    public func call(_ input: Input, _ context: ToolContext) async throws -> String {
        var parser = try ArithmeticParser(input.expression)
        let value = try parser.value()
        guard value.isFinite else {
            throw ArithmeticError(offset: 0, expected: "a result that is a number; it is \(value)")
        }
        return value == value.rounded() && abs(value) < 1e15 ? "\(Int64(value))" : "\(value)"
    }
}

/// Why an expression has no value.
public struct ArithmeticError: Error, Equatable, CustomStringConvertible {
    /// The character at which something else was expected.
    public var offset: Int
    public var expected: String
    public var description: String { "at character \(offset + 1): expected \(expected)" }
}

/// Reads an expression by descent. Both its length and the depth of its parentheses are bounded.
struct ArithmeticParser {
    static let maximumLength = 4_096
    static let maximumDepth = 64

    private let characters: [Character]
    private var position = 0
    private var depth = 0

    init(_ text: String) throws(ArithmeticError) {
        characters = Array(text)
        if characters.count > Self.maximumLength {
            throw ArithmeticError(offset: Self.maximumLength, expected: "at most \(Self.maximumLength) characters")
        }
    }

    mutating func value() throws(ArithmeticError) -> Double {
        let value = try sum()
        skipSpace()
        if position < characters.count { throw error("an operator or the end") }
        return value
    }

    private mutating func sum() throws(ArithmeticError) -> Double {
        depth += 1
        defer { depth -= 1 }
        if depth > Self.maximumDepth { throw error("at most \(Self.maximumDepth) levels of parentheses") }
        var value = try product()
        while let sign = takes("+-") { value = sign == "+" ? value + (try product()) : value - (try product()) }
        return value
    }

    private mutating func product() throws(ArithmeticError) -> Double {
        var value = try signed()
        while let sign = takes("*/%×÷") {
            let right = try signed()
            if right == 0, sign != "*", sign != "×" { throw error("a divisor that is not 0") }
            switch sign {
            case "*", "×": value *= right
            case "%": value = value.truncatingRemainder(dividingBy: right)
            default: value /= right
            }
        }
        return value
    }

    /// Signs bind less than powers: -2^2 is -4.
    private mutating func signed() throws(ArithmeticError) -> Double {
        var isNegative = false
        while let sign = takes("+-") { if sign == "-" { isNegative.toggle() } }
        let value = try power()
        return isNegative ? -value : value
    }

    private mutating func power() throws(ArithmeticError) -> Double {
        let base = try atom()
        guard takes("^") != nil else { return base }
        depth += 1
        defer { depth -= 1 }
        if depth > Self.maximumDepth { throw error("at most \(Self.maximumDepth) levels of powers") }
        return pow(base, try signed())
    }

    private mutating func atom() throws(ArithmeticError) -> Double {
        skipSpace()
        guard position < characters.count else { throw error("a number") }
        if takes("(") != nil {
            let value = try sum()
            guard takes(")") != nil else { throw error("\")\"") }
            return value
        }
        if characters[position].isLetter { return try named() }
        let start = position
        while position < characters.count, characters[position].isASCII,
            characters[position].isNumber || "._".contains(characters[position])
        {
            position += 1
        }
        if position > start, position < characters.count, "eE".contains(characters[position]) { takeExponent() }
        let text = characters[start..<position].filter { $0 != "_" }
        guard let value = Double(String(text)) else { throw error("a number") }
        return value
    }

    private mutating func takeExponent() {
        var end = position + 1
        if end < characters.count, "+-".contains(characters[end]) { end += 1 }
        let first = end
        while end < characters.count, characters[end].isASCII, characters[end].isNumber { end += 1 }
        if end > first { position = end }
    }

    private mutating func named() throws(ArithmeticError) -> Double {
        let start = position
        while position < characters.count, characters[position].isLetter { position += 1 }
        let name = String(characters[start..<position]).lowercased()
        if name == "pi" { return .pi }
        guard takes("(") != nil else { throw error("\"(\" behind \"\(name)\"") }
        var values = [try sum()]
        while takes(",") != nil { values.append(try sum()) }
        guard takes(")") != nil else { throw error("\")\"") }
        switch (name, values.count) {
        case ("sqrt", 1): return values[0].squareRoot()
        case ("abs", 1): return abs(values[0])
        case ("round", 1): return values[0].rounded()
        case ("ln", 1): return log(values[0])
        case ("exp", 1): return exp(values[0])
        case ("min", _): return values.reduce(values[0], min)
        case ("max", _): return values.reduce(values[0], max)
        default: throw ArithmeticError(offset: start, expected: "one of sqrt, abs, min, max, round, ln, exp, pi")
        }
    }

    private mutating func skipSpace() {
        while position < characters.count, characters[position].isWhitespace { position += 1 }
    }

    private mutating func takes(_ choices: String) -> Character? {
        skipSpace()
        guard position < characters.count, choices.contains(characters[position]) else { return nil }
        defer { position += 1 }
        return characters[position]
    }

    private func error(_ expected: String) -> ArithmeticError { ArithmeticError(offset: position, expected: expected) }
}
