/// Cuts documents into passages at the places where an author pauses: headings, empty lines, ends of sentences.
///
/// No passage is longer than ``length`` unless a single word is; each repeats the last ``overlap`` characters of the one before, so that what stands at a
/// cut is found from both sides. Lengths are in characters.
public struct Chunker: Sendable, Hashable {
    public var length: Int
    public var overlap: Int

    public init(length: Int = 1_200, overlap: Int = 150) {
        precondition(length > 0 && overlap >= 0 && overlap < length, "a passage has to be longer than its overlap")
        self.length = length
        self.overlap = overlap
    }

    /// The passages of a document in Markdown or plain text.
    public func passages(of text: String, in document: String) -> [Passage] {
        var passages: [Passage] = []
        for section in Self.sections(of: text) {
            for piece in pieces(of: section.body) {
                let id = "\(document)#\(passages.count)"
                passages.append(Passage(id: id, document: document, heading: section.heading, text: piece))
            }
        }
        return passages
    }

    private static func sections(of text: String) -> [(heading: String?, body: String)] {
        var sections: [(heading: String?, body: String)] = [(nil, "")]
        var isCode = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("```") { isCode.toggle() }
            let marks = line.prefix { $0 == "#" }.count
            if !isCode, (1...6).contains(marks), line.dropFirst(marks).first == " " {
                sections.append((String(line.dropFirst(marks + 1)), ""))
            } else {
                sections[sections.count - 1].body += line + "\n"
            }
        }
        return sections
    }

    private func pieces(of body: String) -> [String] {
        var pieces: [String] = []
        var current = ""
        for unit in units(of: body) {
            if !current.isEmpty, current.count + unit.count > length {
                pieces.append(current)
                current = Self.tail(of: current, overlap, room: length - unit.count)
            }
            current += unit
        }
        pieces.append(current)
        return pieces.map { Self.trimmed($0) }.filter { !$0.isEmpty }
    }

    /// Paragraphs, cut into sentences and words where they are too long.
    private func units(of body: String) -> [String] {
        let paragraphs = Self.cut(body) { text, index in text[index] == "\n" && text[..<index].last == "\n" }
        return paragraphs.flatMap { paragraph -> [String] in
            if paragraph.count <= length { return [paragraph] }
            let sentences = Self.cut(paragraph) { text, index in
                text[index].isWhitespace && (text[..<index].last.map { ".!?".contains($0) } ?? false)
            }
            return sentences.flatMap { sentence in
                sentence.count <= length ? [sentence] : Self.cut(sentence) { $0[$1].isWhitespace }
            }
        }
    }

    /// `text` in pieces, each ending with a character at which `ends` holds; together they are the text.
    private static func cut(_ text: String, _ ends: (Substring, Substring.Index) -> Bool) -> [String] {
        var pieces: [String] = []
        var rest = text[...]
        var index = rest.startIndex
        while index < rest.endIndex {
            let next = rest.index(after: index)
            if ends(rest, index) {
                pieces.append(String(rest[..<next]))
                rest = rest[next...]
            }
            index = next
        }
        if !rest.isEmpty { pieces.append(String(rest)) }
        return pieces
    }

    /// The end of a piece, from a word on.
    private static func tail(of text: String, _ overlap: Int, room: Int) -> String {
        let tail = text.suffix(max(0, min(overlap, room)))
        guard tail.count < text.count, let space = tail.firstIndex(where: \.isWhitespace) else { return "" }
        return String(tail[tail.index(after: space)...])
    }

    private static func trimmed(_ text: String) -> String {
        let start = text.drop(while: \.isWhitespace)
        guard let end = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(start[...end])
    }
}
