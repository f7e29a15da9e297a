/// A list that only grows, for messages, traces and results.
///
/// Its type has no way to remove or change an element, so that many branches may append to it (see
/// `Merge.append`). Versions share what they have in common: appending while an older version is alive copies at most
/// one chunk of 32 elements and the path to it, and finding what was appended looks only at that.
public struct Log<Element: Codable & Equatable & Sendable>: Sendable {
    /// The elements before ``tail``, in leaves of equal size.
    private var root: LogNode<Element>?
    /// The levels above the leaves.
    private var height = 0
    /// The last elements, fewer than a leaf holds.
    private var tail: [Element] = []
    public private(set) var count = 0

    public init() {}

    public init(_ elements: some Sequence<Element>) { append(contentsOf: elements) }

    public mutating func append(_ element: Element) {
        tail.append(element)
        count += 1
        if tail.count == LogNode<Element>.width { sealTail() }
    }

    public mutating func append(contentsOf elements: some Sequence<Element>) {
        for element in elements { append(element) }
    }

    public static func += (left: inout Log, right: some Sequence<Element>) { left.append(contentsOf: right) }

    private mutating func sealTail() {
        let leaf = LogNode(leaf: tail)
        tail = []
        tail.reserveCapacity(LogNode<Element>.width)
        guard let tree = root else {
            root = leaf
            return
        }
        if let grown = tree.appending(leaf, height: height) {
            root = grown
        } else {
            root = LogNode(children: [tree, leaf.raised(by: height)])
            height += 1
        }
    }

    /// The chunk that holds the element at `index`, and the index of its first element.
    func chunk(at index: Int) -> (elements: [Element], start: Int) {
        let start = index & ~(LogNode<Element>.width - 1)
        guard let root, index < count - tail.count else { return (tail, start) }
        return (root.leaf(at: index, height: height).elements, start)
    }

    /// Whether `earlier` is how this log begins.
    private func begins(with earlier: Log) -> Bool {
        guard earlier.count <= count else { return false }
        if let part = earlier.root {
            guard var whole = root else { return false }
            for _ in earlier.height..<height { whole = whole.children[0] }
            guard part.begins(whole) else { return false }
        }
        if earlier.tail.isEmpty { return true }
        return chunk(at: earlier.count - earlier.tail.count).elements.starts(with: earlier.tail)
    }
}

extension Log: AppendOnly {
    /// What was appended since `earlier`; `nil` unless `earlier` is how this log begins.
    ///
    /// Takes time with the number of additions, plus one chunk. Logs that share nothing are compared element by element.
    public func additions(since earlier: Log) -> [Element]? {
        guard begins(with: earlier) else { return nil }
        var added: [Element] = []
        added.reserveCapacity(count - earlier.count)
        while earlier.count + added.count < count {
            let next = earlier.count + added.count
            let (elements, start) = chunk(at: next)
            added += elements[(next - start)...]
        }
        return added
    }
}

extension Log: Equatable {
    /// Takes no time for what both share.
    public static func == (left: Log, right: Log) -> Bool { left.count == right.count && left.begins(with: right) }
}
