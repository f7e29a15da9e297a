/// A part of a ``Log`` that never changes again, so that all versions of the log share it.
final class LogNode<Element: Sendable>: Sendable {
    static var bits: Int { 5 }
    static var width: Int { 1 << bits }

    /// Empty in a leaf.
    let children: [LogNode]
    /// `width` of them in a leaf, none in an inner node.
    let elements: [Element]

    init(leaf elements: [Element]) {
        children = []
        self.elements = elements
    }

    init(children: [LogNode]) {
        self.children = children
        elements = []
    }

    /// This tree of `height` levels above its leaves with one more leaf, or `nil` when it is full.
    func appending(_ leaf: LogNode, height: Int) -> LogNode? {
        if height == 0 { return nil }
        if let last = children.last, let grown = last.appending(leaf, height: height - 1) {
            return LogNode(children: children.dropLast() + [grown])
        }
        if children.count == Self.width { return nil }
        return LogNode(children: children + [leaf.raised(by: height - 1)])
    }

    /// A tree of `height` levels whose only leaf is this one.
    func raised(by height: Int) -> LogNode {
        (0..<height).reduce(self) { node, _ in LogNode(children: [node]) }
    }

    /// The leaf that holds the element at `index`, which counts from this tree's first.
    func leaf(at index: Int, height: Int) -> LogNode {
        var node = self
        for level in stride(from: height, to: 0, by: -1) {
            node = node.children[(index >> (Self.bits * level)) & (Self.width - 1)]
        }
        return node
    }
}

extension LogNode where Element: Equatable {
    /// Whether the elements of this tree are the first ones of `other`, which has as many levels and no fewer leaves.
    ///
    /// Shared parts are not looked into.
    func begins(_ other: LogNode) -> Bool {
        if self === other { return true }
        if children.isEmpty { return elements == other.elements }
        return zip(children, other.children).allSatisfy { $0.begins($1) }
    }
}
