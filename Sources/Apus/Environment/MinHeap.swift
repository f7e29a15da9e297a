/// A collection that gives its elements out smallest first; adding and taking one cost O(log n).
package struct MinHeap<Element: Comparable & Sendable>: Sendable {
    private var elements: [Element] = []

    package init() {}

    package var min: Element? { elements.first }
    package var count: Int { elements.count }
    package var isEmpty: Bool { elements.isEmpty }

    package mutating func insert(_ element: Element) {
        var index = elements.count
        elements.append(element)
        while index > 0 {
            let parent = (index - 1) / 2
            guard elements[index] < elements[parent] else { return }
            elements.swapAt(index, parent)
            index = parent
        }
    }

    package mutating func popMin() -> Element? {
        guard let last = elements.popLast() else { return nil }
        guard let first = elements.first else { return last }
        elements[0] = last
        sink(0)
        return first
    }

    /// Removes every element that does not satisfy `condition`, in O(n).
    package mutating func keep(where condition: (Element) -> Bool) {
        elements.removeAll { !condition($0) }
        for index in stride(from: elements.count / 2 - 1, through: 0, by: -1) { sink(index) }
    }

    private mutating func sink(_ start: Int) {
        var index = start
        while true {
            var smallest = index
            let left = 2 * index + 1
            if left < elements.count && elements[left] < elements[smallest] { smallest = left }
            if left + 1 < elements.count && elements[left + 1] < elements[smallest] { smallest = left + 1 }
            guard smallest != index else { return }
            elements.swapAt(index, smallest)
            index = smallest
        }
    }
}
