/// A function, initialiser, subscript or computed property with a body.
struct Function {
    var name: String
    /// The line of its keyword.
    var line: Int
    /// From the keyword to the closing brace.
    var length: Int
    /// The names by which its body knows its `inout` parameters.
    var inoutParameters: [String]
    var body: Range<Int>
}

extension [Token] {
    /// All functions with a body, those inside others too.
    func functions() -> [Function] {
        indices.compactMap { index in
            let isMember = index > 0 && self[index - 1].text == "."
            guard !isMember else { return nil }
            switch self[index].text {
            case "func", "init", "subscript", "deinit": return function(at: index)
            case "var": return computedProperty(at: index)
            default: return nil
            }
        }
    }

    private func function(at keyword: Index) -> Function? {
        var name = self[keyword].text
        var index = keyword + 1
        while index < count, !["(", "{", "}"].contains(self[index].text) {
            let isNamed = name != "func" && Token(text: name, line: 0).isWord
            if self[index].text == "<", isNamed, let close = closing(of: index) {
                index = close
            } else if name == "func" {
                name = self[index].text
            }
            index += 1
        }
        guard index < count, self[index].text != "}" else { return nil }
        var parameters: [String] = []
        if self[index].text == "(" {
            guard let close = closing(of: index) else { return nil }
            parameters = inoutNames(in: index..<close)
            index = close
        }
        guard let opening = bodyOpening(after: index) else { return nil }
        return function(name, from: keyword, opening: opening, changing: parameters)
    }

    /// The brace that opens the body of the declaration whose parameters ended; `nil` for a requirement of a protocol.
    private func bodyOpening(after end: Index) -> Index? {
        let next: Set = [
            "}", "func", "init", "var", "let", "subscript", "case", "associatedtype", "struct", "class", "enum",
            "protocol", "extension", "actor", "typealias", "import", "deinit",
        ]
        var index = end
        while index < count {
            if self[index].text == "{" { return index }
            if next.contains(self[index].text) { return nil }
            index += 1
        }
        return nil
    }

    private func computedProperty(at keyword: Index) -> Function? {
        guard keyword + 1 < count else { return nil }
        var index = keyword + 1
        while index < count, self[index].line == self[keyword].line, self[index].text != "=" {
            if self[index].text == "{" {
                return function(self[keyword + 1].text, from: keyword, opening: index, changing: [])
            }
            index += 1
        }
        return nil
    }

    private func function(_ name: String, from keyword: Index, opening: Index, changing names: [String]) -> Function? {
        guard let close = closing(of: opening) else { return nil }
        let length = self[close].line - self[keyword].line + 1
        return Function(
            name: name, line: self[keyword].line, length: length, inoutParameters: names, body: opening..<close)
    }

    private func inoutNames(in range: Range<Index>) -> [String] {
        range.filter { self[$0].text == "inout" }.compactMap { place in
            let colon = self[range.lowerBound..<place].lastIndex { $0.text == ":" }
            return colon.map { self[$0 - 1].text }
        }
    }
}
