extension WebAddress {
    /// Where a reference that stands in a document at this address leads, as RFC 3986 resolves it; it may be an address of its own.
    /// - Throws: ``HTTPError`` with the code `badRequest`.
    public func resolving(_ reference: String) throws(HTTPError) -> WebAddress {
        let path = target.prefix { $0 != "?" }
        let start = "\(scheme)://\(hostText):\(port)"
        switch reference.first {
        case nil, "#": return self
        case "?": return try WebAddress(start + path + reference)
        case "/": return try WebAddress(reference.hasPrefix("//") ? "\(scheme):" + reference : start + reference)
        default: break
        }
        // A colon before any slash ends a scheme.
        if reference.prefix(while: { !"/?#".contains($0) }).contains(":") { return try WebAddress(reference) }
        let base = path[...(path.lastIndex(of: "/") ?? path.startIndex)]
        let end = reference.firstIndex { "?#".contains($0) } ?? reference.endIndex
        return try WebAddress(start + Self.walked(String(base + reference[..<end])) + reference[end...])
    }

    /// A path without its steps to the same and the upper folder.
    private static func walked(_ path: String) -> String {
        var steps: [Substring] = []
        let parts = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            let isLast = index == parts.count - 1
            switch part {
            case ".": if isLast { steps.append("") }
            case "..":
                _ = steps.popLast()
                if isLast { steps.append("") }
            default: steps.append(part)
            }
        }
        return "/" + steps.joined(separator: "/")
    }
}
