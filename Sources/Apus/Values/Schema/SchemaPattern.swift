import Foundation

/// A compiled `pattern`.
struct SchemaPattern: Sendable {
    let source: String
    private let expression: NSRegularExpression
    private let steps: Int

    init(_ source: String, limits: JSONSchema.Limits) throws(JSONSchemaError) {
        guard source.unicodeScalars.count <= limits.patternLength else {
            throw JSONSchemaError(.pattern, at: "", detail: "the pattern is longer than \(limits.patternLength)")
        }
        do {
            expression = try NSRegularExpression(pattern: Self.translated(source))
        } catch {
            throw JSONSchemaError(.pattern, at: "", detail: "the pattern \(source) is no regular expression")
        }
        self.source = source
        steps = limits.patternSteps
    }

    /// Whether it is found in `text`; `nil` if the search was given up because it takes too long.
    func matches(_ text: String) -> Bool? {
        var (isFound, isGivenUp, steps) = (false, false, 0)
        let range = NSRange(location: 0, length: text.utf16.count)
        // ICU reports each place where it begins to look, and the time in between now and then.
        let allowance = self.steps + range.length
        expression.enumerateMatches(in: text, options: .reportProgress, range: range) { match, _, stop in
            steps += 1
            isFound = match != nil
            isGivenUp = !isFound && steps > allowance
            if isFound || isGivenUp { stop.pointee = true }
        }
        return isGivenUp ? nil : isFound
    }

    /// ECMAScript's expressions in the words of ICU.
    static func translated(_ source: String) -> String {
        var result = ""
        var isClass = false
        var rest = source[...]
        while let character = rest.popFirst() {
            switch character {
            case "\\": result += escape(&rest, isClass: isClass)
            case "$" where !isClass: result += "\\z"
            case "[" where isClass: result += "\\["
            case "&" where isClass: result += "\\&"
            case "[":
                isClass = true
                result += "["
                if rest.first == "]" {
                    // Nothing at all.
                    rest.removeFirst()
                    result = String(result.dropLast()) + "(?!)"
                    isClass = false
                } else if rest.hasPrefix("^]") {
                    rest.removeFirst(2)
                    result = String(result.dropLast()) + "[\\s\\S]"
                    isClass = false
                }
            case "]":
                isClass = false
                result += "]"
            default: result.append(character)
            }
        }
        return result
    }

    private static let space = "\\t\\n\\u000B\\f\\r\\p{Z}\\uFEFF"

    private static func escape(_ rest: inout Substring, isClass: Bool) -> String {
        guard let code = rest.popFirst() else { return "\\" }
        switch code {
        case "d": return isClass ? "0-9" : "[0-9]"
        case "w": return isClass ? "A-Za-z0-9_" : "[A-Za-z0-9_]"
        case "s": return isClass ? space : "[\(space)]"
        case "D": return "[^0-9]"
        case "W": return "[^A-Za-z0-9_]"
        case "S": return "[^\(space)]"
        case "v": return "\\u000B"
        case "b" where isClass: return "\\u0008"
        case "0": return "\\x00"
        case "u" where rest.first == "{": return "\\x"
        default: return "\\" + String(code)
        }
    }
}
