import ApusAgents

/// Puts the head of an answer together, line by line as it comes.
struct HeadReader {
    private let limit: Int
    private var size = 0
    private var status: Int?
    private var headers = HTTPHeaders()
    private var lastName: String?
    private var isComplete = false

    init(limit: Int) { self.limit = limit }

    /// Takes a line with its end in; returns the head when the line completes it. What comes before (such as leave to go on) and
    /// after it (fields at the end of a body) counts and is passed over.
    /// - Throws: `HTTPError` with the code `tooLarge`.
    mutating func read(_ line: UnsafeRawBufferPointer) throws(HTTPError) -> Exchange.Head? {
        size += line.count
        if size > limit { throw HTTPError(.tooLarge, limit: .head(limit)) }
        if isComplete { return nil }
        let text = String(decoding: line, as: UTF8.self).trimmingLineEnd()
        if text.hasPrefix("HTTP/") {
            (headers, lastName) = ([:], nil)
            status = text.split(separator: " ").dropFirst().first.flatMap { Int($0) }
        } else if text.isEmpty {
            guard let status, status >= 200 else { return nil }
            isComplete = true
            return Exchange.Head(status: status, headers: headers)
        } else {
            add(text)
        }
        return nil
    }

    private mutating func add(_ line: Substring) {
        if line.first == " " || line.first == "\t" {
            // An old way to go on on the next line.
            guard let lastName, let value = headers[lastName] else { return }
            headers[lastName] = value + " " + line.trimmingBlanks()
        } else if let colon = line.firstIndex(of: ":") {
            let name = String(line[..<colon])
            headers.add(String(line[line.index(after: colon)...].trimmingBlanks()), to: name)
            lastName = name
        }
    }
}

extension StringProtocol {
    fileprivate func trimmingLineEnd() -> SubSequence {
        var rest = self[...]
        while let last = rest.last, last.isNewline { rest = rest.dropLast() }
        return rest
    }

    fileprivate func trimmingBlanks() -> SubSequence {
        var rest = drop { $0 == " " || $0 == "\t" }
        while rest.last == " " || rest.last == "\t" { rest = rest.dropLast() }
        return rest
    }
}
