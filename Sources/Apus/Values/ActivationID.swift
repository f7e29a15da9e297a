/// The name of one start of one node in one run, the same whenever the run is replayed.
///
/// It is a path: `draft#2` is the node "draft" in the third round of the loop around it, `draft#2.0` in the
/// first round of a loop inside that round, `decide[17]` the element 17 of a composite, and
/// `triage/fetch` the node "fetch" of the graph run by the node "triage".
public struct ActivationID: Sendable, Hashable, Codable, CustomStringConvertible {
    /// One step of the path.
    public struct Component: Sendable, Hashable, Codable {
        public var node: String
        /// The rounds of the enclosing loops, outermost first, counted from 0.
        public var iterations: [Int]
        /// The element or branch of a composite, counted from 0.
        public var index: Int?

        public init(node: String, iterations: [Int] = [], index: Int? = nil) {
            self.node = node
            self.iterations = iterations
            self.index = index
        }
    }

    public var path: [Component]

    public init(_ path: [Component]) { self.path = path }

    /// The last node of the path.
    public var node: String { path.last?.node ?? "" }

    /// The path as text. What would be read as part of its grammar stands as `%` and two hexadecimal digits in a node's id, so
    /// that the text names one activation and no other.
    public var description: String {
        var text = ""
        for (position, step) in path.enumerated() {
            if position > 0 { text += "/" }
            text += Self.escaped(step.node)
            if !step.iterations.isEmpty { text += "#" + step.iterations.map(String.init).joined(separator: ".") }
            if let index = step.index { text += "[\(index)]" }
        }
        return text
    }

    static func escaped(_ node: String) -> String {
        guard node.utf8.contains(where: isGrammar) else { return node }
        let bytes = node.utf8.flatMap { byte -> [UInt8] in
            guard isGrammar(byte) else { return [byte] }
            return [UInt8(ascii: "%"), HexDigit.of(byte >> 4), HexDigit.of(byte & 15)]
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func isGrammar(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "/"), UInt8(ascii: "#"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "%"): true
        default: false
        }
    }
}
