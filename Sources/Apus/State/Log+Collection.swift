extension Log: RandomAccessCollection {
    public var startIndex: Int { 0 }
    public var endIndex: Int { count }

    /// Takes time with the logarithm of the count, to the base 32.
    public subscript(index: Int) -> Element {
        precondition(index >= 0 && index < count, "index \(index) is outside of a log of \(count) elements")
        let (elements, start) = chunk(at: index)
        return elements[index - start]
    }

    public struct Iterator: IteratorProtocol {
        private let log: Log
        private var index = 0
        private var chunk: (elements: [Element], start: Int) = ([], 0)

        fileprivate init(_ log: Log) { self.log = log }

        public mutating func next() -> Element? {
            guard index < log.count else { return nil }
            if index - chunk.start >= chunk.elements.count { chunk = log.chunk(at: index) }
            defer { index += 1 }
            return chunk.elements[index - chunk.start]
        }
    }

    public func makeIterator() -> Iterator { Iterator(self) }
}

extension Log: ExpressibleByArrayLiteral {
    public init(arrayLiteral elements: Element...) { self.init(elements) }
}

extension Log: CustomStringConvertible {
    public var description: String { Array(self).description }
}

extension Log: Codable {
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.unkeyedContainer()
        for element in self { try container.encode(element) }
    }

    public init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        while !container.isAtEnd { append(try container.decode(Element.self)) }
    }
}
